/**
 * Runs accuracy benches and writes what they printed into docs/accuracy.md, each into a section of its own.
 *
 *     node tools/accuracy/write.mjs                      all of them, about 50 minutes on a machine that does nothing else
 *     node tools/accuracy/write.mjs fitness recorder     only these; what stands after -- is handed to them
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { pressureText } from './machine.mjs';

const root = new URL('../../', import.meta.url);
const page = new URL('docs/accuracy.md', root);

/** In the order of the page. */
const benches = [
  {
    name: 'fitness',
    script: 'fitness.mjs',
    title: 'Does the machine know whether it is fit?',
    bar: 'Unfit every time with a busy program on every processor; fit on a quiet machine.',
  },
  {
    name: 'recorder',
    script: 'recorder-overhead.mjs',
    title: 'What does recording a sample cost?',
    bar: 'At most 100 ns for a sample of `latency`.',
  },
  {
    name: 'reproducibility',
    script: 'reproducibility.mjs',
    title: 'Do known delays come out, and again?',
    bar: 'The median within 1 % of delays of 50 µs, 1 ms and 20 ms.',
  },
  {
    name: 'bench',
    script: 'bench-agreement.mjs',
    title: 'Does bench agree with tinybench and mitata?',
    bar: 'Overlapping intervals on ten real workloads.',
  },
  {
    name: 'startup',
    script: 'startup-hyperfine.mjs',
    title: 'Does startup agree with hyperfine?',
    bar: 'Medians of Node programs within 3 %.',
  },
  {
    name: 'load-cost',
    script: 'load-cost.mjs',
    title: 'What does a request cost the client?',
    bar: 'At least 0.80 of wrk at 10 to 100 connections, 0.75 at 1 and 500; 1.8 times autocannon from 10 connections.',
  },
  {
    name: 'mcp-client',
    script: 'mcp-client.mjs',
    title: 'What does a client of the Model Context Protocol cost?',
    bar: 'At least 1.5 times the calls per second of the official client over HTTP, with 16 in flight.',
  },
  {
    name: 'stall',
    script: 'stall-truth.mjs',
    title: 'Is a stop of the server seen by all who wait?',
    bar: 'p90, p99, p99.9 and mean within 1 % on a fit machine, 3 % on a busy one; the count exact.',
  },
  {
    name: 'rate',
    script: 'rate-and-lag.mjs',
    title: 'Is load sent when it should be?',
    bar: 'Rate within 0.1 % up to 10 000/s, 0.5 % at 30 000/s; up to 1000/s lag p50 at most 0.25 ms, p99 at most 2 ms, 0.15 core.',
  },
  {
    name: 'framer',
    script: 'framer-fuzz.mjs',
    title: 'Are answers read as Node reads them?',
    bar: 'A million randomly cut answers, no disagreement.',
  },
  {
    name: 'load-memory',
    script: 'load-memory.mjs',
    title: 'Does a long load need more and more memory?',
    bar: 'Below 1 MB a minute at 20 000/s.',
  },
  {
    name: 'snapshot',
    script: 'snapshot-cost.mjs',
    title: 'What does it cost to read a heap snapshot?',
    bar: 'At most 25 % of the time and 50 % of the RSS of memlab; retained sizes within 1 KB on all but 0.01 % of nodes.',
  },
  {
    name: 'monitor',
    script: 'monitor-cost.mjs',
    title: 'What does watching memory cost?',
    bar: 'On against off not to be told from off against off.',
  },
  {
    name: 'progress',
    script: 'progress-cost.mjs',
    title: 'What does the progress line cost?',
    bar: "At most 1 % of the generator's processor time.",
  },
  {
    name: 'starved',
    script: 'starved-generator.mjs',
    title: 'Is a starved generator noticed?',
    bar: 'Always with a busy program on every processor; at most 5 % false alarms on a fit machine.',
  },
  {
    name: 'bottleneck',
    script: 'bottleneck.mjs',
    title: 'Is what holds a target up found?',
    bar: 'The fault that was made is found first every time, in an API on a real PostgreSQL, and nothing in a healthy one.',
  },
  {
    name: 'capacity',
    script: 'capacity-truth.mjs',
    title: 'Does the capacity search find the capacity?',
    bar: 'Within 5 % in 9 of 10 runs, at most 150 s each.',
  },
  {
    name: 'leaks',
    script: 'leak-corpus.mjs',
    title: 'Are leaks told from code that grows for a while?',
    bar: 'No false leak in 400 clean runs, servers included; 99 % found from 16 B per iteration on; 1 B per iteration and 4 B per request found within 60 s; slopes from 256 B on within 3 %; projections and intervals of slopes hold in 95 %, those of servers by themselves too.',
  },
  {
    name: 'leak-memlab',
    script: 'leak-memlab.mjs',
    title: 'Is what keeps the memory named, and what does memlab find?',
    bar: 'The container of every leak is named, and none in clean code.',
  },
  {
    name: 'leak-packages',
    script: 'leak-packages.mjs',
    title: 'Is growth of published packages found and named?',
    bar: 'In three packages that keep what they are given, by design; in none of five that give it back.',
  },
  {
    name: 'comparison-simulation',
    script: 'comparison-simulation.mjs',
    title: 'Does the plan of comparisons keep its promises?',
    bar: 'At most 1 % false alarms; 10 % found in at least 95 %, 5 % in at least 90 % where rounds are steady; intervals of one look hold the truth in 93 to 97 %, those over all looks in 93 % or more.',
  },
  {
    name: 'comparison-counts',
    script: 'comparison-counts.mjs',
    title: 'Are counts of failures compared as what they are?',
    bar: 'At most 5 % of runs without a change are called changed, however rounds differ; 0 % to 10 % is found in at least 99 % with four rounds a side.',
  },
  {
    name: 'comparison-truth',
    script: 'comparison-truth.mjs',
    title: 'Are comparisons right about real code?',
    bar: 'At most 1 % false alarms and none in 20 checks, with a hog as well; 10 % found in at least 95 %, 5 % in at least 90 % on a fit machine.',
  },
  {
    name: 'comparison-pull-requests',
    script: 'comparison-pull-requests.mjs',
    title: 'Do reports of pull requests say what the pull requests did?',
    bar: 'Each report names exactly the function that changed; no false alarm in 20 reports; at most 15 % of the time of the rounds beside them.',
  },
  {
    name: 'comparison-overhead',
    script: 'comparison-overhead.mjs',
    title: 'How long does a short comparison take beside its rounds?',
    bar: 'At most 15 % of the time of the rounds, without building: the smallest whole pull request.',
  },
  {
    name: 'comparison-flags',
    script: 'comparison-flags.mjs',
    title: 'Does the flag of micro-benchmarks change what they report?',
    bar: 'The p10 of warm code is the same with and without it, within what processes differ among themselves.',
  },
  {
    name: 'history-change-points',
    script: 'history-change-points.mjs',
    title: 'Are changes of a history found, and no others?',
    bar: 'F1 at least that of Apache Otava on the same series; after 40 runs and more 9 of 10 steps of 10 % found within 5 runs; at most 1 false change point in 1000 runs.',
  },
  {
    name: 'history-forecast',
    script: 'history-forecast.mjs',
    title: 'Do forecasts hold?',
    bar: '90 % intervals hold 85 to 95 % of what was held out on average, in no kind of history below 80 %; crossings at least 85 %; at most 1 % forecasts where nothing drifts.',
  },
  {
    name: 'llm-truth',
    script: 'llm-truth.mjs',
    title: 'Are times of a language model what they are?',
    bar: 'ttft and tpot within 2 % of what the server sleeps.',
  },
  {
    name: 'store-writers',
    script: 'store-writers.mjs',
    title: 'Does a store lose runs?',
    bar: '12 writers of 100 runs each, killed at random, in every kind of store: none lost, none twice, none damaged; 12 pushes at once land within 5 s.',
  },
  {
    name: 'store-speed',
    script: 'store-speed.mjs',
    title: 'How fast is a store of many runs?',
    bar: 'Of 10 000 runs of 300 metrics: the last 50 of all series within 1 s, 1000 points of one series within 100 ms; a put within 20 ms besides its sync.',
  },
  {
    name: 'dashboard-speed',
    script: 'dashboard-speed.mjs',
    title: 'How long does the dashboard of a long history take?',
    bar: '10 000 series of 1000 runs within a minute and 1 GB.',
  },
  {
    name: 'store-fuzz',
    script: 'store-fuzz.mjs',
    title: 'Can a damaged record do harm?',
    bar: 'A million mutated records: no error but those of perfkeel, no store slower than a second a record, nothing outside the folder.',
  },
];

const intro = `# Accuracy

What was measured about perfkeel itself. Every section is the output of one script, written here by
\`node tools/accuracy/write.mjs <name>\`; anybody can run them again. Figures depend on the machine and on what else it
does, which stands beside them: trust ratios that were measured in turns more than absolute numbers.
`;

const args = process.argv.slice(2);
const split = args.includes('--') ? args.indexOf('--') : args.length;
const [names, handed] = [args.slice(0, split), args.slice(split + 1)];
const stranger = names.find((name) => !benches.some((bench) => bench.name === name));
if (stranger !== undefined) {
  console.error(`no accuracy bench is called ${stranger}; there are ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const start = (name) => `<!-- ${name} -->`;
const end = (name) => `<!-- end of ${name} -->`;

/** The section of a bench as it stands in the page; empty when there is none. */
function sectionOf(name) {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const [from, to] = [text.indexOf(start(name)), text.indexOf(end(name))];
  return from < 0 || to < 0 ? '' : text.slice(from, to + end(name).length);
}

function measured({ name, script, title, bar }) {
  const before = pressureText();
  const command = ['node', `tools/accuracy/${script}`, ...handed].join(' ');
  console.log(`${command} ...`);
  const { stdout, stderr, status } = spawnSync(process.execPath, [`tools/accuracy/${script}`, ...handed], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const lines = stdout.trimEnd().split('\n');
  // The last line is JSON, for programs.
  const shown = lines.at(-1).startsWith('{') ? lines.slice(0, -1) : lines;
  if (shown.join('').trim() === '') throw new Error(`${script} printed nothing: ${stderr}`);
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} processors, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
  return [
    start(name),
    `## ${title}`,
    `Bar: ${bar}`,
    `\`${command}\`, exit code ${status}. ${machine}; before it ${before} of the time some program waited for a processor, ${pressureText()} at its end.`,
    ['```text', ...shown, '```'].join('\n').replaceAll(/\n{3,}/g, '\n\n'),
    end(name),
  ].join('\n\n');
}

for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  const fresh = measured(bench);
  const sections = benches.map((each) => (each.name === bench.name ? fresh : sectionOf(each.name))).filter(Boolean);
  // After every bench: a run of an hour may be interrupted.
  writeFileSync(page, `${[intro.trimEnd(), ...sections].join('\n\n')}\n`);
}

/**
 * Are times of a language model what they are?
 *
 * A server in a process of its own sleeps known times before the first token and between tokens, and writes down when it
 * wrote. `measureLlm` measures it: one request at a time, ten at once, tokens that are flushed five at a time, and events
 * torn into pieces of seven bytes. Medians of ttft and tpot against what the server was told to sleep, and against what it
 * saw itself: a machine that is busy makes sleeps longer, which both see. The last line is JSON.
 *
 *     node tools/accuracy/llm-truth.mjs            some 35 s
 *     node tools/accuracy/llm-truth.mjs --short    some 10 s
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildFromSource, root } from './from-source.mjs';

const bar = 0.02;
const requests = process.argv.includes('--short') ? 4 : 12;

const cases = [
  { name: '200 ms, then 20 ms', sleep: { first: 200, gap: 20, tokens: 30 } },
  { name: '50 ms, then 5 ms', sleep: { first: 50, gap: 5, tokens: 60 } },
  { name: 'in pieces of 7 bytes', sleep: { first: 200, gap: 20, tokens: 30, how: 'torn' } },
  { name: '5 tokens at a time', sleep: { first: 200, gap: 20, tokens: 50, flush: 5 } },
  { name: '10 requests at once', sleep: { first: 200, gap: 20, tokens: 30 }, inFlight: 10 },
];

const middle = (values) => {
  const ascending = [...values].sort((a, b) => a - b);
  return (ascending[(ascending.length - 1) >> 1] + ascending[ascending.length >> 1]) / 2;
};
const percent = (ratio) => `${ratio >= 0 ? '+' : ''}${(ratio * 100).toFixed(2)} %`;
const ms = (ns) => (ns / 1e6).toFixed(2);

/**
 * Before other programs, where that is allowed: neither process needs much, and both are about when they get it. Client
 * and server share it, and whatever either of them is late by is still in the times.
 */
function hurry() {
  const { status } = spawnSync('chrt', ['--all-tasks', '--rr', '--pid', '1', String(process.pid)], { stdio: 'ignore' });
  return status === 0
    ? 'Client and server go before other programs (chrt --rr 1).'
    : 'Client and server wait for their turn like other programs.';
}

async function bundled(folder) {
  const outfile = join(folder, 'llm.mjs');
  await buildFromSource({
    entryPoints: [join(root, 'packages/llm/src/index.ts')],
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

function startServer() {
  const file = join(root, 'packages/llm/test/support/sleeping-server.mjs');
  const child = spawn(process.execPath, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = new Promise((resolve) => child.stdout.once('data', (line) => resolve(String(line).trim())));
  return { child, url };
}

/** What was to be seen: the last token is flushed with the others of its group. */
function told({ first, gap, tokens, flush = 1 }) {
  const groups = Math.ceil(tokens / flush);
  return { ttft: first * 1e6, tpot: ((groups - 1) * flush * gap * 1e6) / (tokens - 1) };
}

async function measure(measureLlm, url, { sleep, inFlight = 1 }) {
  await fetch(`${url}/truth`);
  const all = requests * inFlight;
  const { stability } = await measureLlm({
    ...{ url: `${url}/v1`, models: 'a', phases: ['stability'], body: { sleep } },
    ...{ inFlight, requests: all },
  });
  const answers = stability.completions;
  if (answers.some(({ failure }) => failure)) throw new Error(JSON.stringify(answers.find(({ failure }) => failure)));
  // The first request warms up, and is in neither.
  const seen = (await (await fetch(`${url}/truth`)).json()).slice(1);
  return {
    ttft: middle(answers.map(({ arrivals }) => arrivals[0])),
    tpot: middle(answers.map(({ arrivals, usage }) => (arrivals.at(-1) - arrivals[0]) / (usage - 1))),
    seen: {
      ttft: middle(seen.map(({ first }) => first)),
      tpot: middle(seen.map(({ rest, tokens }) => rest / (tokens - 1))),
    },
    answers: answers.length,
  };
}

console.log(hurry());
const folder = mkdtempSync(join(tmpdir(), 'perfkeel-llm-'));
const { child, url } = startServer();
const results = [];
try {
  const { measureLlm } = await bundled(folder);
  console.log(
    '\ncase                   metric   answers     slept   measured  of what was slept  of what the server saw',
  );
  for (const each of cases) {
    const measured = await measure(measureLlm, await url, each);
    for (const metric of ['ttft', 'tpot']) {
      const slept = told(each.sleep)[metric];
      const [ofSlept, ofSeen] = [measured[metric] / slept - 1, measured[metric] / measured.seen[metric] - 1];
      results.push({ case: each.name, metric, ofSlept, ofSeen });
      console.log(
        [
          ...[each.name.padEnd(22), metric.padEnd(5), String(measured.answers).padStart(10)],
          ...[`${ms(slept)} ms`.padStart(10), `${ms(measured[metric])} ms`.padStart(10)],
          ...[percent(ofSlept).padStart(18), percent(ofSeen).padStart(23)],
        ].join(' '),
      );
    }
  }
} finally {
  child.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}

const worst = (by) => Math.max(...results.map((result) => Math.abs(result[by])));
const met = worst('ofSlept') <= bar;
console.log('');
console.log(
  `furthest from what was slept ${percent(worst('ofSlept'))}, from what the server saw ${percent(worst('ofSeen'))}`,
);
console.log(met ? 'The bar is met.' : 'The bar is not met.');
console.log(JSON.stringify({ met, results }));
process.exitCode = met ? 0 : 1;

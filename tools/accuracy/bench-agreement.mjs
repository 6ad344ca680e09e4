/**
 * Does `bench` say what others say?
 *
 * Ten real workloads are measured by `measureBench`, by tinybench and by mitata, each in fresh processes, in random
 * order within a round, so that a disturbance meets all alike. Every tool times batches of a millisecond: tinybench is
 * given a function that does so many operations, mitata its option `batch_samples`. Otherwise they would answer other
 * questions: single calls leave out the collections between them, and batches of 50 ms hold every other program of the
 * machine. What tinybench says of single calls is shown beside.
 *
 * One process gives one number, the median of what its tool collected. Printed for each workload: the median over the
 * rounds and its interval for each tool, how much longer each of the others took than `bench` with the interval of that,
 * and whether the intervals overlap. The last line is JSON.
 *
 *     node tools/accuracy/bench-agreement.mjs            some 3 minutes
 *     node tools/accuracy/bench-agreement.mjs --short    some 30 s, with wider intervals
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, inFreshProcess, pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { workloads } from './workloads.mjs';

const short = process.argv.includes('--short');
const rounds = short ? 3 : 6;
const time = short ? 40 : 250;
const tools = ['bench', 'tinybench', 'mitata', 'single calls'];
/** Those that time the same thing as `bench`. */
const comparable = ['tinybench', 'mitata'];

/** One tool on one workload in this process. Each has the same time to measure, and its own way to warm up. */
const program = `
  import { median } from '@perfkeel/core';
  import { Bench } from 'tinybench';
  import { measure } from 'mitata';
  import { measureBench } from './src/bench/measure-bench.ts';
  const [tool, workload, time] = [process.argv[2], process.argv[3], Number(process.argv[4])];
  const { makeWorkload } = await import(process.argv[5]);
  const run = makeWorkload(workload);
  /** How many operations take a millisecond, once they are warm. */
  const operations = async () => {
    let count = 1;
    for (const end = performance.now() + time / 3; performance.now() < end; ) {
      const begin = performance.now();
      for (let i = 0; i < count; i++) await run();
      const took = performance.now() - begin;
      count = took < 0.1 ? count * 10 : Math.max(1, Math.ceil(count / took));
    }
    return count;
  };
  const many = (count) =>
    run() instanceof Promise
      ? async () => {
          for (let i = 0; i < count; i++) sink.value = await run();
        }
      : () => {
          for (let i = 0; i < count; i++) sink.value = run();
        };
  const sink = { value: undefined };
  const inTinybench = async (work) => {
    const bench = new Bench({ time, warmupTime: time / 3 });
    bench.add('work', work);
    const [task] = await bench.run();
    return task.result.latency.p50 * 1e6;
  };
  const tell = {
    async bench() {
      const { timePerOperation, warmup, allocated, collectionTime } = await measureBench({ run, time: time + 'ms' });
      return { p50: median(timePerOperation), steady: warmup.steady, allocated, collectionTime };
    },
    async tinybench() {
      const count = await operations();
      return { p50: (await inTinybench(many(count))) / count };
    },
    async mitata() {
      const { p50 } = await measure(run, { min_cpu_time: time * 1e6, batch_samples: Math.ceil((await operations()) / 4) * 4 });
      return { p50 };
    },
    async 'single calls'() {
      return { p50: await inTinybench(run) };
    },
  };
  console.log(JSON.stringify(await tell[tool]()));
`;

const statistics = `
  export { createRng, formatChange, formatQuantity, hodgesLehmannRatio, median, quantileRanks, shuffled, sorted } from '@perfkeel/core';
`;

await withFolder('bench-agreement', async (folder) => {
  const tool = await bundle(program, join(folder, 'tool.mjs'));
  const core = await import(pathToFileURL(await bundle(statistics, join(folder, 'statistics.mjs'))).href);
  const load = [pressure()];
  const results = await measureAll(tool, core);
  load.push(pressure());
  const figures = workloads.map((workload) => figureOf(workload, results, core));
  print(figures, core);
  const agree = figures.filter(({ overlap }) => overlap).length;
  console.log(
    `\nintervals overlap with both others on ${agree} of ${figures.length} workloads; ${rounds} rounds of ${time} ms`,
  );
  console.log(`processor pressure before and after: ${load.join(' %, ')} %`);
  console.log(JSON.stringify({ bench: 'bench-agreement', node: process.version, rounds, time, load, agree, figures }));
});

async function measureAll(tool, { createRng, shuffled }) {
  const file = pathToFileURL(join(root, 'tools/accuracy/workloads.mjs')).href;
  const rng = createRng(1);
  const cases = workloads.flatMap((workload) => tools.map((name) => ({ name, workload })));
  const results = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, workload } of shuffled(cases, rng)) {
      results.push({ name, workload, ...(await inFreshProcess(tool, [name, workload, time, file])) });
    }
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
  }
  return results;
}

function figureOf(workload, results, { hodgesLehmannRatio, median, quantileRanks, sorted }) {
  const of = (name) => results.filter((result) => result.name === name && result.workload === workload);
  const values = (name) => of(name).map(({ p50 }) => p50);
  const interval = (name) => {
    const ascending = sorted(values(name));
    const { lo, hi } = quantileRanks(ascending.length, 0.5, 0.975);
    // With few rounds the extremes have to do.
    return { value: median(ascending), lo: ascending[(lo ?? 1) - 1], hi: ascending[(hi ?? ascending.length) - 1] };
  };
  const own = interval('bench');
  const others = Object.fromEntries(
    tools.slice(1).map((name) => {
      const other = interval(name);
      const { value, lo, hi } = hodgesLehmannRatio(values('bench'), values(name), short ? 0.8 : 0.95);
      return [name, { ...other, ratio: { value, lo, hi }, overlap: other.lo <= own.hi && own.lo <= other.hi }];
    }),
  );
  return {
    workload,
    bench: {
      ...own,
      steady: of('bench').filter(({ steady }) => steady).length,
      allocated: median(of('bench').map(({ allocated }) => allocated ?? NaN)),
      collectionTime: median(of('bench').map(({ collectionTime }) => collectionTime ?? NaN)),
    },
    ...others,
    overlap: comparable.every((name) => others[name].overlap),
  };
}

function print(figures, { formatChange, formatQuantity }) {
  const text = (value) => formatQuantity(value, 'ns');
  const range = ({ value, lo, hi }) => `${text(value)} [${text(lo)}, ${text(hi)}]`;
  const change = ({ value, lo, hi }) => `${formatChange(value)} [${formatChange(lo)}, ${formatChange(hi)}]`;
  const header = ['workload', 'bench', ...comparable.flatMap((name) => [name, 'to bench', 'overlap'])];
  printTable([
    [...header, 'single calls', 'collecting'],
    ...figures.map((figure) => [
      figure.workload,
      range(figure.bench),
      ...comparable.flatMap((name) => [
        range(figure[name]),
        change(figure[name].ratio),
        figure[name].overlap ? 'yes' : 'no',
      ]),
      text(figure['single calls'].value),
      formatQuantity(figure.bench.collectionTime, 'ratio'),
    ]),
  ]);
}

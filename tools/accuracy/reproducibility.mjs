/**
 * Do known delays come out, and do they come out again?
 *
 * Busy waits of 50 µs, 1 ms and 20 ms are measured by `measureLatency`, as a function that returns and as one that
 * returns a promise, in fresh processes, and all of it twice. For each: how far the median is from the delay that was
 * asked for, and from what the wait itself saw (`waited`: whatever another program took is in both), and how far the two
 * runs are from each other. The last line is JSON.
 *
 *     node tools/accuracy/reproducibility.mjs            some 30 s
 *     node tools/accuracy/reproducibility.mjs --short    some 5 s
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildFromSource, root } from './from-source.mjs';
import { pressure } from './machine.mjs';

const bar = 0.01;
const short = process.argv.includes('--short');
const processes = short ? 1 : 3;
const delays = [
  { name: '50 µs', ns: 50e3, samples: 5000 },
  { name: '1 ms', ns: 1e6, samples: 500 },
  { name: '20 ms', ns: 20e6, samples: 50 },
];
const kinds = ['returns', 'returns a promise'];

/** One process: the median response time, and the median that the waits saw of themselves. */
const program = `
  import { measureLatency, monotonicClock } from '@perfkeel/latency';
  const [kind, ns, samples] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
  const waited = [];
  const wait = () => {
    const start = monotonicClock.now();
    let now;
    do now = monotonicClock.now(); while (now - start < ns);
    waited.push(now - start);
  };
  const run = kind === 'returns' ? wait : async () => wait();
  const warmup = Math.ceil(samples / 5);
  const { responseTime, clock } = await measureLatency({ run, samples, warmup });
  const own = waited.slice(warmup).sort((a, b) => a - b);
  console.log(JSON.stringify({ p50: responseTime.quantile(0.5), waited: own[own.length >> 1], clock }));
`;

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const percent = (ratio) => `${ratio >= 0 ? '+' : ''}${(ratio * 100).toFixed(3)} %`;

async function bundle(folder) {
  const outfile = join(folder, 'wait.mjs');
  await buildFromSource({
    stdin: { contents: program, resolveDir: join(root, 'packages/latency'), sourcefile: 'wait.ts', loader: 'ts' },
    outfile,
    alias: { '@perfkeel/latency': join(root, 'packages/latency/src/index.ts') },
  });
  return async (kind, { ns, samples }) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-gc', outfile, kind, ns, samples].map(String),
    );
    return JSON.parse(stdout);
  };
}

async function measureTwice(measure) {
  const cases = delays.flatMap((delay) => kinds.map((kind) => ({ delay, kind })));
  const runs = [];
  for (let run = 0; run < 2; run++) {
    const results = cases.map(() => []);
    // One process of each case after another, so that a disturbance meets all of them.
    for (let i = 0; i < processes; i++) {
      for (const [at, { kind, delay }] of cases.entries()) results[at].push(await measure(kind, delay));
    }
    runs.push(results);
  }
  return cases.map(({ delay, kind }, at) => {
    const figures = runs.map((results) => {
      const p50 = middle(results[at].map((result) => result.p50));
      return {
        p50,
        error: p50 / delay.ns - 1,
        errorOfWaited: middle(results[at].map((result) => result.p50 / result.waited - 1)),
        cost: middle(results[at].map((result) => result.clock.cost)),
      };
    });
    return { delay: delay.name, kind, runs: figures, agreement: figures[1].p50 / figures[0].p50 - 1 };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-reproducibility-'));
try {
  const before = pressure();
  const cases = await measureTwice(await bundle(folder));
  const after = pressure();
  for (const { delay, kind, runs, agreement } of cases) {
    const errors = runs.map(({ error, errorOfWaited }) => `${percent(error)} (of waited ${percent(errorOfWaited)})`);
    console.log(
      `${delay.padEnd(6)} ${kind.padEnd(18)} ${errors.join('   ')}   second against first ${percent(agreement)}`,
    );
  }
  const met = cases.every(
    ({ runs, agreement }) => Math.abs(agreement) < bar && runs.every(({ error }) => Math.abs(error) < bar),
  );
  console.log(
    met ? 'every error of a median, and every difference, is below 1 %' : 'an error or a difference reaches 1 %',
  );
  console.log(JSON.stringify({ bar, met, processes, pressure: { before, after }, cases }));
  process.exitCode = met ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

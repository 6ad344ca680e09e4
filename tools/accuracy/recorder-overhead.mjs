/**
 * What does it cost to record one sample?
 *
 * The record path of `latency` and of core's histogram, over times that are spread like real ones, in fresh processes:
 * nanoseconds for each sample, the least of some blocks in a process (other programs only ever add), and the median over
 * the processes. The empty loop over the same times is shown and not subtracted. The last line is JSON.
 *
 *     node tools/accuracy/recorder-overhead.mjs            some 15 s
 *     node tools/accuracy/recorder-overhead.mjs --short    some 5 s
 */
import { join } from 'node:path';
import { bundle, inFreshProcess, pressure, printTable, withFolder } from './fresh-process.mjs';

const short = process.argv.includes('--short');
const processes = short ? 3 : 9;
const blocks = short ? 10 : 30;
/** Nanoseconds for each sample. */
const bar = 100;

const program = `
  import { createHistogram, createRng, nanos } from '@perfkeel/core';
  import { logNormal } from '@perfkeel/core/testing';
  import { monotonicClock } from './src/clock.ts';
  import { Tally } from './src/latency/tally.ts';
  const blocks = Number(process.argv[2]);
  const [samples, rounds] = [65_536, 4];
  const rng = createRng(1);
  // From some 0.1 ms to 10 ms, as the answers of a service.
  const times = Float64Array.from({ length: samples }, () => logNormal(Math.log(1e6), 0.7).draw(rng));
  let sink = 0;
  const loops = {
    'the loop alone': () => {
      let sum = 0;
      for (let i = 0; i < samples; i++) sum += times[i];
      sink += sum;
    },
    'a reading of the clock': () => {
      let last = 0;
      for (let i = 0; i < samples; i++) last = monotonicClock.now();
      sink += last;
    },
    'histogram.record': () => {
      const histogram = createHistogram();
      for (let i = 0; i < samples; i++) histogram.record(times[i]);
      sink += histogram.count;
    },
    'latency: tally.succeeded': () => {
      let now = 0;
      const tally = new Tally({ now: () => nanos(now) });
      for (let i = 0; i < samples; i++) {
        const start = now;
        now += times[i];
        tally.succeeded(start, now);
      }
      sink += tally.result().calls;
    },
    'latency: tally.failed': () => {
      let now = 0;
      const error = new Error('no');
      const tally = new Tally({ now: () => nanos(now) });
      tally.succeeded(0, 1);
      for (let i = 0; i < samples; i++) tally.failed(error, (now += times[i]));
      sink += tally.result().errors;
    },
  };
  const result = {};
  for (const [name, loop] of Object.entries(loops)) {
    let least = Infinity;
    for (let block = 0; block < blocks; block++) {
      const begin = process.hrtime.bigint();
      for (let round = 0; round < rounds; round++) loop();
      least = Math.min(least, Number(process.hrtime.bigint() - begin) / (samples * rounds));
    }
    result[name] = least;
  }
  if (!(sink > 0)) throw new Error('nothing was recorded');
  console.log(JSON.stringify(result));
`;

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

await withFolder('recorder-overhead', async (folder) => {
  const file = await bundle(program, join(folder, 'record.mjs'));
  const before = pressure();
  const results = [];
  for (let i = 0; i < processes; i++) results.push(await inFreshProcess(file, [blocks]));
  const after = pressure();
  const figures = Object.keys(results[0]).map((name) => {
    const values = results.map((result) => result[name]);
    return { name, ns: middle(values), lo: Math.min(...values), hi: Math.max(...values) };
  });
  const text = ({ name, ns, lo, hi }) => [name, `${ns.toFixed(1)} ns`, `[${lo.toFixed(1)}, ${hi.toFixed(1)}]`];
  printTable([['for each sample', 'median', 'all processes'], ...figures.map(text)]);
  const met = figures.filter(({ name }) => /record|tally/.test(name)).every(({ ns }) => ns <= bar);
  console.log(`\n${met ? 'met' : 'missed'}: at most ${bar} ns for each sample; ${processes} processes`);
  console.log(`processor pressure before and after: ${before} %, ${after} %`);
  const load = [before, after];
  console.log(
    JSON.stringify({ bench: 'recorder-overhead', node: process.version, bar, met, processes, load, figures }),
  );
});

/**
 * What does it cost to record one sample?
 *
 * The record paths of `latency`, of `load` and of core's histogram, over times that are spread like real ones, in fresh processes:
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
const blocks = short ? 40 : 120;
/** Nanoseconds for each sample; for one value of a histogram on shared memory. */
const [bar, histogramBar] = [100, 10];

const program = `
  import { createHistogram, createRng, nanos } from '@perfkeel/core';
  import { logNormal } from '@perfkeel/core/testing';
  import { monotonicClock } from './src/clock.ts';
  import { Tally } from './src/latency/tally.ts';
  import { LoadRecorder } from '../load/src/record/load-recorder.ts';
  import { histogramBytes, SharedHistogram } from '../load/src/record/shared-histogram.ts';
  const blocks = Number(process.argv[2]);
  const samples = 65_536;
  const rng = createRng(1);
  // From some 0.1 ms to 10 ms, as the answers of a service.
  const times = Float64Array.from({ length: samples }, () => logNormal(Math.log(1e6), 0.7).draw(rng));
  let sink = 0;
  const shared = new SharedHistogram(new SharedArrayBuffer(histogramBytes), 0);
  const phase = (name, record) => ({ name, record, duration: 1e12, level: { from: 1, to: 1 } });
  const recorder = new LoadRecorder([phase('warm-up', false), phase('steady', true)], 0, 10e9);
  const request = { phase: 1, endpoint: -1, intendedAt: 0, sentAt: 0 };
  const answer = { status: 200, bytes: 100, writtenAt: 0, firstByteAt: 0 };
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
    'load: shared histogram': () => {
      for (let i = 0; i < samples; i++) shared.record(times[i]);
      sink += shared.count;
    },
    // A request of a measured phase: two tallies and five histograms.
    'load: a request, sent and answered': () => {
      for (let i = 0; i < samples; i++) {
        const sentAt = (request.intendedAt = i * 1e4) + 5e4;
        request.sentAt = sentAt;
        recorder.sent(request);
        answer.writtenAt = sentAt + 1e3;
        answer.firstByteAt = sentAt + times[i];
        recorder.answered(request, sentAt + times[i], answer);
      }
      sink += recorder.settled;
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
      loop();
      least = Math.min(least, Number(process.hrtime.bigint() - begin) / samples);
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
  const barOf = (name) =>
    name === 'load: shared histogram' ? histogramBar : /record|tally/.test(name) ? bar : Infinity;
  const met = figures.every(({ name, ns }) => ns <= barOf(name));
  console.log(
    `\n${met ? 'met' : 'missed'}: at most ${bar} ns for each sample, ${histogramBar} ns for each value of a histogram of load; ${processes} processes`,
  );
  console.log(`processor pressure before and after: ${before} %, ${after} %`);
  const load = [before, after];
  console.log(
    JSON.stringify({ bench: 'recorder-overhead', node: process.version, bar, met, processes, load, figures }),
  );
});

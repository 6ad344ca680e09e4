/**
 * Does a long run take more and more memory?
 *
 * Sends to a C server that answers at once, at 20 000/s for two minutes. After a warm-up the garbage is collected every
 * three seconds, and what is left is fitted with a line: the median of the slopes between all pairs (Theil 1950, Sen
 * 1968). That of the heap and of what lies outside of it, buffers and shared memory, says what is kept; that of the
 * resident set what the system sees. The last line is JSON.
 *
 *     node tools/accuracy/load-memory.mjs             2 min and 20 s of warm-up
 *     node tools/accuracy/load-memory.mjs --short     30 s and 10 s
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { importLoad, pressure, printTable, round, withServer } from './load-support.mjs';

const short = process.argv.includes('--short');
const rate = 20_000;
const [warmup, seconds] = short ? [10, 30] : [20, 120];
const everyMs = 3000;
/** In MB a minute. */
const bar = 1;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const { generateLoad } = await importLoad();

function sample(began) {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    minutes: (performance.now() - began) / 60e3,
    heap: heapUsed / 1e6,
    external: external / 1e6,
    rss: rss / 1e6,
  };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** In MB a minute. */
function slope(samples, name) {
  const pairs = samples.flatMap((a, i) =>
    samples.slice(i + 1).map((b) => (b[name] - a[name]) / (b.minutes - a.minutes)),
  );
  return median(pairs);
}

async function watched(url) {
  const began = performance.now();
  const samples = [];
  const timer = setInterval(() => samples.push(sample(began)), everyMs);
  const load = { url, requests: { path: '/' }, rate: `${rate}/s`, warmup: `${warmup}s`, for: `${seconds}s` };
  const result = await generateLoad(load);
  clearInterval(timer);
  return { result, samples: samples.filter(({ minutes }) => minutes * 60 > warmup && minutes * 60 < warmup + seconds) };
}

const { result, samples } = await withServer('null-server', [], watched);
const slopes = Object.fromEntries(['heap', 'external', 'rss'].map((name) => [name, round(slope(samples, name))]));
const kept = Object.values(slopes).every((growth) => growth < bar);

printTable([
  ['memory', 'first MB', 'last MB', 'MB a minute', 'bar'],
  ...Object.entries(slopes).map(([name, growth]) => [
    name,
    round(samples[0][name], 1),
    round(samples.at(-1)[name], 1),
    growth,
    growth < bar ? 'kept' : 'missed',
  ]),
]);
const { scheduled, completed, failed, dropped, achieved } = result;
console.log(`${completed} of ${scheduled} answered, ${failed} failed, ${dropped} dropped`);
console.log(`sent in time: ${round(achieved * 100)} %; pressure ${pressure()} %`);
const found = { rate, seconds, samples: samples.length, slopes, scheduled, completed, failed, dropped };
console.log(JSON.stringify({ ...found, achieved, pressure: pressure(), kept }));
if (!kept) process.exitCode = 1;

/**
 * One round of a comparison: one workload in this process, warmed up, then timed in batches of twenty calls. Code that is
 * slower by 5 or 10 % does one or two calls more in each batch. Prints the quantiles of the time of a batch as JSON.
 *
 *     node --expose-gc comparison-process.mjs <workload> <calls more: 0, 1 or 2> <ms to measure>
 */
import { makeWorkload } from './workloads.mjs';

const [workload, more, ms] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const call = makeWorkload(workload);
const batch = 20;
const calls = batch + more;

let sink = 0;
function timeBatch() {
  const begun = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) sink ^= call() === undefined ? 0 : 1;
  return Number(process.hrtime.bigint() - begun) / batch;
}

function measureFor(limit) {
  const times = [];
  const end = performance.now() + limit;
  do times.push(timeBatch());
  while (performance.now() < end || times.length < 9);
  return times;
}

measureFor(ms / 2);
globalThis.gc?.();
const before = process.cpuUsage();
const times = measureFor(ms).sort((a, b) => a - b);
const cpu = process.cpuUsage(before);

// 21 of them, so that each twentieth is an entry of its own and rank statistics of the list are those of the sample.
const quantiles = Array.from({ length: 21 }, (_, i) => times[Math.round((i / 20) * (times.length - 1))]);
const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
console.log(JSON.stringify({ quantiles, mean, batches: times.length, cpuUs: cpu.user + cpu.system, sink }));

/**
 * Does the open model send when it should, and what does that cost?
 *
 * Sends to a C server that answers at once, at rates from 100/s to 30 000/s, some times in turns. Printed for each: the
 * error of the rate over the window, the schedule lag, the share of a core that this process took with sending, receiving
 * and recording, and what else the machine did. The last line is JSON.
 *
 *     node tools/accuracy/rate-and-lag.mjs             3 runs of 5 to 20 s for each rate, some 2 min
 *     node tools/accuracy/rate-and-lag.mjs --short     1 run of 2 to 20 s for each rate
 */
import { importLoad, pressure, printTable, round, withServer } from './load-support.mjs';

const short = process.argv.includes('--short');
const runs = short ? 1 : 3;
/** Long enough for one straggler at the end to be no error of the rate. */
const secondsAt = (rate) => Math.max(short ? 2 : 5, 2000 / rate);
const rates = [100, 300, 1000, 3000, 10_000, 30_000];
/** Rate error up to 10 000/s and above; lag, and core, up to 1000/s. */
const bars = { rateError: 0.001, rateErrorAbove: 0.005, lagP50: 0.25, lagP99: 2, core: 0.15 };

const { generateLoad } = await importLoad();

async function measure(url, rate) {
  const before = process.cpuUsage();
  const began = performance.now();
  const result = await generateLoad({ url, requests: { path: '/' }, rate: `${rate}/s`, for: `${secondsAt(rate)}s` });
  const { user, system } = process.cpuUsage(before);
  const core = (user + system) / 1e3 / (performance.now() - began);
  const ms = (q) => round(result.scheduleLag.quantile(q) / 1e6);
  return {
    rate,
    achieved: result.achieved,
    error: round(result.achieved - 1, 5),
    completed: result.completed,
    scheduled: result.scheduled,
    lagP50: ms(0.5),
    lagP90: ms(0.9),
    lagP99: ms(0.99),
    lagMax: ms(1),
    core: round(core),
    warnings: result.warnings.map(({ code }) => code),
    pressure: pressure(),
  };
}

const found = [];
await withServer('stalling-server', [0, 0, 0], async (url) => {
  for (let run = 0; run < runs; run++) for (const rate of rates) found.push(await measure(url, rate));
});

const keeps = ({ rate, error, lagP50, lagP99, core }) =>
  Math.abs(error) <= (rate > 10_000 ? bars.rateErrorAbove : bars.rateError) &&
  (rate > 1000 || (lagP50 <= bars.lagP50 && lagP99 <= bars.lagP99 && core <= bars.core));

found.sort((a, b) => a.rate - b.rate);
printTable([
  ['rate/s', 'rate error', 'lag p50 ms', 'p90', 'p99', 'max', 'core', 'pressure %', 'bar', 'warnings'],
  ...found.map((one) => [
    one.rate,
    `${round(one.error * 100)} %`,
    one.lagP50,
    one.lagP90,
    one.lagP99,
    one.lagMax,
    one.core,
    one.pressure,
    keeps(one) ? 'kept' : 'missed',
    one.warnings.join(' '),
  ]),
]);
console.log(JSON.stringify({ bars, runs: found }));

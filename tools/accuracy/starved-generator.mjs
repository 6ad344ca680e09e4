/**
 * Does load know when its generator was starved? Runs at some rates, in turns alone and with a program that spins on
 * every processor, and counts how often something was forbidden to conclude.
 *
 * With the hogs every run must be flagged, alone at most 5 % of them: on a fit machine. What else ran is shown as the
 * share of the time in which some program waited for a processor, and as what the processors had left; runs that were
 * disturbed by others are flagged, and rightly so. The last line is JSON.
 *
 *     node tools/accuracy/starved-generator.mjs [turns, 10]     some 20 s a turn
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { importLoad, pressure, printTable, round, withServer } from './load-support.mjs';

const turns = Number(process.argv[2] ?? 10);
const rates = [100, 500, 1000, 3000];
const bars = { starved: 1, alone: 0.05 };

const { generateLoad } = await importLoad();

/** Each ends itself after a minute, whatever becomes of this program. */
const startHog = () =>
  spawn(process.execPath, ['-e', 'const end = Date.now() + 60_000; while (Date.now() < end);'], { stdio: 'ignore' });

async function withHogs(count, work) {
  const hogs = Array.from({ length: count }, startHog);
  try {
    await sleep(300);
    return await work();
  } finally {
    const gone = hogs.map((hog) => new Promise((resolve) => hog.once('exit', resolve)));
    for (const hog of hogs) hog.kill('SIGKILL');
    await Promise.all(gone);
  }
}

async function measure(url, rate, hogs) {
  const before = pressure();
  const options = { url, requests: { path: '/' }, rate: `${rate}/s`, for: '2s', warmup: '300ms' };
  const { scheduleLag, responseTime, serviceTime, health, warnings } = await withHogs(hogs, () =>
    generateLoad(options),
  );
  const p99 = (times) => round(times.quantile(0.99) / 1e6);
  return {
    hogs,
    rate,
    flagged: warnings.some(({ forbids }) => forbids !== undefined),
    codes: warnings.map(({ code, forbids }) => `${code}${forbids === undefined ? '' : `:${forbids}`}`),
    lag: p99(scheduleLag),
    response: p99(responseTime),
    service: p99(serviceTime),
    ...Object.fromEntries(Object.entries(health).map(([name, value]) => [name, round(value ?? NaN)])),
    before,
  };
}

const found = [];
await withServer('stalling-server', [0, 0, 0], async (url) => {
  for (let turn = 0; turn < turns; turn++) {
    for (const rate of rates) {
      for (const hogs of [0, availableParallelism()]) found.push(await measure(url, rate, hogs));
    }
  }
});

found.sort((a, b) => a.hogs - b.hogs || a.rate - b.rate);
printTable([
  [
    'hogs',
    'rate/s',
    'lag p99 ms',
    'response p99',
    'service p99',
    'run queue',
    'idle',
    'pressure',
    'before %',
    'flagged',
  ],
  ...found.map((one) => [
    ...[one.hogs, one.rate, one.lag, one.response, one.service, one.runQueueWait, one.idle, one.pressure, one.before],
    one.flagged ? one.codes.join(' ') : '-',
  ]),
]);
const share = (runs) => (runs.length === 0 ? null : round(runs.filter(({ flagged }) => flagged).length / runs.length));
const summary = {
  starved: share(found.filter(({ hogs }) => hogs > 0)),
  alone: share(found.filter(({ hogs }) => hogs === 0)),
  /** Alone, and nobody else used much of the machine before. */
  fit: share(found.filter(({ hogs, before, idle }) => hogs === 0 && before < 10 && idle > 0.5)),
};
console.log(`flagged: ${summary.starved * 100} % with hogs, ${summary.alone * 100} % alone`);
console.log(JSON.stringify({ bars, summary, runs: found }));

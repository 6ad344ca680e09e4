/**
 * What a request costs the client: requests per second of its processor time, in a closed loop over kept-alive
 * connections to a server in C that costs next to nothing, against wrk (C) and autocannon (Node).
 *
 * The programs run one after the other in rounds; what is judged is the median of the ratios within a round, so that
 * other work on the machine hits both sides of a ratio. JIT compilation and start-up of the Node programs are left out;
 * wrk has none. Bars: 0.80 of wrk at 10 to 100 connections, 0.75 at 1 and 500; 1.8 times autocannon from 10 upwards.
 * The last line is JSON.
 *
 *     node tools/accuracy/load-cost.mjs                       5 rounds, about 6 minutes
 *     node tools/accuracy/load-cost.mjs --short               4 short rounds at 10 and 100 connections, 1.5 minutes
 *     node tools/accuracy/load-cost.mjs --connections 1,50    only these; also --rounds 9, --seconds 4
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { pressure, printTable, root, round, withServer } from './load-support.mjs';
import { buildFromSource } from './from-source.mjs';

const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean' },
    connections: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const connectionCounts = (flags.connections ?? (flags.short ? '10,100' : '1,10,50,100,500')).split(',').map(Number);
const rounds = Number(flags.rounds ?? (flags.short ? 4 : 5));
const seconds = Number(flags.seconds ?? (flags.short ? 1.5 : 4));
const warmup = flags.short ? 1 : 2;

const run = promisify(execFile);
const client = fileURLToPath(new URL('load-cost-client.mjs', import.meta.url));
/** The server has the first processor, the clients the second: otherwise they measure each other. */
const pinned = availableParallelism() > 1;
const onClientCore = (command) => (pinned ? ['taskset', '-c', '1', ...command] : command);

async function bundleDriver(folder) {
  const outfile = join(folder, 'driver.mjs');
  await buildFromSource({
    stdin: {
      contents: "export * from './http-driver.ts'; export * from './prepared-request.ts';",
      resolveDir: join(root, 'packages/load/src'),
    },
    outfile,
  });
  return outfile;
}

async function nodeClient(tool, url, connections, bundle) {
  const command = [process.execPath, client, tool, url, connections, warmup, seconds, bundle].map(String);
  const [file, ...args] = onClientCore(command);
  return JSON.parse((await run(file, args)).stdout);
}

/** The shell tells what its children used, to the millisecond: `0m1.234s 0m5.678s` in the last line. */
async function wrk(url, connections) {
  const command = `wrk -t 1 -c ${connections} -d ${Math.ceil(seconds)} ${url}; times`;
  const [file, ...args] = onClientCore(['bash', '-c', command]);
  const { stdout } = await run(file, args);
  const times = stdout
    .trim()
    .split('\n')
    .at(-1)
    .match(/(\d+)m([\d.]+)s/g);
  const inSeconds = (text) => {
    const [, minutes, rest] = /(\d+)m([\d.]+)s/.exec(text);
    return Number(minutes) * 60 + Number(rest);
  };
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(stdout);
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)[1]),
    cpu: times.reduce((sum, text) => sum + inSeconds(text), 0),
  };
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
};

async function measure(url, connections, bundle) {
  const programs = {
    wrk: () => wrk(url, connections),
    http1: () => nodeClient('http1', url, connections, bundle),
    autocannon: () => nodeClient('autocannon', url, connections, bundle),
  };
  const names = Object.keys(programs);
  const found = [];
  for (let i = 0; i < rounds; i++) {
    const rates = {};
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(i + turn) % names.length];
      const { requests, cpu } = await programs[name]();
      rates[name] = requests / cpu;
    }
    found.push(rates);
  }
  return summarise(connections, found);
}

function summarise(connections, found) {
  const rate = (name) => round(median(found.map((rates) => rates[name])), 0);
  const ratios = (name) => found.map((rates) => round(rates.http1 / rates[name]));
  const bars = { wrk: connections >= 10 && connections <= 100 ? 0.8 : 0.75, autocannon: connections >= 10 ? 1.8 : 0 };
  const [toWrk, toAutocannon] = [median(ratios('wrk')), median(ratios('autocannon'))];
  return {
    connections,
    perCpuSecond: { http1: rate('http1'), wrk: rate('wrk'), autocannon: rate('autocannon') },
    ratios: { wrk: round(toWrk), autocannon: round(toAutocannon) },
    each: { wrk: ratios('wrk'), autocannon: ratios('autocannon') },
    bars,
    kept: toWrk >= bars.wrk && toAutocannon >= bars.autocannon,
    pressure: pressure(),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'perfkeel-load-cost-'));
const results = [];
try {
  const bundle = await bundleDriver(folder);
  await withServer('null-server', [], async (url, pid) => {
    if (pinned) await run('taskset', ['-c', '-p', '0', String(pid)]);
    for (const connections of connectionCounts) results.push(await measure(url, connections, bundle));
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

printTable([
  ['connections', 'http1 /cpu-s', 'wrk', 'autocannon', 'to wrk', 'bar', 'to autocannon', 'bar', 'pressure %', 'kept'],
  ...results.map(({ connections, perCpuSecond, ratios, bars, pressure, kept }) => [
    ...[connections, perCpuSecond.http1, perCpuSecond.wrk, perCpuSecond.autocannon],
    ...[ratios.wrk, bars.wrk, ratios.autocannon, bars.autocannon, pressure, kept ? 'yes' : 'no'],
  ]),
]);
const kept = results.every((result) => result.kept);
console.log(JSON.stringify({ bench: 'load-cost', rounds, seconds, results, kept }));
process.exitCode = kept ? 0 : 1;

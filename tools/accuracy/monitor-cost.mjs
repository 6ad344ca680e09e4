/**
 * What does a monitor cost the program that it watches? A busy HTTP server, loaded in a closed loop by another process,
 * with the monitor on and off in turns. Each block settles for 1.5 s before it counts, because switching is work too.
 * Judged is the processor time of the server per request, as the ratio of neighbouring blocks; the same with the monitor
 * off in both blocks of a pair (A/A) shows what a ratio is without any difference.
 *
 * Bar: the interval of on/off holds 1, or lies within the spread of A/A. The last line is JSON.
 *
 *     node tools/accuracy/monitor-cost.mjs                       10 pairs of each kind, about 2.5 minutes
 *     node tools/accuracy/monitor-cost.mjs --pairs 4 --interval 10ms --seconds 1
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pressure, printTable, root, withFolder } from './fresh-process.mjs';
import { buildFromSource } from './from-source.mjs';

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    interval: { type: 'string', default: '250ms' },
    seconds: { type: 'string', default: '2' },
    settle: { type: 'string', default: '1.5' },
  },
});
const pairs = Number(flags.pairs);
const [seconds, settle] = [Number(flags.seconds), Number(flags.settle)];

/** Allocates as servers do, counts its requests, and tells count and processor time when it is asked to. */
const server = `
const { createServer } = require('node:http');
let count = 0;
const kept = new Map();
const server = createServer((request, response) => {
  count += 1;
  if (request.url === '/usage') return response.end(JSON.stringify({ count, cpu: process.cpuUsage() }));
  const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: 'row ' + id, at: count }));
  kept.set(count % 5000, rows[0]);
  response.end(JSON.stringify(rows));
});
server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
`;

/** Asks as fast as it is answered, over eight connections, until its input ends. */
const client = `
const { Agent, get } = require('node:http');
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const ask = () => get({ host: '127.0.0.1', port: process.argv[1], path: '/', agent }, (response) => {
  response.resume();
  response.on('end', ask);
}).on('error', () => process.exit(1));
for (let i = 0; i < 8; i++) ask();
process.stdin.on('end', () => process.exit(0)).resume();
`;

async function memoryPackage(folder) {
  const outfile = join(folder, 'memory.mjs');
  await buildFromSource({
    entryPoints: [join(root, 'packages/memory/src/index.ts')],
    outfile,
  });
  return import(outfile);
}

const median = (values) => {
  const ordered = values.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((ordered.length - 1) / 2), Math.ceil((ordered.length - 1) / 2)];
  return (ordered[low] + ordered[high]) / 2;
};

/** Of a median, from order statistics: about 95 % for six values and more, of fewer the whole range. */
function intervalOf(values) {
  const ordered = values.toSorted((a, b) => a - b);
  const cut = Math.max(0, Math.floor((ordered.length - 1.96 * Math.sqrt(ordered.length)) / 2));
  return [ordered[cut], ordered[ordered.length - 1 - cut]];
}

async function measure({ createMonitor }, target, port) {
  const usage = async () => (await fetch(`http://127.0.0.1:${port}/usage`)).json();
  const block = async (on) => {
    const monitor = on ? createMonitor(target, { interval: flags.interval }) : undefined;
    await sleep(settle * 1000);
    const before = await usage();
    await sleep(seconds * 1000);
    const after = await usage();
    const timeline = await monitor?.stop();
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
    return { cost: cpu / (after.count - before.count), summary: timeline?.summary };
  };
  const ratios = { 'on/off': [], 'A/A': [] };
  let forced = 0;
  for (let i = 0; i < pairs; i++) {
    for (const kind of ['on/off', 'A/A']) {
      // Which comes first takes turns, so that a server that gets faster or slower favours none.
      const isSecond = i % 2 === 0;
      const first = await block(kind === 'on/off' && !isSecond);
      const second = await block(kind === 'on/off' && isSecond);
      forced += (first.summary ?? second.summary)?.collections.forced ?? 0;
      ratios[kind].push(isSecond ? second.cost / first.cost : first.cost / second.cost);
    }
  }
  return { ratios, forced };
}

const result = await withFolder('monitor-cost', async (folder) => {
  const memory = await memoryPackage(folder);
  const file = join(folder, 'server.cjs');
  writeFileSync(file, server);
  const target = await memory.startChild({ module: file, ready: /^port (\d+)/ });
  const loader = spawn(process.execPath, ['-e', client, target.said[1]], { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    await sleep(2000);
    return await measure(memory, target, target.said[1]);
  } finally {
    loader.stdin.end();
    await once(loader, 'exit');
    await target.close();
  }
});

const rows = Object.entries(result.ratios).map(([kind, ratios]) => {
  const [lo, hi] = intervalOf(ratios);
  return { kind, median: median(ratios), lo, hi, least: Math.min(...ratios), most: Math.max(...ratios) };
});
const text = (value) => value.toFixed(3);
printTable([
  ['processor time per request', 'median', 'about 95 %', 'all pairs'],
  ...rows.map(({ kind, median, lo, hi, least, most }) => [
    kind,
    text(median),
    `${text(lo)} to ${text(hi)}`,
    `${text(least)} to ${text(most)}`,
  ]),
]);
const [on, same] = rows;
const isNoise = (on.lo <= 1 && on.hi >= 1) || (on.median >= same.least && on.median <= same.most);
console.log(`a sample every ${flags.interval}, ${pairs} pairs of ${seconds} s; collections forced: ${result.forced}`);
console.log(isNoise && result.forced === 0 ? 'not to be told from A/A' : 'to be told from A/A');
console.log(JSON.stringify({ pairs, interval: flags.interval, rows, forced: result.forced, pressure: pressure() }));
process.exitCode = isNoise && result.forced === 0 ? 0 : 1;

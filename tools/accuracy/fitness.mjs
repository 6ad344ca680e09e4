/**
 * Does the machine know whether it is fit, and a round whether it was disturbed? Examines the machine, and watches a
 * round of a busy server with its clients, some times with a program that spins on every processor, some times with one
 * on a single processor, and some times alone, in turns.
 *
 * Usage: node tools/accuracy/fitness.mjs [times, 10]; on a machine that does nothing else. Prints a table and JSON.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { buildFromSource, root } from './from-source.mjs';
import { pressure } from './machine.mjs';

const times = Number(process.argv[2] ?? 10);

async function loadRunner() {
  const folder = await mkdtemp(join(root, 'node_modules/.fitness-'));
  try {
    const outfile = join(folder, 'runner.mjs');
    await buildFromSource({
      entryPoints: [join(root, 'packages/runner/src/index.ts')],
      outfile,
      external: ['esbuild', 'tinyglobby'],
      logLevel: 'silent',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each ends itself after a minute, whatever becomes of this program. */
const startHog = () =>
  spawn(process.execPath, ['-e', 'const end = Date.now() + 60_000; while (Date.now() < end);'], { stdio: 'ignore' });

async function withHogs(count, work) {
  const hogs = Array.from({ length: count }, startHog);
  try {
    if (count > 0) await sleep(500);
    return await work();
  } finally {
    const gone = hogs.map((hog) => new Promise((resolve) => hog.once('exit', resolve)));
    for (const hog of hogs) hog.kill('SIGKILL');
    await Promise.all(gone);
  }
}

/** A server and its clients in one family of processes: the load of a round itself, which is never foreign. */
const ownLoad = `
const { createServer, get, Agent } = require('node:http');
const server = createServer((_, response) => response.end('x'.repeat(2000)));
if (process.argv[1] === 'client') {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = () => get({ host: '127.0.0.1', port: process.argv[2], agent }, (r) => r.resume().on('end', () => setTimeout(ask, 4)));
  for (let i = 0; i < 20; i++) ask();
} else server.listen(0, '127.0.0.1', () => {
  const code = process.env.OWN_LOAD;
  require('node:child_process').spawn(process.execPath, ['-e', code, 'client', server.address().port], { stdio: 'ignore' });
  process.stdout.write('up');
});`;

/** Watches a round of a second and a half. @returns the warning, if it was disturbed */
async function watchOwnLoad() {
  const env = { ...process.env, OWN_LOAD: ownLoad };
  const stdio = ['ignore', 'pipe', 'ignore'];
  const child = spawn(process.execPath, ['-e', ownLoad], { env, stdio, detached: true });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await sleep(300);
    return (await watchRound({ pids: [child.pid] }, () => sleep(1500))).warning?.message;
  } finally {
    process.kill(-child.pid, 'SIGKILL');
  }
}

const { examineMachine, watchRound } = await loadRunner();
const processors = availableParallelism();
const conditions = { alone: 0, 'one hog': 1, 'a hog on each': processors };
const results = [];

for (let turn = 0; turn < times; turn++) {
  for (const [condition, hogs] of Object.entries(conditions)) {
    const before = pressure();
    const begun = performance.now();
    const result = await withHogs(hogs, async () => {
      const started = performance.now();
      const { fit, findings } = await examineMachine();
      const seconds = (performance.now() - started) / 1000;
      return { fit, seconds, findings, disturbed: await watchOwnLoad() };
    });
    const valueOf = (id) => result.findings.find((found) => found.id === id)?.value;
    const unfit = result.findings.filter(({ status }) => status === 'unfit').map(({ id }) => id);
    const { fit, seconds, disturbed = null } = result;
    const row = { condition, fit, unfit, disturbed, pressure: before, seconds };
    results.push({
      ...row,
      share: valueOf('share'),
      repeatability: valueOf('repeatability'),
      foreign: valueOf('foreign'),
    });
    console.log(
      `${condition.padEnd(14)} ${(fit ? 'fit' : 'unfit').padEnd(6)} pressure before ${String(before).padStart(6)} %  ` +
        `${seconds.toFixed(1)} s  ${disturbed === null ? 'undisturbed' : 'disturbed'}  ${valueOf('share')}; ${valueOf('repeatability')}; ${valueOf('foreign')}`,
    );
    // What just ended is still in the books of the next look.
    await sleep(Math.max(0, 1500 - (performance.now() - begun)));
  }
}

const summary = Object.keys(conditions).map((condition) => {
  const rows = results.filter((row) => row.condition === condition);
  return {
    condition,
    times: rows.length,
    fit: rows.filter(({ fit }) => fit).length,
    disturbed: rows.filter(({ disturbed }) => disturbed !== null).length,
  };
});
console.log(`\n${'condition'.padEnd(14)} times   fit  unfit  rounds disturbed`);
for (const { condition, times: all, fit, disturbed } of summary) {
  console.log(
    `${condition.padEnd(14)} ${String(all).padStart(5)} ${String(fit).padStart(5)} ${String(all - fit).padStart(6)} ${String(disturbed).padStart(17)}`,
  );
}
const machine = { cpu: cpus()[0]?.model, processors, node: process.version, loadAverage: loadavg() };
console.log(`\n${JSON.stringify({ machine, summary, results })}`);

/**
 * Does load find what holds a real API up? Starts examples/tasks-api with one fault after the other, with PostgreSQL behind
 * it, asks it for evidence under load, and holds what is found first against what was done.
 *
 * The API has to be built (`npm run build -w @perfkeel-examples/tasks-api`). The last line is JSON; exit code 1 when one
 * diagnosis was wrong.
 *
 *     node tools/accuracy/bottleneck.mjs [turns, 3] [diagnosis, all]     about a minute a turn of all
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { importLoad, pressure, printTable, root, round } from './load-support.mjs';

const turns = Number(process.argv[2] ?? 3);
const only = process.argv[3];

/** What is done to the API, and what has to be found. */
const faults = [
  { fault: 'healthy', env: {}, wanted: 'none' },
  { fault: '2 connections, queries of 30 ms', env: { POOL_SIZE: 2, SLOW_QUERY_MS: 30 }, wanted: 'pool-exhausted' },
  { fault: 'queries of 40 ms', env: { SLOW_QUERY_MS: 40 }, wanted: 'slow-queries' },
  { fault: '15 ms of blocked loop', env: { BLOCK_LOOP_MS: 15 }, wanted: 'event-loop-blocked' },
  { fault: 'cache off', env: { CACHE: 'off' }, wanted: 'cache-ineffective' },
  { fault: '40 000 objects a request', env: { GARBAGE_OBJECTS: 40_000 }, wanted: 'gc-pressure' },
  { fault: '400 ms for 1 query in 25', env: { SLOW_QUERY_MS: 400, SLOW_QUERY_EACH: 25 }, wanted: 'tail-only' },
  // What comes together shows in a course: that has an interval a second.
  {
    fault: 'no database for 700 ms',
    env: { AWAY_AFTER_MS: 4000, AWAY_FOR_MS: 700 },
    wanted: 'error-burst',
    time: '8s',
  },
].filter(({ wanted }) => only === undefined || wanted === only);

const { load } = await importLoad();

async function importVitals() {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-bottleneck-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'vitals.mjs');
  const entry = join(root, 'packages/runner/src/target-vitals.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return import(pathToFileURL(outfile).href);
}
const { openVitals } = await importVitals();

async function withApi(env, work) {
  const vitals = openVitals(Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])));
  const cwd = join(root, 'examples/tasks-api');
  const server = spawn(process.execPath, ['dist/server.js'], {
    cwd,
    env: { ...process.env, ...vitals.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const [, url] = /listening on (\S+)/.exec(line) ?? [];
      if (url !== undefined) return await work({ url, vitals: vitals.folder });
    }
    throw new Error('the API has not started; is it built?');
  } finally {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    vitals.remove();
  }
}

const requests = [
  ...Array.from({ length: 20 }, (_, i) => ({ path: `/tasks/${i + 1}`, weight: 3 })),
  { path: '/tasks/next', weight: 40 },
];

let names = 0;
async function measureOnce({ fault, time = '4s' }, target) {
  const declared = load(`${fault} ${names++}`, {
    url: target.url,
    requests,
    // Clients that pause: a busy machine makes them slower, and no other load than the intended one.
    clients: 20,
    think: { from: '50ms', to: '150ms' },
    for: time,
    warmup: '1s',
    evidence: { metrics: '/metrics', every: '500ms' },
  });
  const { measurements } = await declared.instrument({
    clock: { now: () => performance.now() * 1e6 },
    ...{ seed: 1, round: 0, short: false, signal: new AbortController().signal, target },
    collectGarbage: () => undefined,
    progress: () => undefined,
  });
  return measurements.find(({ metric }) => metric === 'response-time');
}

const isSpoilt = ({ warnings = [] }) => warnings.some(({ forbids }) => forbids === 'verdict');

/** A generator that had no processor says nothing of the target: then it is measured again, at most twice. */
async function measure(fault) {
  const before = pressure();
  // With a new API each time: some faults happen once.
  const once = () => withApi(fault.env, (target) => measureOnce(fault, target));
  let times = await once();
  for (let again = 0; again < 2 && isSpoilt(times); again++) times = await once();
  const { data, warnings = [] } = times;
  const diagnoses = warnings.filter(({ remedies }) => remedies !== undefined);
  const spoilt = isSpoilt(times);
  const top = spoilt ? 'not judged' : (diagnoses[0]?.code ?? 'none');
  const mean = round(data.histogram.sum / data.histogram.count / 1e6, 1);
  const [text = ''] = diagnoses.map(({ message }) => message);
  const { wanted } = fault;
  return { fault: fault.fault, wanted, top, right: top === wanted, spoilt, mean, before, text };
}

const found = [];
for (let turn = 0; turn < turns; turn++) {
  for (const fault of faults) found.push(await measure(fault));
}

printTable([
  ['fault', 'found first', 'right', 'mean ms', 'pressure before %'],
  ...found.map(({ fault, top, right, spoilt, mean, before }) => [
    ...[fault, top, right ? 'yes' : spoilt ? 'generator in doubt' : 'NO', mean, before],
  ]),
]);
console.log();
for (const { wanted } of faults) {
  const one = found.find(({ top }) => top === wanted && top !== 'none');
  const wrong = found.filter((each) => each.wanted === wanted && !each.right && each.text !== '');
  for (const { fault, text } of [...(one === undefined ? [] : [one]), ...wrong]) console.log(`${fault}: ${text}`);
}
const right = found.filter((one) => one.right).length;
console.log(
  `\n${right} of ${found.length} right, ${found.filter(({ spoilt }) => spoilt).length} with a generator in doubt`,
);
console.log(JSON.stringify({ right, of: found.length, found: found.map(({ text: _, ...rest }) => rest) }));
process.exitCode = right === found.length ? 0 : 1;

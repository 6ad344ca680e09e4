/**
 * Writers at the same time, each ended by kill -9 at random moments and started again: is everything there that was
 * acknowledged, and once?
 *
 *     node tools/accuracy/store-writers.mjs                              12 writers, 100 runs each, in every store, about 20 minutes
 *     node tools/accuracy/store-writers.mjs --writers 6 --runs 20 --at folder --at git --at git+branch
 *     node tools/accuracy/store-writers.mjs --at git+branch --runs 50 --add    adds up in tools/accuracy/.data
 *     node tools/accuracy/store-writers.mjs --at s3 --kill-every 15000         where a writer takes seconds to begin
 *     node tools/accuracy/store-writers.mjs --report                     what was added up
 *
 * PostgreSQL and a server that speaks like S3 are started, on 127.0.0.1 and for this alone. Needs built packages: npm run
 * build.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openRunStore } from '../../packages/baseline/dist/index.js';
import { sampleRun } from '../../packages/core/dist/testing.js';
import { printTable } from './fresh-process.mjs';
import { addSitting, sittingsOf } from './store-sittings.mjs';

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

const places = ['folder', 'git', 'git+branch', 'postgres', 's3'];
const options = {
  writers: { type: 'string', default: '12' },
  runs: { type: 'string', default: '100' },
  at: { type: 'string', multiple: true, default: places },
  'kill-every': { type: 'string', default: '3000' },
  add: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  write: { type: 'string' },
};
const { values } = parseArgs({ options });

/** A writer: stores its runs from `from` upwards and says each that is acknowledged. */
async function write({ folder, location, name, from, runs }) {
  const store = openRunStore({ folder, ...(location === undefined ? {} : { location }) });
  for (let i = from; i < runs; i++) {
    const { sha } = await store.saveRun(sampleRun({ id: `${name}-${i}`, durationMs: i }));
    process.stdout.write(`${sha}\n`);
  }
  await store.close();
}

/** Keeps one writer going until it has stored all of its runs. Returns the hashes that it was told. */
async function keepWriting(task, killEvery) {
  const acknowledged = [];
  let kills = 0;
  for (let from = 0; from < task.runs; from = acknowledged.length) {
    const child = spawn(
      process.execPath,
      [fileURLToPath(import.meta.url), '--write', JSON.stringify({ ...task, from })],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    // Later every time, so that a slow store comes to an end.
    const timer = setTimeout(
      () => ((kills += 1), child.kill('SIGKILL')),
      (0.5 + Math.random() + kills / 4) * killEvery,
    );
    const [code, signal] = await once(child, 'close');
    clearTimeout(timer);
    acknowledged.push(...text.split('\n').filter((line) => line.length === 64));
    if (signal === null && code !== 0) throw new Error(`a writer ended with ${code}`);
  }
  return { acknowledged, kills };
}

const git = (...args) => {
  const { status, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
};

/** The servers that the tests of these stores start, from their source. */
async function testServers() {
  // A writer, which starts again after each kill, needs none of it.
  const { build } = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'store-writers-'));
  try {
    const outfile = join(folder, 'servers.mjs');
    await build({
      stdin: {
        contents: "export * from './postgres-server.ts'; export * from './s3-server.ts';",
        resolveDir: fileURLToPath(new URL('../../packages/baseline/test', import.meta.url)),
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `location` of a store that needs a server, started for it; `undefined` for one that needs none. */
async function serverOf(at) {
  if (at === 'postgres') {
    const { findPostgres, startPostgres } = await testServers();
    const bin = await findPostgres();
    if (bin === undefined) throw new Error('there is no PostgreSQL in /usr/lib/postgresql');
    const { url, stop } = await startPostgres(bin);
    return { location: url, stop };
  }
  if (at === 's3') {
    const { credentials, startS3 } = await testServers();
    const { endpoint, stop } = await startS3({ conditional: true });
    process.env.AWS_ENDPOINT_URL_S3 = endpoint;
    // Each writer would say that a later version of it wants a later Node.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
    return { location: 's3://perf/team', stop };
  }
  return { location: at === 'folder' ? undefined : `${at}:origin`, stop: async () => {} };
}

/** Where each writer writes: one folder for all, or a clone for each. */
function tasksAt(at, root, writers, runs, location) {
  const isGit = at.startsWith('git');
  if (isGit) git('init', '--quiet', '--bare', join(root, 'remote.git'));
  return Array.from({ length: writers + 1 }, (_, i) => {
    const folder = at === 'folder' ? join(root, 'shared') : join(root, `clone-${i}`);
    mkdirSync(folder, { recursive: true });
    if (isGit) {
      git('init', '--quiet', folder);
      git('-C', folder, 'remote', 'add', 'origin', join(root, 'remote.git'));
    }
    return { folder, location, name: `W${i}`, runs };
  });
}

/** Everything that was acknowledged is there and whole, and nothing is there twice. */
async function examine({ folder, location, runs }, acknowledged, writers) {
  const store = openRunStore({ folder, ...(location === undefined ? {} : { location }) });
  const listed = await store.listRuns();
  const found = await store.verifyStore();
  await store.close();
  const shas = new Set(listed.map(({ sha }) => sha));
  return {
    lost: acknowledged.filter((sha) => !shas.has(sha)).length,
    duplicates: listed.length - new Set(listed.map(({ id }) => id)).size,
    missing: writers * runs - listed.length,
    damaged: found.problems.length,
  };
}

async function tryOut(at, writers, runs, killEvery) {
  const root = mkdtempSync(join(tmpdir(), 'perfkeel-store-writers-'));
  const { location, stop } = await serverOf(at);
  try {
    const [reader, ...tasks] = tasksAt(at, root, writers, runs, location);
    const from = performance.now();
    const written = await Promise.all(tasks.map((task) => keepWriting(task, killEvery)));
    const seconds = (performance.now() - from) / 1000;
    const acknowledged = written.flatMap((each) => each.acknowledged);
    const kills = written.reduce((sum, each) => sum + each.kills, 0);
    return {
      at,
      writers,
      runs,
      seconds,
      kills,
      acknowledged: acknowledged.length,
      ...(await examine(reader, acknowledged, writers)),
    };
  } finally {
    await stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** As many clones as writers push one run each, at the same moment. */
async function pushTogether(writers) {
  const root = mkdtempSync(join(tmpdir(), 'perfkeel-store-push-'));
  try {
    const [, ...tasks] = tasksAt('git', root, writers, 1, 'git:origin');
    const stores = tasks.map((task) => openRunStore({ folder: task.folder, location: task.location }));
    const from = performance.now();
    await Promise.all(stores.map((store, i) => store.saveRun(sampleRun({ id: `P-${i}` }))));
    return { seconds: (performance.now() - from) / 1000, landed: (await stores[0].listRuns()).length };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);

/** The sittings of each store in one row. */
const addedUp = (rows) =>
  places.flatMap((at) => {
    const own = rows.filter((row) => row.at === at);
    if (own.length === 0) return [];
    const fields = ['runs', 'seconds', 'kills', 'acknowledged', 'lost', 'duplicates', 'missing', 'damaged'];
    return { at, sittings: own.length, ...Object.fromEntries(fields.map((field) => [field, sum(own, field)])) };
  });

function report(writers, wanted, rows, together) {
  const all = addedUp(rows);
  console.log(`${writers} writers, each killed again and again; runs that each stored`);
  printTable([
    ['store', 'runs', 'sittings', 'seconds', 'kills', 'acknowledged', 'lost', 'twice', 'never written', 'damaged'],
    ...all.map(({ at, runs, sittings, seconds, kills, acknowledged, lost, duplicates, missing, damaged }) =>
      [at, runs, sittings, seconds.toFixed(0), kills, acknowledged, lost, duplicates, missing, damaged].map(String),
    ),
  ]);
  const { landed, seconds } = together;
  console.log(`\n${writers} clones pushing one run at the same moment: ${landed} landed in ${seconds.toFixed(1)} s`);
  const bad = all.some(({ lost, duplicates, missing, damaged }) => lost + duplicates + missing + damaged > 0);
  const enough = places.every((at) => all.some((row) => row.at === at && row.runs >= 100));
  const pushed = landed === writers && seconds < 5;
  const said = (met) => (met ? 'met' : 'not met');
  console.log(
    `none lost, twice or damaged, 100 runs of each of 12 writers in every store: ${said(!bad && enough && writers >= 12)}`,
  );
  console.log(`pushes at once within 5 s: ${said(pushed)}`);
  console.log(JSON.stringify({ writers, all, together }));
  const short = all.some(({ runs }) => runs < wanted) || (values.report && !enough);
  process.exitCode = bad || !pushed || short ? 1 : 0;
}

if (values.write !== undefined) await write(JSON.parse(values.write));
else {
  const [writers, runs, killEvery] = [values.writers, values.runs, values['kill-every']].map(Number);
  const rows = [];
  for (const at of values.report ? [] : values.at) {
    if (!places.includes(at)) throw new Error(`no store is called ${at}; there are ${places.join(', ')}`);
    const row = await tryOut(at, writers, runs, killEvery);
    rows.push(row);
    if (values.add) addSitting('store-writers', row);
  }
  const added = values.report || values.add;
  const known = added ? sittingsOf('store-writers').filter((row) => row.writers === writers) : rows;
  report(writers, values.report ? 100 : runs, known, await pushTogether(writers));
}

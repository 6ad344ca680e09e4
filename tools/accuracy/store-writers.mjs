/**
 * Writers at the same time, each ended by kill -9 at random moments and started again: is everything there that was
 * acknowledged, and once?
 *
 *     node tools/accuracy/store-writers.mjs                              12 writers, 100 runs each, in a folder and on a git remote
 *     node tools/accuracy/store-writers.mjs --writers 6 --runs 20 --at folder --at git --at git+branch
 *     node tools/accuracy/store-writers.mjs --at postgres://perf@127.0.0.1/perf --at s3://bucket/prefix
 *
 * A database or bucket must be empty, and holds the runs afterwards. Needs built packages: npm run build.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openRunStore } from '../../packages/baseline/dist/index.js';
import { sampleRun } from '../../packages/core/dist/testing.js';

const options = {
  writers: { type: 'string', default: '12' },
  runs: { type: 'string', default: '100' },
  at: { type: 'string', multiple: true, default: ['folder', 'git'] },
  'kill-every': { type: 'string', default: '3000' },
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

/** Where each writer writes: one folder for all, or a clone for each. */
function tasksAt(at, root, writers, runs) {
  const isGit = at.startsWith('git');
  if (isGit) git('init', '--quiet', '--bare', join(root, 'remote.git'));
  return Array.from({ length: writers + 1 }, (_, i) => {
    const folder = at === 'folder' ? join(root, 'shared') : join(root, `clone-${i}`);
    mkdirSync(folder, { recursive: true });
    if (isGit) {
      git('init', '--quiet', folder);
      git('-C', folder, 'remote', 'add', 'origin', join(root, 'remote.git'));
    }
    const location = at === 'folder' ? undefined : isGit ? `${at}:origin` : at;
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
  try {
    const [reader, ...tasks] = tasksAt(at, root, writers, runs);
    const from = performance.now();
    const written = await Promise.all(tasks.map((task) => keepWriting(task, killEvery)));
    const seconds = (performance.now() - from) / 1000;
    const acknowledged = written.flatMap((each) => each.acknowledged);
    const kills = written.reduce((sum, each) => sum + each.kills, 0);
    return {
      at: at.replace(/:.*/s, ''),
      seconds,
      kills,
      acknowledged: acknowledged.length,
      ...(await examine(reader, acknowledged, writers)),
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** As many clones as writers push one run each, at the same moment. */
async function pushTogether(writers) {
  const root = mkdtempSync(join(tmpdir(), 'perfkeel-store-push-'));
  try {
    const [, ...tasks] = tasksAt('git', root, writers, 1);
    const stores = tasks.map((task) => openRunStore({ folder: task.folder, location: task.location }));
    const from = performance.now();
    await Promise.all(stores.map((store, i) => store.saveRun(sampleRun({ id: `P-${i}` }))));
    return { seconds: (performance.now() - from) / 1000, landed: (await stores[0].listRuns()).length };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (values.write !== undefined) await write(JSON.parse(values.write));
else {
  const [writers, runs, killEvery] = [values.writers, values.runs, values['kill-every']].map(Number);
  const all = [];
  console.log(`${writers} writers of ${runs} runs, each killed again and again`);
  console.log('store         seconds   kills  acknowledged   lost  twice  never written  damaged');
  for (const at of values.at) {
    const row = await tryOut(at, writers, runs, killEvery);
    all.push(row);
    const { seconds, kills, acknowledged, lost, duplicates, missing, damaged } = row;
    const cells = [
      row.at.padEnd(12),
      seconds.toFixed(1).padStart(8),
      `${kills}`.padStart(7),
      `${acknowledged}`.padStart(13),
    ];
    console.log(
      [
        ...cells,
        `${lost}`.padStart(6),
        `${duplicates}`.padStart(6),
        `${missing}`.padStart(14),
        `${damaged}`.padStart(8),
      ].join(' '),
    );
  }
  const together = await pushTogether(writers);
  console.log(
    `${writers} clones pushing one run at the same moment: ${together.landed} landed in ${together.seconds.toFixed(1)} s`,
  );
  console.log(JSON.stringify({ writers, runs, all, together }));
  const bad = all.some(({ lost, duplicates, missing, damaged }) => lost + duplicates + missing + damaged > 0);
  process.exitCode = bad || together.landed !== writers || together.seconds >= 5 ? 1 : 0;
}

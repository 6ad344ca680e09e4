/**
 * How long a store of many runs takes: putting one, opening all of them, the last 50 of every series, one series of 1000.
 *
 *     node tools/accuracy/store-speed.mjs                     10 000 runs of 300 metrics, about 5 minutes and 6 GB of disk
 *     node tools/accuracy/store-speed.mjs --runs 500 --metrics 300
 *
 * Needs built packages: npm run build.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { encodeRun, folderLog, runStore } from '../../packages/baseline/dist/index.js';
import { sampleMeasurement, samplePlan, sampleRun } from '../../packages/core/dist/testing.js';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, metrics: { type: 'string', default: '300' } },
});
const [runs, metrics] = [Number(values.runs), Number(values.metrics)];
const root = mkdtempSync(join(tmpdir(), 'perfkeel-store-speed-'));
const folder = join(root, 'store');
const indexFolder = join(root, 'index');
const open = () => runStore(folderLog(folder), { indexFolder });

const timed = async (work) => {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
};
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Benchmarks of one metric in five rounds. */
const plans = Array.from({ length: metrics }, (_, i) =>
  samplePlan({ id: `benchmark ${i}`, kind: 'bench', objectives: [], rounds: 5 }),
);
const runOf = (n) =>
  sampleRun({
    id: `RUN-${String(n).padStart(6, '0')}`,
    startedAt: new Date(Date.UTC(2027, 0, 1) + n * 600_000).toISOString(),
    plans,
    measurements: plans.flatMap(({ id }, b) =>
      Array.from({ length: 5 }, (_, round) =>
        sampleMeasurement({
          benchmark: id,
          round,
          data: { kind: 'sample', values: [1000 + b + ((n * 7919 + round * 31) % 50)] },
        }),
      ),
    ),
  });

try {
  // Puts through the store itself; the others as files of the same content, without their syncs.
  const puts = [];
  const sync = [];
  const work = [];
  const put = Math.min(30, runs);
  for (let n = 0; n < put; n++) {
    const run = runOf(n);
    const before = process.cpuUsage();
    puts.push((await timed(() => open().saveRun(run))).ms);
    const { user, system } = process.cpuUsage(before);
    work.push((user + system) / 1000);
    const text = encodeRun(run);
    sync.push((await timed(() => syncedFile(join(root, 'sync', String(n)), text))).ms);
  }
  const template = encodeRun(runOf(777_777));
  for (let n = put; n < runs; n++) {
    const at = new Date(Date.UTC(2027, 0, 1) + n * 600_000).toISOString();
    const text = template
      .replaceAll('RUN-777777', `RUN-${String(n).padStart(6, '0')}`)
      .replace(/"startedAt": "[^"]+"/, `"startedAt": "${at}"`);
    const sha = createHash('sha256').update(text).digest('hex');
    const below = join(folder, 'objects', sha.slice(0, 2));
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `${sha}.json`), text);
  }
  const build = await timed(() => open().listRuns());
  const times = { list: [], last: [], one: [], all: [] };
  const seen = { list: 0, last: 0, one: 0 };
  for (let i = 0; i < 5; i++) {
    const list = await timed(() => open().listRuns());
    const last = await timed(() => open().readSeries({ last: 50 }));
    const one = await timed(() => open().readSeries({ benchmark: `benchmark ${metrics - 1}`, last: 1000 }));
    times.list.push(list.ms);
    times.last.push(last.ms);
    times.one.push(one.ms);
    Object.assign(seen, {
      list: list.result.length,
      last: last.result.reduce((n, s) => n + s.points.length, 0),
      one: one.result[0].points.length,
    });
  }
  const warm = open();
  await warm.listRuns();
  const oneOpen = [];
  for (let i = 0; i < 5; i++)
    oneOpen.push((await timed(() => warm.readSeries({ benchmark: 'benchmark 0', last: 1000 }))).ms);
  const figures = {
    runs,
    metrics,
    kilobytes: Math.round(template.length / 1024),
    put: median(puts),
    sync: median(sync),
    work: median(work),
    build: build.ms,
    list: median(times.list),
    last: median(times.last),
    one: median(times.one),
    oneOpen: median(oneOpen),
  };
  const ms = (value) => `${value.toFixed(1)} ms`.padStart(12);
  console.log(`${runs} runs of ${metrics} metrics, ${figures.kilobytes} KB each; medians`);
  console.log(
    `put one, with its syncs             ${ms(figures.put)}   of which the syncs of a new file and its folders ${figures.sync.toFixed(1)} ms`,
  );
  console.log(`processor time of a put             ${ms(figures.work)}`);
  console.log(`open and list all ${String(seen.list).padEnd(6)}            ${ms(figures.list)}`);
  console.log(`open, last 50 of all series         ${ms(figures.last)}   ${seen.last} points`);
  console.log(`open, one series of ${String(seen.one).padEnd(5)}           ${ms(figures.one)}`);
  console.log(`one series of an open store         ${ms(figures.oneOpen)}`);
  console.log(
    `make the index from nothing         ${ms(figures.build)}   ${(figures.build / runs).toFixed(1)} ms a run`,
  );
  const kept = figures.last < 1000 && figures.oneOpen < 100 && figures.put - figures.sync < 20;
  const full = runs >= 10_000 && metrics >= 300;
  console.log(
    `last 50 within 1 s, 1000 points within 100 ms, a put within 20 ms besides its sync${full ? '' : ', of fewer runs than promised'}: ${kept ? 'met' : 'not met'}`,
  );
  console.log(JSON.stringify(figures));
  process.exitCode = kept ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** As a store writes: a folder that may be new, a file under another name, its name, each of them synced. */
function syncedFile(folder, text) {
  mkdirSync(folder, { recursive: true });
  syncFolder(join(folder, '..'));
  const file = openSync(join(folder, 'new'), 'w');
  writeFileSync(file, text);
  fsyncSync(file);
  closeSync(file);
  linkSync(join(folder, 'new'), join(folder, 'record'));
  syncFolder(folder);
  rmSync(join(folder, 'new'));
}

function syncFolder(folder) {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

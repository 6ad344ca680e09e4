/**
 * Mutated records, whole stores of them: nothing but errors of our own, no hang, nothing written outside the folder. Half
 * of them are bytes that were bent, half are JSON with other values in some places, which gets past the parser.
 *
 *     node tools/accuracy/store-fuzz.mjs                          a million records, about 15 minutes
 *     node tools/accuracy/store-fuzz.mjs --records 20000 --seed 7
 *     node tools/accuracy/store-fuzz.mjs --minutes 5 --seed 3     stops then, and adds up in tools/accuracy/.data
 *     node tools/accuracy/store-fuzz.mjs --report                 what was added up
 *
 * Needs built packages: npm run build.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { decodeRun, encodeRun, folderLog, memoryLog, runStore } from '../../packages/baseline/dist/index.js';
import { createRng, PerfError } from '../../packages/core/dist/index.js';
import { sampleRun } from '../../packages/core/dist/testing.js';
import { createHash } from 'node:crypto';
import { addSitting, sittingsOf } from './store-sittings.mjs';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    report: { type: 'boolean', default: false },
  },
});
const most = Number(values.records);
const end = performance.now() + Number(values.minutes ?? Infinity) * 60_000;
// Half of the time went into traces that nobody reads.
Error.stackTraceLimit = 3;
const rng = createRng(Number(values.seed));
const pick = (n) => Math.floor(rng() * n);
const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
const at = '2027-01-31T12:00:00Z';

/** One record of every kind, as a store writes them. */
async function seeds() {
  const log = memoryLog();
  const store = runStore(log);
  await store.saveRun(sampleRun({ id: 'A' }));
  await store.saveRun(sampleRun({ id: 'B', startedAt: '2026-01-01T00:00:00.000Z' }));
  await store.setBaseline('main', 'A', { at, reason: 'first' });
  await store.pinRun('A', { at });
  await store.renameBenchmark('parse one order', 'parse', { at });
  await store.pruneRuns({ at, keep: 1 });
  const keys = (await log.list('')).filter((key) => key !== '');
  return Promise.all(
    keys.map(async (key) => {
      const bytes = Buffer.from(await log.get(key));
      return { key, bytes, text: bytes.toString('utf8') };
    }),
  );
}

const nasty = [
  'null',
  '-1',
  '1e999',
  '{}',
  '[]',
  '"../../../etc/passwd"',
  '"\\u0000"',
  '9007199254740993',
  '"__proto__"',
  '[[[[[[',
  '"a".repeat(9)',
  '\ufeff',
  '"NaN"',
  'true',
];

/** Values that stand where another was expected. */
const strange = [
  ...[null, true, -1, 0, 1.5, 1e308, 2 ** 53 + 2, '', 'NaN', 'Infinity', '-Infinity', '../../../etc/passwd', '\u0000'],
  ...['a'.repeat(5000), '2027-01-31T12:00:00Z', '0'.repeat(64), [], {}, [[]], [null], [-1, 'x'], { a: {} }],
].map((value) => JSON.stringify(value));
strange.push('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');

/** JSON of the same kind, with a value replaced, left out or doubled in some places. */
function bend(text) {
  const root = JSON.parse(text);
  for (let i = 0, n = 1 + pick(3); i < n; i++) {
    let at = root;
    for (;;) {
      const keys = Object.keys(at);
      if (keys.length === 0) break;
      const key = keys[pick(keys.length)];
      const below = at[key];
      if (typeof below === 'object' && below !== null && pick(5) > 0) {
        at = below;
        continue;
      }
      const how = pick(6);
      if (how === 0) delete at[key];
      else if (how === 1 && Array.isArray(at)) at.push(below);
      else if (how === 2) at[['schemaVersion', 'kind', 'id', 'run', 'toString', 'constructor'][pick(6)]] = below;
      else at[key] = JSON.parse(strange[pick(strange.length)]);
      break;
    }
  }
  return Buffer.from(`${JSON.stringify(root, null, 2)}\n`);
}

function mutate(bytes, others) {
  let out = Buffer.from(bytes);
  for (let i = 0, n = 1 + pick(4); i < n; i++) {
    const place = pick(out.length + 1);
    switch (pick(7)) {
      case 0:
        out = out.subarray(0, place);
        break;
      case 1:
        if (out.length > 0) out[pick(out.length)] = pick(256);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, place), Buffer.from(nasty[pick(nasty.length)]), out.subarray(place)]);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, place), out.subarray(place + pick(60))]);
        break;
      case 4: {
        const other = others[pick(others.length)].bytes;
        out = Buffer.concat([out.subarray(0, place), other.subarray(pick(other.length))]);
        break;
      }
      case 5: {
        const text = out
          .toString('utf8')
          .replace(/: [^,\n]+/g, (found) => (pick(40) === 0 ? `: ${nasty[pick(nasty.length)]}` : found));
        out = Buffer.from(text);
        break;
      }
      default: {
        const text = out
          .toString('utf8')
          .replace(/"[a-zA-Z]+":/g, (found) => (pick(60) === 0 ? '"__proto__":' : found));
        out = Buffer.from(text);
      }
    }
  }
  return out;
}

const root = mkdtempSync(join(tmpdir(), 'perfkeel-store-fuzz-'));
let [faults, accepted, slowest, escapes] = [0, 0, 0, 0];
const problem = (what, error) => {
  faults++;
  if (faults <= 10) console.error(what, error);
};

/** Under its own hash, so that it is read, not only refused. */
function keyFor(seed, bytes) {
  const hash = sha(bytes);
  if (seed.startsWith('objects/')) return `objects/${hash.slice(0, 2)}/${hash}.json`;
  return seed.replace(/[0-9a-f]{64}\.json$/, `${hash}.json`);
}

async function readStore(records, log, whole) {
  const from = performance.now();
  const store = runStore(log);
  const steps = [
    () => store.listRuns(),
    () => store.listBaselines(),
    () => store.listPins(),
    () => store.listRenames(),
    () => store.readSeries(),
    ...(whole ? [() => store.verifyStore()] : []),
    () => store.finishDeletions({ at }),
  ];
  for (const step of steps) await step().catch((error) => error instanceof PerfError || problem('store', error));
  slowest = Math.max(slowest, (performance.now() - from) / records);
}

function decode(bytes) {
  try {
    decodeRun(bytes.toString('utf8'), 'record');
    accepted++;
  } catch (error) {
    if (!(error instanceof PerfError)) problem('decodeRun', error);
  }
}

async function fuzz() {
  let done = 0;
  const originals = await seeds();
  const perStore = 100;
  for (let stores = 0; done < most && performance.now() < end; stores++) {
    const log = memoryLog();
    const onDisk = stores % 50 === 0;
    for (let i = 0; i < perStore && done < most; i++, done++) {
      const { key, bytes, text } = originals[pick(originals.length)];
      const changed = pick(2) === 0 ? mutate(bytes, originals) : bend(text);
      // The store reads every record by its own reader; that of runs is asked by itself, too, since a store warns of all.
      if (key.startsWith('objects/') || pick(20) === 0) decode(changed);
      // A store on disk gets some under names that do not fit, too.
      const name = pick(10) === 0 ? key : keyFor(key, changed);
      if (!onDisk) await log.put(name, changed);
      else {
        const path = join(root, 'inside', 'store', name);
        mkdirSync(join(path, '..'), { recursive: true });
        writeFileSync(path, changed);
      }
    }
    // Verifying reads all of it again: now and then is enough.
    await readStore(perStore, onDisk ? folderLog(join(root, 'inside', 'store')) : log, stores % 10 === 0);
    if (onDisk) {
      const outside = [...readdirSync(root), ...readdirSync(join(root, 'inside'))].filter(
        (name) => name !== 'inside' && name !== 'store',
      );
      escapes += outside.length;
      rmSync(join(root, 'inside'), { recursive: true });
    }
    if ({}.polluted !== undefined || Object.keys(Object.prototype).length > 0) problem('prototype', 'polluted');
  }
  // A record that is untouched must be read.
  if (decodeRun(encodeRun(sampleRun()), 'record').id !== sampleRun().id) problem('decodeRun', 'lost');
  return { seed: values.seed, count: done, faults, escapes, accepted, slowest };
}

function report(rows) {
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  const [count, bad] = [sum('count'), sum('faults') + sum('escapes')];
  const slow = Math.max(...rows.map(({ slowest: each }) => each));
  const seeds = rows.map(({ seed }) => seed).join(', ');
  console.log(
    `${count} mutated records, seeds ${seeds}: ${sum('faults')} faults, ${sum('escapes')} files outside the folder`,
  );
  console.log(`${sum('accepted')} of them still runs; the slowest store took ${slow.toFixed(2)} ms a record`);
  console.log(
    `no fault in a million, and no store slower than a second a record: ${bad === 0 && count >= 1e6 && slow < 1000 ? 'met' : 'not met'}`,
  );
  console.log(JSON.stringify({ count, bad, slow }));
  // Fewer were asked for by hand.
  process.exitCode = bad === 0 && count >= Math.min(most, 1e6) && slow < 1000 ? 0 : 1;
}

try {
  if (values.report) report(sittingsOf('store-fuzz'));
  else {
    const row = await fuzz();
    if (values.minutes !== undefined) addSitting('store-fuzz', row);
    report(values.minutes === undefined ? [row] : sittingsOf('store-fuzz'));
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

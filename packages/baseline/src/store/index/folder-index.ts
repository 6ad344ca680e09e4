import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../run-summary.ts';
import type { RunIndex, Segment } from './run-index.ts';
import { memoryIndex } from './memory-index.ts';
import { isWhole, readSegment, segmentOf, writeSegment, type IndexedRun, type SegmentSeries } from './segment.ts';

/** Segments below this many runs are joined when there are more than `mostSmall` of them. */
const small = 200;
const mostSmall = 16;
const runsFile = /^([0-9a-f]{16})\.runs\.json$/;

/**
 * An index in a folder that holds nothing else: segments of runs, each two files that never change. Anything in it that
 * is damaged is deleted and made again; nothing is synced. What cannot be written is known to this process alone.
 */
export function folderIndex(folder: string): RunIndex {
  const files: Files = { root: join(folder, 'v2'), segments: new Map() };
  const unwritten = memoryIndex();
  return {
    async summaries() {
      await load(files);
      const known = new Map(await unwritten.summaries());
      for (const runs of files.segments.values()) for (const run of runs) known.set(run.sha, run);
      return known;
    },
    async clear() {
      files.segments.clear();
      await unwritten.clear();
      await rm(files.root, { recursive: true, force: true }).catch(() => undefined);
    },
    async add(runs) {
      const ordered = oldestFirst(runs);
      for (let i = 0; i < ordered.length; i += small) {
        const part = ordered.slice(i, i + small);
        // A full or read-only disk costs the time of reading again, no more.
        await writeSegmentOf(files, part).catch(() => unwritten.add(part));
      }
      await joinSmall(files).catch(() => undefined);
    },
    async read(shas, wanted) {
      const found: Segment[] = [...(await unwritten.read(shas, wanted))];
      for (const [id, runs] of [...files.segments]) {
        if (!runs.some(({ sha }) => shas.has(sha))) continue;
        const series = await readSeries(files, id, wanted);
        if (series) found.push({ runs, series });
      }
      return found;
    },
  };
}

interface Files {
  readonly root: string;
  /** The runs of each segment that was seen. */
  readonly segments: Map<string, readonly RunSummary[]>;
}

const pathOf = ({ root }: Files, id: string, file: 'runs.json' | 'runs.json.new' | 'series.ndjson'): string =>
  join(root, `${id}.${file}`);

async function drop(files: Files, id: string): Promise<void> {
  files.segments.delete(id);
  // Runs first: a segment without them is not there.
  for (const file of ['runs.json', 'runs.json.new', 'series.ndjson'] as const) {
    await rm(pathOf(files, id, file), { force: true }).catch(() => undefined);
  }
}

async function load(files: Files): Promise<void> {
  const names = await readdir(files.root).catch(() => []);
  const ids = new Set(names.flatMap((name) => runsFile.exec(name)?.[1] ?? []));
  for (const id of files.segments.keys()) if (!ids.has(id)) files.segments.delete(id);
  for (const id of ids) {
    if (files.segments.has(id)) continue;
    const runs = await readFile(pathOf(files, id, 'runs.json'), 'utf8').then(readSummaries, () => undefined);
    if (runs) files.segments.set(id, runs);
    else await drop(files, id);
  }
  const strays = names.filter((name) => !ids.has(name.slice(0, idLength)));
  for (const name of strays) await sweep(join(files.root, name));
}

const idLength = 16;
/** Nobody writes one segment for as long as this. */
const abandonedAfterMs = 3_600_000;

/** Deletes what a process left that ended while it wrote. */
async function sweep(path: string): Promise<void> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > abandonedAfterMs) await rm(path, { force: true, recursive: true }).catch(() => undefined);
}

/** Series are asked for by time: what lies together in time is to lie in few segments. */
const oldestFirst = (runs: readonly IndexedRun[]): readonly IndexedRun[] =>
  runs
    .map((run) => ({ run, time: Date.parse(run.summary.startedAt) }))
    .sort((a, b) => a.time - b.time)
    .map(({ run }) => run);

async function writeSegmentOf(files: Files, runs: readonly IndexedRun[]): Promise<void> {
  const summaries = runs.map(({ summary }) => summary);
  const id = randomBytes(8).toString('hex');
  await mkdir(files.root, { recursive: true });
  try {
    await writeFile(pathOf(files, id, 'series.ndjson'), writeSegment(segmentOf(runs)));
    await writeFile(pathOf(files, id, 'runs.json.new'), JSON.stringify(summaries));
    await rename(pathOf(files, id, 'runs.json.new'), pathOf(files, id, 'runs.json'));
  } catch (error) {
    await drop(files, id);
    throw error;
  }
  files.segments.set(id, summaries);
}

/** `undefined`, and gone, when it is damaged or somebody joined it with others: it is made again when runs are listed. */
async function readSeries(
  files: Files,
  id: string,
  wanted: (key: string) => boolean,
): Promise<readonly SegmentSeries[] | undefined> {
  try {
    const bytes = await readFile(pathOf(files, id, 'series.ndjson'));
    if (!isWhole(bytes)) throw new SyntaxError('torn');
    return readSegment(bytes, wanted);
  } catch {
    await drop(files, id);
    return undefined;
  }
}

async function joinSmall(files: Files): Promise<void> {
  const few = [...files.segments].filter(([, runs]) => runs.length < small);
  if (few.length <= mostSmall) return;
  const indexed = new Map<string, IndexedRun>();
  for (const [id, runs] of few) {
    const series = await readSeries(files, id, () => true);
    if (series) for (const run of unfold({ runs, series })) indexed.set(run.summary.sha, run);
  }
  const joined = oldestFirst([...indexed.values()]);
  for (let i = 0; i < joined.length; i += small) await writeSegmentOf(files, joined.slice(i, i + small));
  for (const [id] of few) await drop(files, id);
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What was written, or `undefined`: another version, a torn file or another hand. */
function readSummaries(text: string): readonly RunSummary[] | undefined {
  try {
    const runs = JSON.parse(text) as readonly RunSummary[];
    const whole =
      Array.isArray(runs) &&
      runs.every(
        (run: RunSummary) =>
          /^[0-9a-f]{64}$/.test(run.sha) && isText(run.id) && isText(run.startedAt) && isText(run.environment),
      );
    return whole ? runs : undefined;
  } catch {
    return undefined;
  }
}

function unfold({ runs, series }: Segment): IndexedRun[] {
  const indexed = runs.map((summary) => ({ summary, points: [] as IndexedRun['points'][number][] }));
  for (const { key, unit, better, ...columns } of series) {
    const disturbed = new Map(columns.disturbed);
    columns.runs.forEach((place, i) => {
      const [value, lo, hi, rounds] = [columns.values[i]!, columns.lo[i]!, columns.hi[i]!, columns.rounds[i]!];
      const point = { key, unit, better, value, lo, hi, rounds };
      indexed[place]?.points.push(disturbed.has(i) ? { ...point, disturbed: disturbed.get(i) } : point);
    });
  }
  return indexed;
}

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../run-summary.ts';
import type { RunIndex, Segment } from './run-index.ts';
import { isWhole, readSegment, segmentOf, writeSegment, type IndexedRun, type SegmentSeries } from './segment.ts';

/** Segments below this many runs are joined when there are more than `mostSmall` of them. */
const small = 200;
const mostSmall = 16;
const runsFile = /^([0-9a-f]{16})\.runs\.json$/;

/**
 * An index in a folder that holds nothing else: segments of runs, each two files that never change. Anything in it that
 * is damaged is deleted and made again; nothing is synced. An index that cannot be written is none.
 */
export function folderIndex(folder: string): RunIndex {
  const root = join(folder, 'v1');
  const segments = new Map<string, readonly RunSummary[]>();
  const pathOf = (id: string, file: 'runs.json' | 'series.ndjson'): string => join(root, `${id}.${file}`);

  async function drop(id: string): Promise<void> {
    segments.delete(id);
    // Runs first: a segment without them is not there.
    for (const file of ['runs.json', 'series.ndjson'] as const)
      await rm(pathOf(id, file), { force: true }).catch(() => undefined);
  }

  async function load(): Promise<void> {
    const names = await readdir(root).catch(() => []);
    const ids = new Set(names.flatMap((name) => runsFile.exec(name)?.[1] ?? []));
    for (const id of segments.keys()) if (!ids.has(id)) segments.delete(id);
    for (const id of ids) {
      if (segments.has(id)) continue;
      const runs = await readFile(pathOf(id, 'runs.json'), 'utf8').then(readSummaries, () => undefined);
      if (runs) segments.set(id, runs);
      else await drop(id);
    }
  }

  async function write(runs: readonly RunSummary[], series: readonly SegmentSeries[]): Promise<void> {
    const id = randomBytes(8).toString('hex');
    await mkdir(root, { recursive: true });
    await writeFile(pathOf(id, 'series.ndjson'), writeSegment(series));
    await writeFile(`${pathOf(id, 'runs.json')}.new`, JSON.stringify(runs));
    await rename(`${pathOf(id, 'runs.json')}.new`, pathOf(id, 'runs.json'));
    segments.set(id, runs);
  }

  /** `undefined`, and gone, when it is damaged or somebody joined it with others. */
  async function readSeries(
    id: string,
    wanted: (key: string) => boolean,
  ): Promise<readonly SegmentSeries[] | undefined> {
    try {
      const bytes = await readFile(pathOf(id, 'series.ndjson'));
      if (!isWhole(bytes)) throw new SyntaxError('torn');
      return readSegment(bytes, wanted);
    } catch {
      await drop(id);
      return undefined;
    }
  }

  async function joinSmall(): Promise<void> {
    const few = [...segments].filter(([, runs]) => runs.length < small);
    if (few.length <= mostSmall) return;
    const indexed = new Map<string, IndexedRun>();
    for (const [id, runs] of few) {
      const series = await readSeries(id, () => true);
      if (series) for (const run of unfold({ runs, series })) indexed.set(run.summary.sha, run);
    }
    const all = [...indexed.values()];
    for (let i = 0; i < all.length; i += small) {
      const part = all.slice(i, i + small);
      await write(
        part.map(({ summary }) => summary),
        segmentOf(part),
      );
    }
    for (const [id] of few) await drop(id);
  }

  return {
    async summaries() {
      await load();
      return new Map([...segments.values()].flat().map((run) => [run.sha, run]));
    },
    async clear() {
      segments.clear();
      await rm(root, { recursive: true, force: true }).catch(() => undefined);
    },
    async add(runs) {
      try {
        for (let i = 0; i < runs.length; i += small) {
          const part = runs.slice(i, i + small);
          await write(
            part.map(({ summary }) => summary),
            segmentOf(part),
          );
        }
        await joinSmall();
      } catch {
        // A full or read-only disk costs the time of reading again, no more.
      }
    },
    async read(shas, wanted) {
      const found: Segment[] = [];
      for (const [id, runs] of [...segments]) {
        if (!runs.some(({ sha }) => shas.has(sha))) continue;
        const series = await readSeries(id, wanted);
        if (series) found.push({ runs, series });
      }
      return found;
    },
  };
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
    columns.runs.forEach((place, i) => {
      const [value, lo, hi, rounds] = [columns.values[i]!, columns.lo[i]!, columns.hi[i]!, columns.rounds[i]!];
      indexed[place]?.points.push({ key, unit, better, value, lo, hi, rounds });
    });
  }
  return indexed;
}

import { readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metrics, type Measurement } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { readHistory } from '../../history/read-history.ts';
import { memoryLog } from '../memory-log.ts';
import type { ObjectLog } from '../object-log.ts';
import { runStore } from '../run-store.ts';
import { summariseRun } from '../run-summary.ts';
import { folderIndex } from './folder-index.ts';
import { runPoints } from './run-points.ts';
import { readSegment, segmentOf, writeSegment } from './segment.ts';

const plan = samplePlan({
  id: 'parse "[1]" ] [',
  kind: 'bench',
  metrics: [metrics.timePerOperation],
  primary: metrics.timePerOperation.id,
  objectives: [],
  variant: { family: 'parse', parameters: { size: 10, mode: 'fast' } },
});

const runAt = (n: number, environment = 'c0ffee00') =>
  sampleRun({
    id: `RUN-${n}`,
    startedAt: new Date(Date.UTC(2027, 0, 1) + n * 60_000).toISOString(),
    plans: [plan],
    environment: { class: environment },
    measurements: [0, 1, 2].map((round) =>
      sampleMeasurement({
        benchmark: plan.id,
        metric: 'time',
        round,
        data: { kind: 'sample', values: [n * 100 + round] },
      }),
    ),
  });

/** Counts what is read, since that is what an index saves. */
function counting(log: ObjectLog): { log: ObjectLog; reads: () => number } {
  let reads = 0;
  const get = (key: string): Promise<Uint8Array | undefined> => ((reads += 1), log.get(key));
  return { log: { ...log, get }, reads: () => reads };
}

describe('series', () => {
  it('have a point for each run, oldest first, with the rounds of each', async () => {
    const store = runStore(memoryLog());
    for (const n of [2, 1, 3]) await store.saveRun(runAt(n));
    const [series, ...others] = await store.readSeries();
    expect(others).toEqual([]);
    expect(series!.key).toMatchObject({
      project: 'orders',
      benchmark: plan.id,
      metric: 'time',
      statistic: 'p10',
      configuration: '{"mode":"fast","size":10}',
      environment: 'c0ffee00',
    });
    expect(series!.points.map(({ run, value, lo, hi, rounds }) => [run.id, value, lo, hi, rounds])).toEqual([
      ['RUN-1', 101, 100, 102, 3],
      ['RUN-2', 201, 200, 202, 3],
      ['RUN-3', 301, 300, 302, 3],
    ]);
  });

  it('of machines of other classes are others', async () => {
    const store = runStore(memoryLog());
    await store.saveRun(runAt(1));
    await store.saveRun(runAt(2, 'decafbad'));
    expect((await store.readSeries()).map(({ key }) => key.environment)).toEqual(['c0ffee00', 'decafbad']);
    expect(await store.readSeries({ environment: 'decafbad' })).toHaveLength(1);
    const [one] = await store.readSeries({ last: 1, environment: 'c0ffee00' });
    expect(one!.points.map(({ run }) => run.id)).toEqual(['RUN-1']);
    expect(await store.readSeries({ benchmark: 'other' })).toEqual([]);
  });
});

it('a point is made of more rounds than a call takes arguments, and of as many parts of one round', () => {
  const many = 150_000;
  const first = sampleMeasurement({ benchmark: plan.id, metric: 'time', data: { kind: 'exact', value: 0 } });
  const parts = Array.from({ length: many }, (_, i) => ({
    ...first,
    round: i,
    data: { kind: 'exact', value: i } as const,
  }));
  const pointOf = (measurements: readonly Measurement[]): unknown => {
    const [{ lo, hi, rounds } = {}] = runPoints({ ...runAt(1), measurements });
    return [lo, hi, rounds];
  };
  expect(pointOf(parts)).toEqual([0, many - 1, many]);
  expect(pointOf(parts.map((part) => ({ ...part, round: 0 })))).toEqual([(many - 1) / 2, (many - 1) / 2, 1]);
});

describe('an index', () => {
  it('is read instead of runs, by this process and by the next', async () => {
    const indexFolder = await temporaryFolder();
    const { log, reads } = counting(memoryLog());
    for (let n = 0; n < 20; n++) {
      await runStore(log, { indexFolder }).saveRun(runAt(n));
      expect(await runStore(log, { indexFolder }).listRuns()).toHaveLength(n + 1);
    }
    expect(reads()).toBe(20);
    expect((await runStore(log, { indexFolder }).readSeries())[0]!.points).toHaveLength(20);
    expect(reads()).toBe(20);
    // Who knows the hash of a run gets it without looking for it.
    const store = runStore({ ...log, list: () => Promise.reject(new Error('listed')) }, { indexFolder });
    const { sha } = await runStore(log, { indexFolder }).findRun('RUN-7');
    expect((await store.loadRun(sha)).id).toBe('RUN-7');
    // Many small segments were joined.
    expect((await readdir(join(indexFolder, 'v2'))).length).toBeLessThan(20);
    await log.remove(`objects/${(await runStore(log).findRun('RUN-19')).sha.replace(/^(..)/, '$1/$1')}.json`);
    expect((await runStore(log, { indexFolder }).readSeries())[0]!.points).toHaveLength(19);
  });

  it.each([
    [
      'torn series',
      (files: string[]) =>
        truncate(
          files.find((file) => file.endsWith('ndjson'))!,
          200,
        ),
    ],
    [
      'rubbish for series',
      (files: string[]) =>
        writeFile(
          files.find((file) => file.endsWith('ndjson'))!,
          '\nrubbish\nend\n',
        ),
    ],
    ['a lost file', (files: string[]) => rm(files.find((file) => file.endsWith('ndjson'))!)],
    [
      'rubbish for runs',
      (files: string[]) =>
        writeFile(
          files.find((file) => file.endsWith('json'))!,
          '[{}]',
        ),
    ],
    ['nothing', (files: string[]) => Promise.all(files.map((file) => rm(file)))],
  ])('that holds %s is made again', async (_what, damage) => {
    const indexFolder = await temporaryFolder();
    const log = memoryLog();
    const store = runStore(log, { indexFolder });
    for (let n = 0; n < 3; n++) await store.saveRun(runAt(n));
    const whole = await store.readSeries();
    const root = join(indexFolder, 'v2');
    await damage((await readdir(root)).sort().map((name) => join(root, name)));
    expect(await runStore(log, { indexFolder }).readSeries()).toEqual(whole);
    expect(await runStore(log, { indexFolder }).readSeries()).toEqual(whole);
  });

  it('that cannot be written costs time only', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'x');
    const store = runStore(memoryLog(), { indexFolder: file });
    for (const n of [1, 2]) await store.saveRun(runAt(n));
    expect(await store.listRuns()).toHaveLength(2);
    expect((await store.readSeries()).map(({ points }) => points.map(({ value }) => value))).toEqual([[101, 201]]);
    expect((await readHistory(store)).series).toHaveLength(1);
  });

  it('keeps what lies together in time together, in whatever order it is told of it', async () => {
    const index = folderIndex(await temporaryFolder());
    const runs = Array.from({ length: 450 }, (_, i) => {
      const summary = summariseRun(runAt((i * 7) % 450), String((i * 7) % 450).padStart(64, '0'));
      return { summary, points: [] };
    });
    await index.add(runs);
    const newest = new Set(Array.from({ length: 50 }, (_, i) => String(400 + i).padStart(64, '0')));
    const segments = await index.read(newest, () => true);
    expect(segments.map((segment) => segment.runs.length)).toEqual([50]);
    expect((await index.summaries()).size).toBe(450);
  });

  it('does not keep what a process left that ended while it wrote', async () => {
    const folder = await temporaryFolder();
    await folderIndex(folder).add([{ summary: summariseRun(runAt(1), 'a'.repeat(64)), points: [] }]);
    const root = join(folder, 'v2');
    const whole = (await readdir(root)).sort();
    const strays = ['0123456789abcdef.series.ndjson', '0123456789abcdef.runs.json.new'].map((name) => join(root, name));
    for (const stray of strays) await writeFile(stray, 'half');
    await utimes(strays[0]!, 1e9, 1e9);
    expect((await folderIndex(folder).summaries()).size).toBe(1);
    expect((await readdir(root)).sort()).toEqual([...whole, '0123456789abcdef.runs.json.new'].sort());
  });

  it('gives back every key and number', () => {
    const points = fc.array(
      fc.record({
        name: fc.string({ unit: 'grapheme', maxLength: 20 }),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0),
      }),
    );
    fc.assert(
      fc.property(points, (all) => {
        const summary = { id: 'R' } as never;
        const unique = [...new Map(all.map(({ name, value }) => [JSON.stringify([name]), value]))];
        const series = segmentOf([
          {
            summary,
            points: unique.map(([key, value]) => ({
              key,
              unit: 'ns',
              better: 'lower',
              value,
              lo: value,
              hi: value,
              rounds: 1,
            })),
          },
        ]);
        expect(readSegment(Buffer.from(writeSegment(series)), () => true)).toEqual(series);
      }),
      { numRuns: 25 },
    );
  });
});

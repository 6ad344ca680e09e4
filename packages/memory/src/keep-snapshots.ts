import { mkdir } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import {
  formatQuantity,
  judgeObjective,
  messageOf,
  type BenchmarkPlan,
  type Metric,
  type RoundMeasurement,
  type Warning,
} from '@perfkeel/core';
import type { Work } from './repeat.ts';
import { ownProcess, type SnapshotSource } from './snapshot/snapshot-source.ts';
import { snapshotOf } from './snapshot/snapshot-of.ts';
import { takeSnapshot, type SnapshotInfo } from './snapshot/take-snapshot.ts';
import type { MemoryTarget } from './target/memory-target.ts';
import { workFor } from './work-for.ts';

/** When a leak round writes the heap down by itself. */
export type SnapshotMoment = 'on-failure' | 'near-limit';

/** What a declaration promises, as it is judged in the end. */
export interface Promised {
  readonly name: string;
  readonly objectives: readonly string[];
  readonly metrics: readonly Metric[];
}

export interface KeepingTask {
  readonly promised: Promised;
  readonly measurements: readonly RoundMeasurement[];
  readonly work: Work;
  /** Calls of it that may be under way at once. */
  readonly clients: number;
  readonly target: MemoryTarget | undefined;
  readonly round: number;
  /** Bytes that each iteration is known to leave behind. */
  readonly growth: number;
  readonly stoppedBy: 'time' | 'memory' | undefined;
  readonly moments: readonly SnapshotMoment[];
  readonly folder: string;
}

/** Where snapshots go when nobody says. */
export const defaultSnapshotFolder = '.perf/heap';

/** Between two snapshots: enough to tell growth from chance, and few megabytes. */
const mostBetween = 500;
const mostGrowth = 8 * 2 ** 20;
/** One call of the work may be a whole load. */
const mostMs = 30_000;

/**
 * Writes the heap down where a promise was missed, twice with some iterations between, and where memory ran out. Says
 * which files there are, as remarks. Never fails: a promise that was missed without a snapshot is still missed.
 */
export async function keepSnapshots(task: KeepingTask): Promise<Warning[]> {
  const { moments, stoppedBy } = task;
  try {
    if (moments.includes('near-limit') && stoppedBy === 'memory') return [await nearLimit(task)];
    const missed = moments.includes('on-failure') ? missedObjective(task) : undefined;
    return missed === undefined ? [] : [await onFailure(task, missed)];
  } catch (error) {
    return [{ code: 'no-snapshot', message: `no snapshot was kept: ${messageOf(error)}` }];
  }
}

/** As the run will judge it, of this round alone. */
export function missedObjective(task: Pick<KeepingTask, 'promised' | 'measurements' | 'round'>): string | undefined {
  const { promised, measurements, round } = task;
  const plan = { id: promised.name, metrics: promised.metrics, quantiles: false } as unknown as BenchmarkPlan;
  const measured = measurements.map(({ dropped = 0, warnings = [], ...each }) => ({
    ...{ benchmark: promised.name, round, dropped, warnings },
    ...each,
  }));
  return promised.objectives.find((each) => judgeObjective(plan, each, measured).verdict.kind === 'fail');
}

async function nearLimit(task: KeepingTask): Promise<Warning> {
  const { file, bytes } = await take(task, 'near-limit');
  return {
    code: 'snapshot-kept',
    message: `the heap as memory ran out: ${file} (${formatQuantity(bytes, 'B')}); perfkeel heap top shows it`,
  };
}

async function onFailure(task: KeepingTask, missed: string): Promise<Warning> {
  const between = Math.max(10, Math.min(mostBetween, Math.floor(mostGrowth / Math.max(task.growth, 1))));
  const first = await take(task, 'failed-1');
  const iterations = await workFor(task.work, { ms: mostMs, iterations: between, clients: task.clients });
  const second = await take(task, 'failed-2');
  const how = `perfkeel heap diff ${first.file} ${second.file} --iterations ${Math.max(1, Math.round(iterations))}`;
  return { code: 'snapshot-kept', message: `the heap after "${missed}" was missed, twice: ${how}` };
}

async function take({ promised, round, target, folder }: KeepingTask, moment: string): Promise<SnapshotInfo> {
  const source: SnapshotSource = target === undefined ? ownProcess : snapshotOf(target);
  await mkdir(resolve(folder), { recursive: true });
  const name = promised.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
  const file = resolve(folder, `${name}-${round + 1}-${moment}.heapsnapshot.br`);
  const info = await takeSnapshot(file, { source });
  return { ...info, file: relative(process.cwd(), file) || file };
}

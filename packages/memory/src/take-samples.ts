import { median, nanosFromMs } from '@perfkeel/core';
import { defaultFloor } from './analysis/analyze-leak-series.ts';
import { unevenRounds } from './analysis/uneven-rounds.ts';
import type { LeakPlan, SamplingOptions } from './leak-plan.ts';
import type { MemorySample } from './memory-sample.ts';
import { grownSince, memoryRoom, planIterations, runBlock, type Pace, type WarmUp } from './pace.ts';
import type { Probe } from './probe.ts';
import type { Work } from './repeat.ts';

export interface SamplingTask {
  readonly work: Work;
  readonly options: SamplingOptions;
  readonly plan: LeakPlan;
  readonly warm: WarmUp;
  readonly probe: Probe;
  /** When the measurement began, on the clock of `performance.now`. */
  readonly began: number;
  /** Called after every sample. What it asks for leaves garbage behind, and what it keeps is counted. */
  readonly onSampling?: ((soFar: () => Sampling) => void) | undefined;
}

export interface Sampling {
  /** At least one. */
  readonly samples: readonly MemorySample[];
  /** Calls of the work between two samples: exactly when they were given, on average when they were chosen. */
  readonly perSample: number;
  /** Iterations before the series: of the warm-up, and of series that were given up. */
  readonly offset: number;
  readonly stoppedBy?: 'time' | 'memory' | undefined;
}

/** A measurement that takes so many times its duration, and so long, ends with the samples that it has. */
const patience = 4;
const leastPatienceMs = 20_000;
/** Running for so many times the duration is too long; a plan for so many times the iterations is worth a new start. */
const tooLong = 2;
const tooFew = 3;
/** Samples after which the pace is looked at, and the share of all samples after which it no longer is. */
const leastLooks = 4;
const lookingShare = 0.25;
const mostPlans = 3;

/** Rounds of about equal work, each followed by a collection and a reading. */
export async function takeSamples(task: SamplingTask): Promise<Sampling> {
  const { options, plan, warm, probe } = task;
  const room = memoryRoom(warm.before, probe.heapLimit());
  const limits = { ...plan, floor: defaultFloor, room };
  let perSample = options.iterations ?? planIterations(warm.pace, warm.calls, limits);
  let done = warm.iterations;
  for (let plans = 1; ; plans++) {
    const isFinal = options.iterations !== undefined || plans === mostPlans;
    const planned = (pace: Pace): number => planIterations(pace, warm.calls, limits);
    const series = await takeSeries({ ...task, room, perSample, offset: done }, isFinal ? undefined : planned);
    if (series.replanned === undefined) return series;
    done = series.samples.at(-1)!.iterations;
    perSample = series.replanned;
  }
}

interface Series extends Sampling {
  /** Calls between samples that this series should have had. */
  readonly replanned?: number | undefined;
}

interface SeriesTask extends SamplingTask {
  readonly room: number;
  readonly perSample: number;
  readonly offset: number;
}

async function takeSeries(task: SeriesTask, planned: ((pace: Pace) => number) | undefined): Promise<Series> {
  const { work, options, plan, warm, probe, began, room, perSample, offset } = task;
  const { signal, onSample } = options;
  // Numbers go into arrays of their final size, so that measuring adds nothing to what is measured.
  const columns = Array.from({ length: 7 }, () => new Float64Array(plan.samples)) as Columns;
  const [at, iterations, heap, external, rss, threads, silent] = columns;
  const deadline =
    options.iterations === undefined ? began + Math.max(patience * plan.durationMs, leastPatienceMs) : Infinity;
  // Whoever gives the iterations may know a rhythm of the work, and wants whole ones of it.
  const lengths = options.iterations === undefined ? unevenRounds(perSample, plan.samples) : undefined;
  const looking = plan.samples * lookingShare;
  const paces: Pace[] = [];
  let reading = warm.after;
  let [taken, completed] = [0, offset];
  let stopped: Pick<Series, 'stoppedBy' | 'replanned'> | undefined;
  const soFar = (): Sampling => ({ samples: rowsOf(columns, taken), perSample, offset });
  while (taken < plan.samples && stopped === undefined) {
    signal?.throwIfAborted();
    const block = await runBlock(work, lengths?.[taken] ?? perSample, probe.read, reading);
    reading = block.reading;
    completed += block.completed;
    iterations[taken] = completed;
    at[taken] = performance.now() - began;
    heap[taken] = reading.heap;
    external[taken] = reading.external;
    rss[taken] = reading.rss;
    threads[taken] = reading.threads ?? NaN;
    silent[taken] = reading.silentThreads ?? 0;
    taken += 1;
    onSample?.(taken, plan.samples, rowAt(columns, taken - 1));
    task.onSampling?.(soFar);
    if (planned && taken <= looking) {
      paces.push(block.pace);
      if (taken >= leastLooks) stopped = replan(paces, perSample, plan, planned);
    }
    if (began + at[taken - 1]! > deadline) stopped = { stoppedBy: 'time' };
    if (grownSince(warm.before, reading) > room) stopped = { stoppedBy: 'memory' };
  }
  return { ...soFar(), ...(taken < plan.samples ? stopped : undefined) };
}

type Column = Float64Array;
type Columns = [Column, Column, Column, Column, Column, Column, Column];

const rowsOf = (columns: Columns, count: number): readonly MemorySample[] =>
  Array.from({ length: count }, (_, i) => rowAt(columns, i));

const rowAt = ([at, iterations, heap, external, rss, threads, silent]: Columns, i: number): MemorySample => ({
  at: nanosFromMs(at[i]!),
  iterations: iterations[i]!,
  heap: heap[i]!,
  external: external[i]!,
  rss: rss[i]!,
  ...(Number.isNaN(threads[i]!) ? {} : { threads: threads[i]! }),
  ...(silent[i]! === 0 ? {} : { silentThreads: silent[i]! }),
});

/**
 * Plans anew when the last three paces are far from the planned one: for more iterations when there is room for them, for
 * fewer when time runs out. Growth alone never asks for fewer: a container that doubles would begin anew for ever.
 */
function replan(
  paces: readonly Pace[],
  perSample: number,
  { samples, durationMs }: LeakPlan,
  planned: (pace: Pace) => number,
): Pick<Series, 'replanned'> | undefined {
  const recent = paces.slice(1 - leastLooks);
  const middle = (of: (pace: Pace) => number): number => median(recent.map(of));
  const pace: Pace = {
    msPerCall: middle(({ msPerCall }) => msPerCall),
    growth: middle(({ growth }) => growth),
    pauseMs: middle(({ pauseMs }) => pauseMs),
  };
  const isLate = samples * perSample * pace.msPerCall > tooLong * durationMs;
  const better = planned(isLate ? { ...pace, growth: 0 } : pace);
  if (isLate) return better < perSample ? { replanned: better } : undefined;
  return better > tooFew * perSample ? { replanned: better } : undefined;
}

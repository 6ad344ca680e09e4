import {
  describeValue,
  metrics,
  nanos,
  parseDuration,
  parseObjective,
  usageError,
  windowMetricId,
  type Comparator,
  type DurationText,
  type Metric,
  type Nanos,
  type PercentText,
  type RateText,
  type TimeStatistic,
} from '@perfkeel/core';
import type { LoadPlan } from './load-plan.ts';
import { recordedDuration } from './profile/phase.ts';

type AnyWindow = `of any ${DurationText} window`;

/** What must hold in every stretch of a run that lasts so long, not only over all of it. */
export type WindowObjective =
  | `${Exclude<TimeStatistic, 'mean'>} ${AnyWindow} ${Comparator} ${DurationText}`
  | `errors ${AnyWindow} ${'<' | '<='} ${PercentText}`
  | `errors ${AnyWindow} = 0`
  | `throughput ${AnyWindow} ${'>' | '>='} ${RateText}`;

/** What is read in a window. */
export type WindowReading =
  { readonly kind: 'quantile'; readonly q: number } | { readonly kind: 'errors' } | { readonly kind: 'throughput' };

/** A window that objectives speak of. */
export interface PlannedWindow {
  /** Its worst one, which is one number of a round. */
  readonly metric: Metric;
  readonly duration: Nanos;
  readonly reading: WindowReading;
}

const sentence = /^\s*(\S+)\s+of\s+any\s+(\S+)\s+window\b/;
/** Windows move on in steps of a second; the histograms of one are kept while it lasts. */
const [shortest, longest] = [nanos(2e9), nanos(60e9)];

function fail(source: string, message: string, hint: string): never {
  throw usageError(`${describeValue(source)} is not an objective: ${message}`, {
    code: 'bad-objective',
    hint,
    excerpt: source,
  });
}

/**
 * The windows that a list of objectives speaks of, each once. What else is wrong with the list is found by core.
 *
 * @throws PerfError `bad-objective`, exit code 2.
 */
export function planWindows(objectives: unknown): readonly PlannedWindow[] {
  const list: readonly unknown[] = Array.isArray(objectives) ? objectives : [];
  const planned = new Map<string, PlannedWindow>();
  for (const source of list) {
    if (typeof source !== 'string') continue;
    const [, word, span] = sentence.exec(source) ?? [];
    if (word === undefined || span === undefined) continue;
    const id = windowMetricId(word, span);
    planned.set(id, planWindow(source, id, word, readSpan(source, span)));
  }
  return [...planned.values()];
}

function planWindow(source: string, id: string, word: string, duration: Nanos): PlannedWindow {
  for (const known of [metrics.errors, metrics.throughput]) {
    if (word !== known.id) continue;
    const kind = known === metrics.errors ? 'errors' : 'throughput';
    return { metric: { ...known, id }, duration, reading: { kind } };
  }
  const reading = readStatistic(word);
  if (reading === undefined) {
    fail(
      source,
      `"${word}" is not read in windows`,
      'Write "p99", another percentile, "max", "errors" or "throughput".',
    );
  }
  return { metric: { ...metrics.responseTime, id }, duration, reading };
}

function readStatistic(word: string): WindowReading | undefined {
  try {
    const scope = { metrics: [metrics.responseTime], primary: metrics.responseTime.id };
    const { statistic } = parseObjective(`${word} < 1s`, scope);
    return statistic.kind === 'quantile' ? statistic : undefined;
  } catch {
    return undefined;
  }
}

function readSpan(source: string, span: string): Nanos {
  const duration = durationOf(span);
  if (duration !== undefined && duration >= shortest && duration <= longest) return duration;
  return fail(
    source,
    `a window cannot last ${span}`,
    "Write a time from '2s' to '60s': p99 of any 10s window < 500ms.",
  );
}

function durationOf(span: string): Nanos | undefined {
  try {
    return parseDuration(span);
  } catch {
    return undefined;
  }
}

/** @throws PerfError `bad-load`, exit code 2, for windows longer than what is measured. */
export function checkWindows({ windows, profile }: Pick<LoadPlan, 'windows' | 'profile'>): void {
  const measured = recordedDuration(profile.phases);
  const tooLong = windows.find(({ duration }) => duration > measured);
  if (tooLong === undefined) return;
  throw usageError(`a window of ${tooLong.duration / 1e9} s is longer than the ${measured / 1e9} s that are measured`, {
    code: 'bad-load',
    hint: 'Measure for longer, or promise of shorter windows.',
    excerpt: 'window',
  });
}

import { distributionOf, formatQuantity, median, type Comparison, type Run } from '@perfkeel/core';
import { viewBenchmarks, type MetricView } from './benchmark-view.ts';
import { isLowerBound } from './censored.ts';
import { greatestOf } from './extent.ts';
import { effectShown, shownWords, type ShownEffect } from './shown-effect.ts';

/** What counts as no change when the caller does not say, as a ratio: the default of the configuration. */
export const defaultNoChange = 0.05;

/** One compared metric as a row. */
export interface ComparisonRow {
  readonly comparison: Comparison;
  readonly label: string;
  /** Values of the two sides: medians of their rounds. */
  readonly base: string;
  readonly head: string;
  /** `+14.2 % [10.7, 17.7]`, `+99.0 points [97.1, 100]`, or why there is none. */
  readonly change: string;
  /** What is drawn of it. */
  readonly drawn?: ShownEffect | undefined;
  readonly direction: 'up' | 'down' | 'none';
  /** `slower`, `slower, accepted`, `better`, `undecided`, `unchanged`, `identical`. */
  readonly word: string;
  /** Rounds a side: `10`, `10 and 12`; `6 + 6` when a second set confirmed or refuted what the first one showed. */
  readonly rounds: string;
}

const order = { regressed: 0, inconclusive: 1, accepted: 2, improved: 3, unchanged: 4, identical: 5 } as const;

/** The rows that changed or may have, worst first and largest first. */
export function changedRows(run: Run, comparisons: readonly Comparison[]): readonly ComparisonRow[] {
  return allRows(run, comparisons).filter(({ comparison }) => isNews(comparison));
}

/** What a person may have to read: neither unchanged nor identical. */
export const isNews = ({ decision }: Comparison): boolean => decision !== 'unchanged' && decision !== 'identical';

/** All rows in the same order, the unchanged ones last. */
export function allRows(run: Run, comparisons: readonly Comparison[]): readonly ComparisonRow[] {
  const size = ({ effect }: Comparison): number => Math.abs(effect?.value ?? 0);
  return [...comparisons]
    .sort((a, b) => order[a.decision] - order[b.decision] || size(b) - size(a))
    .map((comparison) => rowOf(run, comparison));
}

function rowOf(run: Run, comparison: Comparison): ComparisonRow {
  const { effect, decision, unit, verdict } = comparison;
  const drawn = effectShown(comparison);
  const value = (rounds: readonly number[]): string =>
    rounds.length > 0 ? formatQuantity(median(rounds), unit) : 'no value';
  const changed = decision === 'regressed' || decision === 'accepted' || decision === 'improved';
  return {
    comparison,
    label: labelOf(run, comparison),
    base: value(comparison.base),
    head: isBound(run, comparison) ? `≥ ${value(comparison.head)}` : value(comparison.head),
    ...(drawn ? { drawn } : {}),
    change: drawn
      ? shownWords(drawn)
      : decision === 'identical'
        ? 'the same code'
        : (verdict.reasons[0]?.message ?? 'cannot be compared'),
    direction: !changed || !effect ? 'none' : effect.value >= 0 ? 'up' : 'down',
    word: wordOf(comparison),
    rounds: roundsOf(comparison),
  };
}

/**
 * Whether the value of this run, the median of its rounds, would be greater had all work been answered in the end. What the
 * other run knew of its own is not told, and neither is what fresh rounds did that confirmed a change.
 */
function isBound(run: Run, { benchmark, metric, statistic, head, screening }: Comparison): boolean {
  const view = viewBenchmarks(run)
    .find(({ plan }) => plan.id === benchmark)
    ?.metrics.find((each) => each.metric.id === metric);
  const bounds = view && screening === undefined ? roundBounds(view, statistic) : [];
  if (bounds.length !== head.length) return false;
  return median(head.map((value, i) => (bounds[i] ? Number.MAX_VALUE : value))) > median(head);
}

/** Of each round with a distribution, whether its statistic is only known to be no less. */
function roundBounds({ rounds, censored, boundFrom }: MetricView, statistic: string): readonly boolean[] {
  const q = quantileOf(statistic);
  return rounds.flatMap(({ data }, i) => {
    const values = distributionOf([data]);
    if (!values || values.count === 0) return [];
    return [
      q === undefined ? statistic === 'mean' && censored[i]! > 0 : isLowerBound(q, values, censored[i]!, boundFrom),
    ];
  });
}

function quantileOf(statistic: string): number | undefined {
  if (statistic === 'min' || statistic === 'max') return statistic === 'min' ? 0 : 1;
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(statistic) ?? [];
  return percent === undefined ? undefined : Number(percent) / 100;
}

function roundsOf({ base, head, screening }: Comparison): string {
  const sides = (from: number, to: number): string => (from === to ? `${from}` : `${from} and ${to}`);
  const own = sides(base.length, head.length);
  return screening ? `${sides(screening.base.length, screening.head.length)} + ${own}` : own;
}

/** A primary metric needs no name: `checkout p99`. */
function labelOf({ plan }: Run, { benchmark, metric, statistic }: Comparison): string {
  const primary = plan.benchmarks.find(({ id }) => id === benchmark)?.primary;
  if (statistic === 'value') return `${benchmark} ${metric}`;
  return metric === primary ? `${benchmark} ${statistic}` : `${benchmark} ${metric} ${statistic}`;
}

function wordOf({ decision, unit, effect }: Comparison): string {
  const up = (effect?.value ?? 0) >= 0;
  switch (decision) {
    case 'regressed':
      return unit === 'ns' && up ? 'slower' : 'worse';
    case 'accepted':
      return unit === 'ns' && up ? 'slower, accepted' : 'worse, accepted';
    case 'improved':
      return unit === 'ns' && !up ? 'faster' : 'better';
    case 'inconclusive':
      return 'undecided';
    case 'unchanged':
    case 'identical':
      return decision;
  }
}

const niceReaches = [0.1, 0.25, 0.5, 1];

/**
 * How far a symmetric axis of changes must reach: a round number, 100 % at most; what lies beyond is clipped, and so is what
 * is told as a difference, which may be many times next to nothing.
 */
export function reachOf(comparisons: readonly Comparison[], noChange: number): number {
  const ends = comparisons
    .map(effectShown)
    .flatMap((effect) => (effect && !effect.difference ? [effect.value, effect.lo, effect.hi] : []));
  const furthest = greatestOf(ends.filter((end) => Number.isFinite(end) && end > -1).map(Math.abs), 2 * noChange);
  return niceReaches.find((reach) => reach >= furthest) ?? 1;
}

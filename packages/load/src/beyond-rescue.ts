import { cellOf, metrics, type ParsedObjective } from '@perfkeel/core';
import { metricOfPart } from './load-metrics.ts';
import type { LoadPlan } from './load-plan.ts';
import type { OpenProfile } from './profile/load-profile.ts';
import { RateCurve } from './profile/rate-curve.ts';
import type { LoadRecord } from './record/load-recorder.ts';
import type { SharedHistogram } from './record/shared-histogram.ts';
import type { Tally } from './record/tally.ts';
import type { WorstWindow } from './record/window-watch.ts';

/** Poisson arrivals more than this many standard deviations above their expectation are one in a billion. */
const deviations = 6;

/** Looks at what has been counted so far; the objective that can no longer be kept, in words. */
export type Hopeless = (records: readonly LoadRecord[], windows?: readonly WorstWindow[]) => string | undefined;

/** The requests that an objective speaks of. */
interface Part {
  readonly phases: readonly number[];
  /** How many of them there will be at most. */
  readonly expected: number;
}

/**
 * When the rest of a run can no longer change anything: so many requests of the schedule have taken too long or failed
 * that the objective is missed, whatever becomes of the others. Exact for arrivals, whose number is known in advance; of
 * clients only `errors = 0` can be said.
 */
export function watchObjectives(objectives: readonly ParsedObjective[], plan: LoadPlan): Hopeless {
  const watched = objectives.flatMap((objective) => {
    const exceeded = excessOf(objective);
    const part = partOf(objective, plan);
    return exceeded === undefined || part === undefined ? [] : [{ ...part, exceeded, objective }];
  });
  const kept = watchWindows(objectives);
  return (records, windows = []) => {
    for (const { phases, expected, exceeded, objective } of watched) {
      const tallies = records.flatMap((record) => phases.map((phase) => record.phases[phase]!));
      const count = tallies.reduce((sum, tally) => sum + exceeded.count(tally), 0);
      if (count > exceeded.allowed(expected)) {
        return `"${objective.source}" could no longer be kept: ${count} ${exceeded.words}`;
      }
    }
    return kept(windows);
  };
}

/** A window that is over stays as bad as it was. */
function watchWindows(objectives: readonly ParsedObjective[]): (windows: readonly WorstWindow[]) => string | undefined {
  return (windows) => {
    for (const { source, metric, comparator, limit } of objectives) {
      const worst = windows.find((window) => window.metric === metric);
      if (worst === undefined) continue;
      const { value } = worst;
      const isUpper = comparator.startsWith('<');
      const isMissed = isUpper ? value > limit : comparator.startsWith('>') && value < limit;
      if (isMissed) return `"${source}" could no longer be kept: one window has missed it`;
    }
    return undefined;
  };
}

interface Excess {
  readonly count: (tally: Tally) => number;
  /** Of so many requests, how many may be in excess. */
  readonly allowed: (expected: number) => number;
  readonly words: string;
}

const isOf = ({ metric }: ParsedObjective, id: string): boolean => metric === id || metric.endsWith(`.${id}`);

function excessOf(objective: ParsedObjective): Excess | undefined {
  const { statistic, comparator, limit } = objective;
  const isUpper = comparator.startsWith('<');
  if (isOf(objective, metrics.errors.id) && (isUpper || (comparator === '=' && limit === 0))) {
    // The largest whole number below, or up to, the limit; shares such as 0.1 are not exact in binary.
    const allowed = (expected: number): number =>
      comparator === '<' ? Math.ceil(limit * expected - 1e-9) - 1 : Math.floor(limit * expected + 1e-9);
    return { count: ({ failed }) => failed, allowed, words: 'requests failed' };
  }
  if (!isOf(objective, metrics.responseTime.id) || statistic.kind !== 'quantile' || !isUpper) return undefined;
  const { q } = statistic;
  return {
    count: ({ responseTime }) => countAbove(responseTime, limit),
    // The entry of rank ceil(q n) is the quantile: behind it there may be as many as there want to be.
    allowed: (expected) => expected - Math.ceil(q * expected - 1e-9),
    words: 'requests took longer',
  };
}

/** Entries of cells that lie wholly above a limit. */
function countAbove({ cells }: SharedHistogram, limit: number): number {
  let count = 0;
  for (let cell = cellOf(Math.floor(limit)) + 1; cell < cells.length; cell++) count += cells[cell]!;
  return count;
}

function partOf({ metric, comparator, limit }: ParsedObjective, { profile }: LoadPlan): Part | undefined {
  const { phases, model } = profile;
  const measured = phases.flatMap(({ record }, i) => (record ? [i] : []));
  const own = measured.filter((i) => {
    const names = [metrics.responseTime, metrics.errors].map((one) => metricOfPart(phases[i]!.name, one).id);
    return names.includes(metric);
  });
  const isWhole = metric === metrics.responseTime.id || metric === metrics.errors.id;
  if (!isWhole && own.length === 0) return undefined;
  const of = isWhole ? measured : own;
  if (model === 'open') return { phases: of, expected: mostRequests(profile, of) };
  // Without a schedule the share of a few is unknown; but none is none.
  return limit === 0 && comparator !== '<' ? { phases: of, expected: 0 } : undefined;
}

function mostRequests(profile: OpenProfile, of: readonly number[]): number {
  const { total } = new RateCurve(of.map((i) => profile.phases[i]!));
  return profile.arrivals === 'poisson' ? Math.ceil(total + deviations * Math.sqrt(total)) : Math.ceil(total);
}

import { formatQuantity, metrics, type Ban, type ParsedObjective } from '@perfkeel/core';
import type { LoadResult } from '../load-result.ts';

/** What one trial says of its rate. */
export interface TrialVerdict {
  /** `invalid` when nothing follows from the numbers, `doubtful` when something else may have made them bad. */
  readonly outcome: 'good' | 'bad' | 'doubtful' | 'invalid';
  /** Why not good, in words. */
  readonly reasons: readonly string[];
}

/** The share of the requests that must end while as many come. */
const keptUp = 0.98;
/** Requests at the edges of a window are nobody's fault. */
const strays = 2;

/** Holds one trial against its conditions, as it was observed. */
export function judgeTrial(result: LoadResult, conditions: readonly ParsedObjective[]): TrialVerdict {
  const banned = (ban: Ban): string[] =>
    result.warnings.filter(({ forbids }) => forbids === ban).map(({ message }) => message);
  const invalid = banned('verdict');
  if (invalid.length > 0) return { outcome: 'invalid', reasons: invalid };
  const missed = [...conditions.flatMap((condition) => missedBy(result, condition)), ...backlogOf(result)];
  if (missed.length === 0) return { outcome: 'good', reasons: [] };
  const doubts = conditions.some((condition) => isAnsweredWrongly(result, condition)) ? [] : banned('fail');
  return { outcome: doubts.length > 0 ? 'doubtful' : 'bad', reasons: [...missed, ...doubts] };
}

function missedBy(
  result: LoadResult,
  { source, metric, statistic, comparator, limit, unit }: ParsedObjective,
): string[] {
  const value = observed(result, metric, statistic);
  // No answer at all has no quantile, and keeps nothing.
  const holds = comparator === '<' ? value < limit : value <= limit;
  return holds ? [] : [`${source} was ${formatQuantity(value, unit)}`];
}

/** A wrong answer is the doing of the target, however busy the machine is. */
function isAnsweredWrongly(
  { failures, scheduled, dropped }: LoadResult,
  { metric, comparator, limit }: ParsedObjective,
): boolean {
  if (metric !== metrics.errors.id) return false;
  const share = failures.status / (scheduled - dropped);
  return comparator === '<' ? share >= limit : share > limit;
}

function observed(result: LoadResult, metric: string, statistic: ParsedObjective['statistic']): number {
  if (metric === metrics.errors.id) {
    const attempts = result.scheduled - result.dropped;
    return attempts === 0 ? NaN : result.failed / attempts;
  }
  const times = metric === metrics.serviceTime.id ? result.serviceTime : result.responseTime;
  return statistic.kind === 'quantile' ? times.quantile(statistic.q) : times.mean;
}

/** A queue that grows all the time is overload, even while it is still short. */
function backlogOf({ throughput, duration, scheduled, failed }: LoadResult): string[] {
  const ended = (throughput * duration) / 1e9 + failed;
  if (ended >= keptUp * scheduled - strays) return [];
  return [`only ${formatQuantity(ended / scheduled, 'ratio')} of the requests ended as fast as they came`];
}

import { distributionOf, type Distribution } from './distribution.ts';
import type { Estimate } from './estimate.ts';
import type { MeasurementData } from './measurement.ts';
import type { ParsedObjective } from './objective.ts';
import { proportionBounds } from './statistics/binomial.ts';
import { quantileRanks, samplesForUpperBound } from './statistics/order-statistic.ts';
import { median, sorted } from './statistics/quantile.ts';
import type { Warning } from './warning.ts';

/** The confidence of each bound by itself. */
const oneSided = 0.95;

/** What can be said of an objective's statistic from all rounds; `undefined` when there is nothing to say. */
export function estimateObjective(
  objective: ParsedObjective,
  rounds: readonly MeasurementData[],
): Estimate | undefined {
  const { statistic } = objective;
  const pooled = distributionOf(rounds);
  if (pooled) {
    if (pooled.count === 0) return undefined;
    const perRound = rounds.map((data) => distributionOf([data])).filter((d) => d !== undefined && d.count > 0);
    if (statistic.kind === 'quantile') return quantileEstimate(pooled, perRound as Distribution[], statistic.q);
    return roundsEstimate(
      (perRound as Distribution[]).map(({ mean }) => mean),
      'mean of each round',
    );
  }
  const counts = rounds.filter((data) => data.kind === 'count');
  if (counts.length > 0) return proportionEstimate(counts);
  const estimates = rounds.filter((data) => data.kind === 'estimate').map((data) => data.estimate);
  if (estimates.length > 0) return hull(median(estimates.map(({ value }) => value)), estimates, estimates[0]!.method);
  const exact = rounds.filter((data) => data.kind === 'exact').map((data) => data.value);
  return exact.length > 0 ? roundsEstimate(exact, 'value of each round') : undefined;
}

/**
 * A quantile, bounded twice: by order statistics of the pooled samples, and by the rounds. Samples inside one process
 * are not independent, so the pooled bound alone would promise too much; the wider of the two holds.
 */
function quantileEstimate(pooled: Distribution, perRound: readonly Distribution[], q: number): Estimate {
  const value = pooled.quantile(q);
  const within = pooledBounds(pooled, q);
  if (perRound.length < 2) return { value, ...within, method: 'order statistics of one round' };
  const between = roundBounds(perRound.map((round) => round.quantile(q)));
  return {
    value,
    lo: Math.min(within.lo, between.lo, value),
    hi: Math.max(within.hi, between.hi, value),
    confidence: Math.min(within.confidence, between.confidence),
    method: 'order statistics of the pooled samples and of the rounds, the wider',
    warnings: within.warnings,
  };
}

type Bounds = Pick<Estimate, 'lo' | 'hi' | 'confidence' | 'warnings'>;

function pooledBounds(pooled: Distribution, q: number): Bounds {
  if (q <= 0 || q >= 1) {
    const value = pooled.quantile(q);
    return { lo: value, hi: value, confidence: 1, warnings: [] };
  }
  const ranks = quantileRanks(pooled.count, q, oneSided);
  const missing = Math.max(samplesForUpperBound(q, oneSided), samplesForUpperBound(1 - q, oneSided)) - pooled.count;
  const warnings: readonly Warning[] =
    ranks.hi === undefined ? [{ code: 'too-few-samples', message: `${Math.max(missing, 1)} more samples` }] : [];
  return {
    lo: ranks.lo === undefined ? -Infinity : pooled.valueAtRank(ranks.lo),
    hi: ranks.hi === undefined ? Infinity : pooled.valueAtRank(ranks.hi),
    confidence: oneSided,
    warnings,
  };
}

/** Bounds of the median of the rounds; below five rounds the extremes, with the confidence that they reach. */
function roundBounds(values: readonly number[]): { lo: number; hi: number; confidence: number } {
  const ascending = sorted(values);
  const n = ascending.length;
  const ranks = quantileRanks(n, 0.5, oneSided);
  if (ranks.lo === undefined || ranks.hi === undefined) {
    return { lo: ascending[0]!, hi: ascending[n - 1]!, confidence: 1 - 0.5 ** n };
  }
  return { lo: ascending[ranks.lo - 1]!, hi: ascending[ranks.hi - 1]!, confidence: oneSided };
}

/** One number a round: their median and its bounds. One round alone bounds nothing, and says so. */
function roundsEstimate(values: readonly number[], what: string): Estimate {
  const single: readonly Warning[] = [
    { code: 'single-round', message: 'one round has no spread: more rounds give an interval' },
  ];
  return {
    value: median(values),
    ...roundBounds(values),
    method: `median of the ${what}`,
    warnings: values.length < 2 ? single : [],
  };
}

function proportionEstimate(
  counts: readonly { readonly events: number; readonly trials: number }[],
): Estimate | undefined {
  const events = counts.reduce((sum, count) => sum + count.events, 0);
  const trials = counts.reduce((sum, count) => sum + count.trials, 0);
  if (trials === 0) return undefined;
  return {
    value: events / trials,
    ...proportionBounds(events, trials, oneSided),
    confidence: oneSided,
    method: 'Clopper-Pearson',
    warnings: [],
  };
}

function hull(value: number, parts: readonly Estimate[], method: string): Estimate {
  return {
    value,
    lo: Math.min(...parts.map(({ lo }) => lo)),
    hi: Math.max(...parts.map(({ hi }) => hi)),
    confidence: Math.min(...parts.map(({ confidence }) => confidence)),
    method,
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
}

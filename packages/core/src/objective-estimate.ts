import { distributionOf, type Distribution } from './distribution.ts';
import type { Estimate } from './estimate.ts';
import type { MeasurementData } from './measurement.ts';
import type { ParsedObjective, Statistic } from './objective.ts';
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
  const { statistic, limit } = objective;
  const pooled = distributionOf(rounds);
  if (pooled) return distributionEstimate(pooled, rounds, statistic);
  // One number a round has no tail.
  if (statistic.kind !== 'value') return undefined;
  const counts = rounds.filter((data) => data.kind === 'count').filter(({ trials }) => trials > 0);
  if (counts.length > 0) return proportionEstimate(counts, limit);
  const estimates = rounds.filter((data) => data.kind === 'estimate').map((data) => data.estimate);
  if (estimates.length > 0) return estimateOfEstimates(estimates);
  const exact = rounds.filter((data) => data.kind === 'exact').map((data) => data.value);
  return exact.length > 0 ? roundsEstimate(exact, 'value of each round') : undefined;
}

function distributionEstimate(
  pooled: Distribution,
  rounds: readonly MeasurementData[],
  statistic: Statistic,
): Estimate | undefined {
  if (pooled.count === 0) return undefined;
  const perRound = rounds.flatMap((data) => distributionOf([data]) ?? []).filter(({ count }) => count > 0);
  if (statistic.kind === 'quantile') return quantileEstimate(pooled, perRound, statistic.q);
  const means = perRound.map(({ mean }) => mean);
  return means.length < 2 ? oneRound(means[0]!, []) : roundsEstimate(means, 'mean of each round');
}

/**
 * A quantile, bounded twice: by order statistics of the pooled samples, and by the rounds. Samples inside one process
 * are not independent, so the pooled bound alone would promise too much; the wider of the two holds.
 */
function quantileEstimate(pooled: Distribution, perRound: readonly Distribution[], q: number): Estimate {
  const value = pooled.quantile(q);
  // No sample bounds the smallest and largest value that could ever be: these two speak of what was observed.
  if (q <= 0 || q >= 1) return { value, lo: value, hi: value, confidence: 1, method: 'as observed', warnings: [] };
  const within = pooledBounds(pooled, q);
  if (perRound.length < 2) return oneRound(value, within.warnings);
  return {
    value,
    ...wider(
      within,
      perRound.map((round) => round.quantile(q)),
    ),
    method: 'order statistics of the pooled samples and of the rounds, the wider',
    warnings: within.warnings,
  };
}

type Bounds = Pick<Estimate, 'lo' | 'hi' | 'confidence'>;

/** Many samples of one process still say nothing about the next process: one round bounds nothing. */
const oneRound = (value: number, warnings: readonly Warning[]): Estimate => ({
  value,
  lo: -Infinity,
  hi: Infinity,
  confidence: 0,
  method: 'one round',
  warnings: [...warnings, tooFew(1, 'round')],
});

/** Bounds that hold within the rounds and between them. */
function wider(within: Bounds, values: readonly number[]): Bounds {
  const between = roundBounds(values);
  return {
    lo: Math.min(within.lo, between.lo),
    hi: Math.max(within.hi, between.hi),
    confidence: Math.min(within.confidence, between.confidence),
  };
}

function pooledBounds(pooled: Distribution, q: number): Bounds & Pick<Estimate, 'warnings'> {
  const { lo, hi } = quantileRanks(pooled.count, q, oneSided);
  const needed = Math.max(samplesForUpperBound(q, oneSided), samplesForUpperBound(1 - q, oneSided));
  return {
    lo: lo === undefined ? -Infinity : pooled.valueAtRank(lo),
    hi: hi === undefined ? Infinity : pooled.valueAtRank(hi),
    confidence: oneSided,
    warnings: needed > pooled.count ? [tooFew(needed - pooled.count, 'sample')] : [],
  };
}

const tooFew = (more: number, noun: string): Warning => ({
  code: 'too-few-samples',
  message: `${more} more ${noun}${more === 1 ? '' : 's'}`,
});

/** Bounds of the median of the rounds; below five rounds the extremes, with the confidence that they reach. */
function roundBounds(values: readonly number[]): Bounds {
  const ascending = sorted(values);
  const n = ascending.length;
  const ranks = quantileRanks(n, 0.5, oneSided);
  if (ranks.lo === undefined || ranks.hi === undefined) {
    return { lo: ascending[0]!, hi: ascending[n - 1]!, confidence: 1 - 0.5 ** n };
  }
  return { lo: ascending[ranks.lo - 1]!, hi: ascending[ranks.hi - 1]!, confidence: oneSided };
}

/**
 * One number a round: their median and its bounds. A single exact number is judged as it was observed, since some are
 * the same every time, and the warning says that it has no spread.
 */
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

/**
 * A share of events, bounded by all trials together and by the rounds, the wider, for the same reason as a quantile:
 * failures come in bursts.
 */
function proportionEstimate(
  counts: readonly { readonly events: number; readonly trials: number }[],
  limit: number,
): Estimate {
  const events = counts.reduce((sum, count) => sum + count.events, 0);
  const trials = counts.reduce((sum, count) => sum + count.trials, 0);
  const within = { ...proportionBounds(events, trials, oneSided), confidence: oneSided };
  const shares = counts.map((count) => count.events / count.trials);
  // Without a single event only the number of trials bounds the share, and how many it takes is known exactly.
  const needed = events === 0 && limit > 0 && limit < 1 ? Math.ceil(Math.log(1 - oneSided) / Math.log1p(-limit)) : 0;
  return {
    value: events / trials,
    ...(counts.length < 2 ? within : wider(within, shares)),
    method: counts.length < 2 ? 'Clopper-Pearson' : 'Clopper-Pearson and the rounds, the wider',
    warnings: needed > trials ? [tooFew(needed - trials, 'attempt')] : [],
  };
}

/**
 * Rounds that each bring an interval: bounded by the spread of the rounds and by what the rounds could see, the wider.
 * With fewer than five rounds the widest of the intervals has to do; from five upwards the typical one.
 */
function estimateOfEstimates(parts: readonly Estimate[]): Estimate {
  const { method } = parts[0]!;
  const values = parts.map(({ value }) => value);
  const [los, his] = [parts.map(({ lo }) => lo), parts.map(({ hi }) => hi)];
  const few = parts.length < 5 || !values.every(Number.isFinite);
  const between = roundBounds(values);
  return {
    value: median(values),
    lo: few ? Math.min(...los) : Math.min(between.lo, median(los)),
    hi: few ? Math.max(...his) : Math.max(between.hi, median(his)),
    confidence: Math.min(...parts.map(({ confidence }) => confidence), few ? 1 : between.confidence),
    method: few ? method : `${method}, median of the rounds`,
    warnings: distinct(parts.flatMap((part) => part.warnings)),
  };
}

const distinct = (warnings: readonly Warning[]): readonly Warning[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
];

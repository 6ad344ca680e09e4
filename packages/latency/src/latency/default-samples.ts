import { metrics, parseObjective, samplesForQuantile, samplesForUpperBound, type Metric } from '@perfkeel/core';

/** Timed calls of a round when nobody says how many. */
const defaultSamples = 200;

/** A fixed number of calls starts and ends with fewer under way than it should: this many times the width dilutes it. */
const callsPerLane = 10;

/** A round bounds by itself what it can bound within so many calls; beyond, the rounds do it together. */
const mostForOneRound = 1000;

/** More calls than this are asked for by name, or not at all. */
const mostByDefault = 100_000;

const confidence = 0.95;

/** Timed calls of a round that promises nothing. */
export const leastSamples = (concurrency: number): number => Math.max(defaultSamples, callsPerLane * concurrency);

export interface SamplesWanted {
  readonly objectives: readonly string[];
  readonly metrics: readonly Metric[];
  readonly rounds: number;
  readonly concurrency: number;
}

/**
 * Timed calls of a round that can decide the strictest objective: below 59 samples nothing bounds p95, below 299 nothing
 * bounds p99 (Wilks, 1941). A share of errors is bounded in the same way as the quantile that leaves it out.
 *
 * @throws PerfError `bad-objective`, exit code 2.
 */
export function samplesFor({ objectives, metrics: measured, rounds, concurrency }: SamplesWanted): number {
  const scope = { metrics: measured, primary: metrics.responseTime.id };
  const needed = Math.max(0, ...objectives.map((source) => neededFor(parseObjective(source, scope))));
  const together = Math.max(mostForOneRound, Math.ceil(needed / rounds));
  const forObjectives = Math.min(needed, together, mostByDefault);
  return Math.max(leastSamples(concurrency), forObjectives);
}

function neededFor({ metric, statistic, limit }: ReturnType<typeof parseObjective>): number {
  const boundsErrors = metric === metrics.errors.id && limit > 0 && limit < 1;
  return boundsErrors ? samplesForUpperBound(1 - limit, confidence) : samplesForQuantile(statistic, confidence);
}

import { distributionOf, median, type Measurement, type MeasurementData } from '@perfkeel/core';
import type { RoundCount } from './count-effect.ts';
import { statisticLabel, type Gate, type RoundStatistic } from './gate.ts';

/** One number of each round that measured something, in the order of the rounds. */
export interface RoundValues {
  readonly values: readonly number[];
  /** The number of the round of each value. */
  readonly rounds: readonly number[];
  /** What each number is: `p99`, `share`, `value`; `undefined` when there are none. */
  readonly statistic?: string | undefined;
  /** What each round counted, where all of them counted: a share is less than that. */
  readonly counts?: readonly RoundCount[] | undefined;
  /**
   * No machine makes them larger or smaller: counts that a round knows without error. Bytes are not: what a heap or a
   * process takes depends on the system, on Node and on V8.
   */
  readonly machineIndependent: boolean;
}

/**
 * Samples inside one process are not independent of each other, so a round gives one number, however many it holds.
 */
export function roundValues(measurements: readonly Measurement[], benchmark: string, gate: Gate): RoundValues {
  const rounds = new Map<number, MeasurementData[]>();
  for (const measurement of measurements) {
    if (measurement.benchmark !== benchmark || measurement.metric !== gate.metric.id) continue;
    const known = rounds.get(measurement.round);
    if (known) known.push(measurement.data);
    else rounds.set(measurement.round, [measurement.data]);
  }
  const ordered = [...rounds].sort(([a], [b]) => a - b);
  const found = ordered.flatMap(([round, data]) => {
    const one = roundValue(data, gate.statistic);
    return one ? [{ ...one, round }] : [];
  });
  const counts = found.flatMap(({ count }) => count ?? []);
  const exact = ordered.every(([, data]) => data.every(({ kind }) => kind === 'exact'));
  return {
    values: found.map(({ value }) => value),
    rounds: found.map(({ round }) => round),
    statistic: found[0]?.statistic,
    ...(counts.length > 0 && counts.length === found.length ? { counts } : {}),
    machineIndependent: exact && gate.metric.unit === 'count',
  };
}

interface RoundValue {
  readonly value: number;
  readonly statistic: string;
  readonly count?: RoundCount | undefined;
}

function roundValue(data: readonly MeasurementData[], statistic: RoundStatistic): RoundValue | undefined {
  const found = distributionValue(data, statistic) ?? singleValue(data);
  return found && Number.isFinite(found.value) ? found : undefined;
}

function distributionValue(data: readonly MeasurementData[], statistic: RoundStatistic): RoundValue | undefined {
  const distribution = distributionOf(data);
  if (!distribution || distribution.count === 0) return undefined;
  const label = statisticLabel(statistic);
  if (statistic.kind === 'mean') return { value: distribution.mean, statistic: label };
  const samples = data.flatMap((part) => (part.kind === 'sample' ? part.values : []));
  // Of few values the middle lies between two of them.
  const value = statistic.q === 0.5 && samples.length > 0 ? median(samples) : distribution.quantile(statistic.q);
  return { value, statistic: label };
}

function singleValue(data: readonly MeasurementData[]): RoundValue | undefined {
  const counts = data.filter((part) => part.kind === 'count');
  if (counts.length > 0) {
    const events = counts.reduce((sum, count) => sum + count.events, 0);
    const trials = counts.reduce((sum, count) => sum + count.trials, 0);
    return trials > 0 ? { value: events / trials, statistic: 'share', count: { events, trials } } : undefined;
  }
  const values = data.flatMap((part) => {
    if (part.kind === 'exact') return [part.value];
    return part.kind === 'estimate' ? [part.estimate.value] : [];
  });
  return values.length > 0 ? { value: median(values), statistic: 'value' } : undefined;
}

import type { Comparison, Estimate, Metric, Run, Difference } from '@perfkeel/core';
import { plansInBoth, type PlanPair } from './comparability.ts';
import { differenceOf } from './difference.ts';
import { effectOf } from './effect.ts';
import { gatesOf, statisticLabel, type Gate } from './gate.ts';
import { limitsFor, type ChangeLimits, type ComparisonPolicy } from './policy.ts';
import { roundValues, type RoundValues } from './round-values.ts';

/** Two runs of one session. */
export interface RunPair {
  readonly base: Run;
  readonly head: Run;
}

/** One gate of one benchmark that both sides planned. */
export interface SideGate {
  readonly benchmark: string;
  readonly primary: boolean;
  readonly metric: Metric;
  readonly gate: Gate;
  readonly limits: ChangeLimits;
}

/** What both sides measured for a gate. */
export interface GateValues {
  readonly base: RoundValues;
  readonly head: RoundValues;
}

/** Everything that can be held against each other, in the order of head's plan. */
export const sideGates = ({ base, head }: RunPair, policy: ComparisonPolicy): SideGate[] =>
  plansInBoth(base, head)
    .filter((pair) => pair.base.kind === pair.head.kind)
    .flatMap((pair) => gatesOfPair(pair, policy));

function gatesOfPair({ base, head }: PlanPair, policy: ComparisonPolicy): SideGate[] {
  const known = ({ id, unit }: Metric): boolean => base.metrics.some((one) => one.id === id && one.unit === unit);
  return gatesOf(head)
    .filter(({ metric }) => known(metric))
    .map((gate) => ({
      benchmark: head.id,
      primary: gate.metric.id === head.primary,
      metric: gate.metric,
      gate,
      limits: limitsFor(policy, head.id, gate.metric.id),
    }));
}

export const valuesOf = ({ base, head }: RunPair, { benchmark, gate }: SideGate): GateValues => ({
  base: roundValues(base.measurements, benchmark, gate),
  head: roundValues(head.measurements, benchmark, gate),
});

/** Two sets of rounds as one. */
export const pooled = (one: GateValues, other: GateValues): GateValues => ({
  base: bothSets(one.base, other.base),
  head: bothSets(one.head, other.head),
});

/** Beyond every number of rounds, so that rounds of two sets never pair. */
const secondSet = 1e6;

const bothSets = (one: RoundValues, other: RoundValues): RoundValues => ({
  ...one,
  counts: one.counts && other.counts && [...one.counts, ...other.counts],
  values: [...one.values, ...other.values],
  rounds: [...one.rounds, ...other.rounds.map((round) => round + secondSet)],
});

/** `undefined` when a side has no values, or both mean something else. */
export function gateEffect(gate: SideGate, { base, head }: GateValues, confidence: number): Estimate | undefined {
  if (base.values.length === 0 || head.values.length === 0 || base.statistic !== head.statistic) return undefined;
  return effectOf(gate.metric.unit, base.values, head.values, confidence);
}

/** What a comparison says of its gate and numbers, whatever is decided. */
export function factsOf(
  { benchmark, metric, gate, limits }: SideGate,
  { base, head }: GateValues,
): Pick<Comparison, 'benchmark' | 'metric' | 'unit' | 'statistic' | 'base' | 'head' | 'limits'> {
  const statistic = head.statistic ?? base.statistic ?? statisticLabel(gate.statistic);
  return { benchmark, metric: metric.id, unit: metric.unit, statistic, base: base.values, head: head.values, limits };
}

/** How changes of a gate are told where per cent would mislead. */
export const gateDifference = ({ metric }: SideGate, { base, head }: GateValues): Difference | undefined =>
  differenceOf(metric.unit, base.values, head.values);

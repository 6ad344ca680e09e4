import { formatQuantity, median, rankTest, type Comparison, type Estimate, type Warning } from '@perfkeel/core';
import { isTimed } from './change.ts';
import { disturbance, type PlanPair } from './comparability.ts';
import { countEffect, type CountEffect } from './count-effect.ts';
import { decide, inconclusive, type Decided } from './decide.ts';
import { describeEffect } from './difference.ts';
import { gatesOf } from './gate.ts';
import type { ComparisonPolicy } from './policy.ts';
import { reservationOf } from './reservation.ts';
import { widened } from './session-spread.ts';
import {
  factsOf,
  gateDifference,
  gateEffect,
  sideGates,
  valuesOf,
  type GateValues,
  type RunPair,
  type SideGate,
} from './side-gates.ts';

/** A comparison, and how often the same code would look as different by chance. */
export interface TestedComparison {
  readonly comparison: Comparison;
  readonly p: number;
}

/** What a benchmark comes to, and what had to be left out. */
export interface BenchmarkComparison {
  readonly comparisons: readonly TestedComparison[];
  readonly warnings: readonly Warning[];
}

/** Compares one benchmark of two stored runs that both planned, gate by gate. */
export function compareBenchmark(runs: RunPair, pair: PlanPair, policy: ComparisonPolicy): BenchmarkComparison {
  const { id } = pair.head;
  if (pair.base.kind !== pair.head.kind) {
    const message = `${id} was of kind ${pair.base.kind} and is of kind ${pair.head.kind}: they do not compare`;
    return { comparisons: [], warnings: [{ code: 'incomparable', message }] };
  }
  const gates = sideGates(runs, policy).filter(({ benchmark }) => benchmark === id);
  const known = new Set(gates.map(({ metric }) => metric.id));
  const skipped = new Set(gatesOf(pair.head).flatMap(({ metric }) => (known.has(metric.id) ? [] : [metric.id])));
  return {
    comparisons: gates.flatMap((gate) => compareGate(runs, gate, policy)),
    warnings: [...skipped].map((metric) => ({
      code: 'incomparable',
      message: `${metric} of ${id} is new, or has another unit than in base: there is nothing to compare it with`,
    })),
  };
}

function compareGate(runs: RunPair, gate: SideGate, policy: ComparisonPolicy): TestedComparison[] {
  const sides = valuesOf(runs, gate);
  // An instrument need not measure every metric that it may: one that nobody measured is no news.
  if (sides.base.values.length + sides.head.values.length === 0 && !gate.primary) return [];
  const facts = factsOf(gate, sides);
  const plain = gateEffect(gate, sides, policy.confidence);
  const counted = plain && facts.unit === 'ratio' ? countedEffect(sides, policy) : undefined;
  const effect = plain && widened(counted?.effect ?? plain, runs, facts.unit);
  const decided = decideGate(runs, gate, sides, { effect, counted: counted !== undefined }, policy);
  const p = counted?.p ?? rankTest(facts.base, facts.head).either;
  return [{ comparison: { ...facts, ...(effect === undefined ? {} : { effect }), ...decided }, p }];
}

const countedEffect = ({ base, head }: GateValues, { confidence }: ComparisonPolicy): CountEffect | undefined =>
  base.counts && head.counts && countEffect(base.counts, head.counts, confidence);

interface Shown {
  readonly effect: Estimate | undefined;
  readonly counted: boolean;
}

function decideGate(
  runs: RunPair,
  gate: SideGate,
  sides: GateValues,
  { effect, counted }: Shown,
  policy: ComparisonPolicy,
): Decided {
  const { metric, benchmark, limits } = gate;
  if (effect === undefined) return nothingToCompare(metric.id, sides);
  const what = describe(gate, sides);
  const difference = gateDifference(gate, sides);
  const reservation = reservationOf(runs, benchmark, sides);
  if (reservation) {
    const { code, message, needs } = reservation;
    return inconclusive(code, `${what}: ${describeEffect(effect, difference)}, but ${message}`, needs);
  }
  const rounds = { base: sides.base.values.length, head: sides.head.values.length };
  const decided = decide(
    { effect, better: metric.better, what, counted, difference, ...rounds },
    { ...policy, ...limits },
  );
  const disturbed = isTimed(metric.unit) ? disturbance(runs.base, runs.head, benchmark) : undefined;
  if (!disturbed || decided.decision !== 'regressed') return decided;
  const said = `${what}: ${describeEffect(effect, difference)}, but ${disturbed.message}`;
  return inconclusive('not-valid', said, 'runs without this disturbance');
}

function nothingToCompare(metric: string, { base, head }: GateValues): Decided {
  if (base.statistic !== undefined && head.statistic !== undefined) {
    const message = `base gave the ${base.statistic} of ${metric}, and head its ${head.statistic}`;
    return inconclusive('incomparable', message, 'runs of one version of the benchmark');
  }
  const sides = [base.values.length === 0 ? 'base' : '', head.values.length === 0 ? 'head' : ''].filter(Boolean);
  const message = `${sides.join(' and ')} measured no ${metric}`;
  return inconclusive('no-values', message, `a run of ${sides.join(' and ')} that measures it`);
}

/** `p10 of time, 101 ns to 115 ns`. */
export function describe(gate: SideGate, sides: GateValues): string {
  const { metric, unit, statistic, base, head } = factsOf(gate, sides);
  const text = (values: readonly number[]): string => formatQuantity(median(values), unit);
  const name = statistic === 'value' || statistic === 'share' ? metric : `${statistic} of ${metric}`;
  return `${name}, ${text(base)} to ${text(head)}`;
}

import {
  formatQuantity,
  median,
  type Comparison,
  type Estimate,
  type Run,
  type Unit,
  type Warning,
} from '@perfkeel/core';
import { disturbance, notValid, otherEnvironment, otherInput, shortRun, type PlanPair } from './comparability.ts';
import { decide, describeEffect, inconclusive, type Decided } from './decide.ts';
import { effectOf } from './effect.ts';
import { gatesOf, statisticLabel, type Gate } from './gate.ts';
import type { ComparisonPolicy } from './policy.ts';
import { roundValues, type RoundValues } from './round-values.ts';

/** What a benchmark comes to, and what had to be left out. */
export interface BenchmarkComparison {
  readonly comparisons: readonly Comparison[];
  readonly warnings: readonly Warning[];
}

interface Sides {
  readonly base: RoundValues;
  readonly head: RoundValues;
}

/** Compares one benchmark that both runs planned, gate by gate. */
export function compareBenchmark(base: Run, head: Run, pair: PlanPair, policy: ComparisonPolicy): BenchmarkComparison {
  const { id } = pair.head;
  if (pair.base.kind !== pair.head.kind) {
    const message = `${id} was of kind ${pair.base.kind} and is of kind ${pair.head.kind}: they do not compare`;
    return { comparisons: [], warnings: [{ code: 'incomparable', message }] };
  }
  const gates = gatesOf(pair.head);
  const comparable = gates.filter(({ metric }) => hasMetric(pair, metric.id, metric.unit));
  const skipped = new Set(gates.filter((gate) => !comparable.includes(gate)).map(({ metric }) => metric.id));
  return {
    comparisons: comparable.flatMap((gate) => compareGate(base, head, pair, gate, policy)),
    warnings: [...skipped].map((metric) => ({
      code: 'incomparable',
      message: `${metric} of ${id} is new, or has another unit than in base: there is nothing to compare it with`,
    })),
  };
}

const hasMetric = ({ base }: PlanPair, id: string, unit: Unit): boolean =>
  base.metrics.some((metric) => metric.id === id && metric.unit === unit);

function compareGate(base: Run, head: Run, pair: PlanPair, gate: Gate, policy: ComparisonPolicy): Comparison[] {
  const { id: benchmark, primary } = pair.head;
  const { id, unit } = gate.metric;
  const sides: Sides = {
    base: roundValues(base.measurements, benchmark, gate),
    head: roundValues(head.measurements, benchmark, gate),
  };
  const [from, to] = [sides.base.values, sides.head.values];
  // An instrument need not measure every metric that it may: one that nobody measured is no news.
  if (from.length + to.length === 0 && id !== primary) return [];
  const effect = from.length > 0 && to.length > 0 ? effectOf(unit, from, to, policy.confidence) : undefined;
  const statistic = sides.head.statistic ?? sides.base.statistic ?? statisticLabel(gate.statistic);
  const what = describe(gate, statistic, sides);
  return [
    {
      benchmark,
      metric: id,
      unit,
      statistic,
      base: from,
      head: to,
      ...(effect === undefined ? {} : { effect }),
      ...decideGate(base, head, benchmark, gate, sides, effect, what, policy),
    },
  ];
}

/** The units in which a busy machine shows. */
const timed: ReadonlySet<Unit> = new Set(['ns', '1/s']);

function decideGate(
  base: Run,
  head: Run,
  benchmark: string,
  { metric }: Gate,
  sides: Sides,
  effect: Estimate | undefined,
  what: string,
  policy: ComparisonPolicy,
): Decided {
  if (effect === undefined || sides.base.statistic !== sides.head.statistic) return nothingToCompare(metric.id, sides);
  const independent = sides.base.machineIndependent && sides.head.machineIndependent;
  const reservation =
    shortRun(base, head) ??
    otherInput(base, head, benchmark) ??
    notValid(base, head, benchmark) ??
    (independent ? undefined : otherEnvironment(base, head));
  if (reservation) {
    const { code, message, needs } = reservation;
    return inconclusive(code, `${what}: ${describeEffect(effect)}, but ${message}`, needs);
  }
  const rounds = { base: sides.base.values.length, head: sides.head.values.length };
  const decided = decide({ effect, better: metric.better, what, ...rounds }, policy);
  const disturbed = timed.has(metric.unit) ? disturbance(base, head, benchmark) : undefined;
  if (!disturbed || decided.decision !== 'regressed') return decided;
  const said = `${what}: ${describeEffect(effect)}, but ${disturbed.message}`;
  return inconclusive('not-valid', said, 'runs without this disturbance');
}

function nothingToCompare(metric: string, { base, head }: Sides): Decided {
  if (base.statistic !== undefined && head.statistic !== undefined) {
    const message = `base gave the ${base.statistic} of ${metric}, and head its ${head.statistic}`;
    return inconclusive('incomparable', message, 'runs of one version of the benchmark');
  }
  const sides = [base.values.length === 0 ? 'base' : '', head.values.length === 0 ? 'head' : ''].filter(Boolean);
  const message = `${sides.join(' and ')} measured no ${metric}`;
  return inconclusive('no-values', message, `a run of ${sides.join(' and ')} that measures it`);
}

function describe({ metric }: Gate, statistic: string, { base, head }: Sides): string {
  const text = (values: readonly number[]): string => formatQuantity(median(values), metric.unit);
  const name = statistic === 'value' || statistic === 'share' ? metric.id : `${statistic} of ${metric.id}`;
  return `${name}, ${text(base.values)} to ${text(head.values)}`;
}

import {
  fitGrowth,
  formatNumber,
  formatQuantity,
  type GrowthFit,
  type Metric,
  type ParameterValue,
} from '@perfkeel/core';
import { isBatched, roundValues, type BenchmarkView } from './benchmark-view.ts';
import { formatShare } from './words.ts';

/** A benchmark at one value of the parameter of its family. */
export interface FamilyMember {
  readonly benchmark: BenchmarkView;
  readonly size: number;
  /** The median over all rounds; absent when it was not measured. */
  readonly value?: number | undefined;
}

/** One benchmark over several values of a numeric parameter. */
export interface FamilyView {
  /** `parse`, or `VectorStore add [orama]` when other parameters tell several such families apart. */
  readonly name: string;
  readonly parameter: string;
  readonly metric?: Metric | undefined;
  /** The metric in words. */
  readonly label: string;
  /** In ascending order of the parameter. */
  readonly members: readonly FamilyMember[];
  readonly growth?: GrowthFit | undefined;
}

/** The numeric parameter that a family varies: the first of those that have more than one value, all of them numbers. */
export function variedSize(members: readonly BenchmarkView[]): string | undefined {
  const parameters = members.map(({ plan }) => plan.variant!.parameters);
  return Object.keys(parameters[0] ?? {}).find((name) => {
    const values = parameters.map((each) => each[name]);
    return values.every((value) => typeof value === 'number') && new Set(values).size > 1;
  });
}

/** The families that vary a number, in the order in which they first appear. */
export function viewFamilies(benchmarks: readonly BenchmarkView[]): readonly FamilyView[] {
  const families = groupBy(benchmarks, ({ plan }) => plan.variant?.family);
  return families.flatMap(([family, members]) => {
    const parameter = variedSize(members);
    if (parameter === undefined) return [];
    const alike = groupBy(members, ({ plan }) => restOf(plan.variant!.parameters, parameter));
    return alike
      .filter(([, some]) => some.length > 1)
      .map(([rest, some]) => viewFamily(family + rest, parameter, some));
  });
}

/** ` [orama]`: what tells members apart beside the parameter. */
function restOf(parameters: Readonly<Record<string, ParameterValue>>, parameter: string): string {
  const rest = Object.entries(parameters).filter(([name]) => name !== parameter);
  return rest.length === 0 ? '' : ` [${rest.map(([, value]) => String(value)).join(', ')}]`;
}

function viewFamily(name: string, parameter: string, benchmarks: readonly BenchmarkView[]): FamilyView {
  const first = benchmarks.find(({ primary }) => primary !== undefined);
  const metric = first?.primary?.metric;
  const sizeOf = ({ plan }: BenchmarkView): number => plan.variant!.parameters[parameter] as number;
  const members = [...benchmarks]
    .sort((a, b) => sizeOf(a) - sizeOf(b))
    .map((benchmark) => ({ benchmark, size: sizeOf(benchmark), value: benchmark.primary?.pooled?.quantile(0.5) }));
  const points = members.flatMap(({ benchmark, size }) =>
    benchmark.primary ? roundValues(benchmark.primary).map((cost) => ({ size, cost })) : [],
  );
  return {
    name,
    parameter,
    metric,
    label: first && metric ? (isBatched(first.plan) ? `median batch of ${metric.id}` : `median ${metric.id}`) : 'value',
    members,
    growth: fitGrowth(points),
  };
}

/** `1.2 µs + 84 ns · n log n, off by 3 %; exponent 1.08 [1.05, 1.11]`. */
export function growthText({ growth, metric }: FamilyView): string {
  if (!growth || !metric) return '';
  const { value, lo, hi } = growth.exponent;
  const interval = Number.isFinite(lo) && Number.isFinite(hi) ? ` [${two(lo)}, ${two(hi)}]` : '';
  const exponent = `exponent ${two(value)}${interval}`;
  if (growth.law === undefined) return exponent;
  if (growth.law === 'constant') return `does not grow; ${exponent}`;
  const quantity = (amount = 0): string => formatQuantity(amount, metric.unit);
  const law = growth.law.replace('^2', '²').replace('^3', '³');
  const base = growth.base ? `${quantity(growth.base)} + ` : '';
  return `grows as ${base}${quantity(growth.factor)} × ${law}, which is off by ${formatShare(growth.error ?? 0)}; ${exponent}`;
}

const two = (value: number): string => formatNumber(Number(value.toFixed(2)));

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const own = groups.get(key);
    if (own) own.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}

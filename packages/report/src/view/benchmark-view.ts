import {
  distributionOf,
  type BenchmarkPlan,
  type Distribution,
  type Failure,
  type Judgement,
  type Measurement,
  type MeasurementData,
  type Metric,
  type Run,
  type Verdict,
} from '@perfkeel/core';
import { censoringOf, formatBound, isLowerBound, type Censoring } from './censored.ts';

/** What one metric of one benchmark measured, over all rounds. */
export interface MetricView {
  readonly metric: Metric;
  /** In the order of the rounds; a round may be missing. */
  readonly rounds: readonly Measurement[];
  /** All rounds together; absent when the metric has no distribution or no values. */
  readonly pooled?: Distribution | undefined;
  /** How many of the values of each round are only known to be no less than what was recorded, beside `rounds`. */
  readonly censored: readonly number[];
  /** The least that one of those may be; absent where there are none. */
  readonly boundFrom?: number | undefined;
}

/**
 * Whether the values of a benchmark are means of batches. A micro-benchmark is too short to be timed alone: its tail is
 * that of batches, and says nothing of the slowest single operation.
 */
export const isBatched = ({ kind }: Pick<BenchmarkPlan, 'kind'>): boolean => kind === 'bench';

/** One benchmark with everything that the run knows of it. */
export interface BenchmarkView {
  readonly plan: BenchmarkPlan;
  readonly verdict: Verdict;
  readonly judgements: readonly Judgement[];
  readonly failures: readonly Failure[];
  /** Only metrics that were measured, `primary` first. */
  readonly metrics: readonly MetricView[];
  readonly primary?: MetricView | undefined;
  /** Work that was due and not done, over all rounds. */
  readonly dropped: number;
  /** Times from here on may be of work that was never answered, in nanoseconds; absent where all was. */
  readonly boundFrom?: number | undefined;
}

// Pooling histograms costs a millisecond each, every section asks, and a run never changes.
const views = new WeakMap<Run, readonly BenchmarkView[]>();

/** The benchmarks of a run in the order of its plan. */
export function viewBenchmarks(run: Run): readonly BenchmarkView[] {
  const known = views.get(run) ?? buildViews(run);
  views.set(run, known);
  return known;
}

/** What a run knows, by the benchmark that it is about. */
interface Index {
  readonly measurements: ReadonlyMap<string, readonly Measurement[]>;
  readonly judgements: ReadonlyMap<string, readonly Judgement[]>;
  readonly failures: ReadonlyMap<string, readonly Failure[]>;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

function buildViews(run: Run): readonly BenchmarkView[] {
  const index: Index = {
    measurements: byBenchmark(run.measurements),
    judgements: byBenchmark(run.judgements),
    failures: byBenchmark(run.failures),
    verdicts: new Map(run.benchmarks.map(({ benchmark, verdict }) => [benchmark, verdict])),
  };
  return run.plan.benchmarks.map((plan) => viewBenchmark(index, plan));
}

function byBenchmark<T extends { readonly benchmark: string }>(
  entries: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const entry of entries) {
    const own = map.get(entry.benchmark);
    if (own) own.push(entry);
    else map.set(entry.benchmark, [entry]);
  }
  return map;
}

function viewBenchmark(index: Index, plan: BenchmarkPlan): BenchmarkView {
  const own = index.measurements.get(plan.id) ?? [];
  const ordered = [...plan.metrics].sort((a, b) => Number(b.id === plan.primary) - Number(a.id === plan.primary));
  const censoring = censoringOf(own);
  const { from } = censoring;
  const metrics = ordered.map((metric) => viewMetric(metric, own, censoring)).filter(({ rounds }) => rounds.length > 0);
  const failures = index.failures.get(plan.id) ?? [];
  return {
    plan,
    verdict: index.verdicts.get(plan.id) ?? unjudged(failures),
    judgements: index.judgements.get(plan.id) ?? [],
    failures,
    metrics,
    primary: metrics.find(({ metric }) => metric.id === plan.primary),
    dropped: own.reduce((sum, { dropped }) => sum + dropped, 0),
    ...(from === undefined ? {} : { boundFrom: from }),
  };
}

/** A benchmark that an interrupted run never reached has no verdict of its own. */
function unjudged(failures: readonly Failure[]): Verdict {
  const reasons = failures.map(({ error }) => ({ code: error.code, message: error.message }));
  const silent = [{ code: 'not-measured', message: 'it was not measured' }];
  return { kind: 'could-not-measure', reasons: reasons.length > 0 ? reasons : silent };
}

function viewMetric(metric: Metric, measurements: readonly Measurement[], { counts, from }: Censoring): MetricView {
  const rounds = measurements.filter((entry) => entry.metric === metric.id).sort((a, b) => a.round - b.round);
  const pooled = distributionOf(rounds.map(({ data }) => data));
  const censored = rounds.map((round) => counts.get(round) ?? 0);
  return {
    ...{ metric, rounds, censored },
    ...(from !== undefined && censored.some((count) => count > 0) ? { boundFrom: from } : {}),
    ...(pooled && pooled.count > 0 ? { pooled } : {}),
  };
}

/** Whether a quantile of all values is only known to be no less than what it is. */
export const isBoundAt = ({ pooled, censored, boundFrom }: MetricView, q: number): boolean =>
  isLowerBound(
    q,
    pooled,
    censored.reduce((sum, count) => sum + count, 0),
    boundFrom,
  );

/** `160 ms`, the quantile of all values; `≥ 10 s` where it is work that was never answered. */
export const quantileText = (view: MetricView, q: number): string =>
  formatBound(view.pooled?.quantile(q) ?? NaN, view.metric.unit, isBoundAt(view, q));

/** The one number that stands for a round: its median, its value, its share; `undefined` when there is none. */
export function roundValue(data: MeasurementData): number | undefined {
  switch (data.kind) {
    // The very median that objectives and tables speak of: with few values another would be far from it.
    case 'sample':
    case 'histogram':
      return distributionOf([data])?.quantile(0.5);
    case 'count':
      return data.trials > 0 ? data.events / data.trials : undefined;
    case 'exact':
      return data.value;
    case 'estimate':
      return data.estimate.value;
    case 'series':
      return undefined;
  }
}

/** The one number of each round in words, in their order; `undefined` for what is not finite. */
export const roundTexts = ({ rounds, censored, boundFrom, metric }: MetricView): readonly (string | undefined)[] =>
  rounds.map(({ data }, i) => {
    const value = roundValue(data);
    if (value === undefined || !Number.isFinite(value)) return undefined;
    return formatBound(value, metric.unit, isLowerBound(0.5, distributionOf([data]), censored[i]!, boundFrom));
  });

/** The median of a member of a table: `818 µs`, `≥ 10 s`, `no value`. */
export function memberText(
  { benchmark, value }: { readonly benchmark: BenchmarkView; readonly value?: number | undefined },
  { metric }: { readonly metric?: Metric | undefined },
): string {
  if (value === undefined || !metric || !benchmark.primary) return 'no value';
  return formatBound(value, metric.unit, isBoundAt(benchmark.primary, 0.5));
}

/** One number a round, in the order of the rounds; what is not finite is no number. */
export const roundValues = ({ rounds }: MetricView): readonly number[] =>
  rounds.map(({ data }) => roundValue(data) ?? NaN).filter(Number.isFinite);

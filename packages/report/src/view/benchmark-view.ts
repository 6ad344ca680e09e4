import {
  distributionOf,
  median,
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

/** What one metric of one benchmark measured, over all rounds. */
export interface MetricView {
  readonly metric: Metric;
  /** In the order of the rounds; a round may be missing. */
  readonly rounds: readonly Measurement[];
  /** All rounds together; absent when the metric has no distribution or no values. */
  readonly pooled?: Distribution | undefined;
}

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
}

// Pooling histograms costs a millisecond each, every section asks, and a run never changes.
const views = new WeakMap<Run, readonly BenchmarkView[]>();

/** The benchmarks of a run in the order of its plan. */
export function viewBenchmarks(run: Run): readonly BenchmarkView[] {
  const known = views.get(run) ?? run.plan.benchmarks.map((plan) => viewBenchmark(run, plan));
  views.set(run, known);
  return known;
}

function viewBenchmark(run: Run, plan: BenchmarkPlan): BenchmarkView {
  const own = run.measurements.filter(({ benchmark }) => benchmark === plan.id);
  const ordered = [...plan.metrics].sort((a, b) => Number(b.id === plan.primary) - Number(a.id === plan.primary));
  const metrics = ordered.map((metric) => viewMetric(metric, own)).filter(({ rounds }) => rounds.length > 0);
  const failures = run.failures.filter(({ benchmark }) => benchmark === plan.id);
  return {
    plan,
    verdict: run.benchmarks.find(({ benchmark }) => benchmark === plan.id)?.verdict ?? unjudged(failures),
    judgements: run.judgements.filter(({ benchmark }) => benchmark === plan.id),
    failures,
    metrics,
    primary: metrics.find(({ metric }) => metric.id === plan.primary),
    dropped: own.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

/** A benchmark that an interrupted run never reached has no verdict of its own. */
function unjudged(failures: readonly Failure[]): Verdict {
  const reasons = failures.map(({ error }) => ({ code: error.code, message: error.message }));
  const silent = [{ code: 'not-measured', message: 'it was not measured' }];
  return { kind: 'could-not-measure', reasons: reasons.length > 0 ? reasons : silent };
}

function viewMetric(metric: Metric, measurements: readonly Measurement[]): MetricView {
  const rounds = measurements.filter((entry) => entry.metric === metric.id).sort((a, b) => a.round - b.round);
  const pooled = distributionOf(rounds.map(({ data }) => data));
  return { metric, rounds, ...(pooled && pooled.count > 0 ? { pooled } : {}) };
}

/** The one number that stands for a round: its median, its value, its share; `undefined` when there is none. */
export function roundValue(data: MeasurementData): number | undefined {
  switch (data.kind) {
    case 'sample':
      return data.values.length > 0 ? median(data.values) : undefined;
    case 'histogram':
      return data.histogram.count > 0 ? distributionOf([data])?.quantile(0.5) : undefined;
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

/** One number a round, in the order of the rounds; what is not finite is no number. */
export const roundValues = ({ rounds }: MetricView): readonly number[] =>
  rounds.map(({ data }) => roundValue(data) ?? NaN).filter(Number.isFinite);

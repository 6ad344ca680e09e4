import { createHistogram } from '../histogram.ts';
import { judgeBenchmark, judgeObjective } from '../judge.ts';
import { metrics } from '../metric.ts';
import type { Measurement, MeasurementData } from '../measurement.ts';
import { createRng, deriveSeed } from '../rng.ts';
import {
  runSchemaUrl,
  runSchemaVersion,
  type BenchmarkPlan,
  type Environment,
  type Failure,
  type Provenance,
  type Run,
} from '../run.ts';
import { join } from '../verdict.ts';
import { drawSample, logNormal } from './distributions.ts';

/** A plan of a `latency` benchmark; every field can be replaced. */
export const samplePlan = (fields: Partial<BenchmarkPlan> = {}): BenchmarkPlan => ({
  id: 'parse one order',
  kind: 'latency',
  tags: [],
  metrics: [metrics.responseTime, metrics.errors, metrics.throughput],
  primary: metrics.responseTime.id,
  quantiles: true,
  objectives: ['p99 < 10ms'],
  rounds: 3,
  location: { file: '/project/orders.perf.ts', line: 3, column: 1 },
  sourceHash: 'a'.repeat(64),
  ...fields,
});

/** One round of one metric: by default nothing was dropped and nothing is remarkable. */
export const sampleMeasurement = (fields: Pick<Measurement, 'data'> & Partial<Measurement>): Measurement => ({
  benchmark: 'parse one order',
  metric: metrics.responseTime.id,
  round: 0,
  dropped: 0,
  warnings: [],
  ...fields,
});

/** Log-normal response times about `median` nanoseconds, counted. The same seed gives the same histogram. */
export function sampleHistogram(median = 1e6, size = 1000, seed = 1): MeasurementData {
  const histogram = createHistogram();
  for (const value of drawSample(logNormal(Math.log(median), 0.3), size, createRng(seed))) histogram.record(value);
  return { kind: 'histogram', histogram: histogram.toData() };
}

/** What a plan would measure: response times about a millisecond, no errors, a thousand a second. */
function measurementsOf(plan: BenchmarkPlan, seed: number): Measurement[] {
  return Array.from({ length: plan.rounds }, (_, round) => {
    const common = { benchmark: plan.id, round };
    return [
      sampleMeasurement({ ...common, metric: plan.primary, data: sampleHistogram(1e6, 1000, deriveSeed(seed, round)) }),
      sampleMeasurement({ ...common, metric: 'errors', data: { kind: 'count', events: 0, trials: 1000 } }),
      sampleMeasurement({ ...common, metric: 'throughput', data: { kind: 'exact', value: 1000 + round } }),
    ];
  })
    .flat()
    .filter(({ metric }) => plan.metrics.some(({ id }) => id === metric));
}

export const sampleEnvironment: Environment = {
  class: 'c0ffee00',
  cpu: 'Reference CPU @ 3.00 GHz',
  cores: 4,
  memory: 16e9,
  os: 'linux 6.1',
  arch: 'x64',
  node: '20.20.0',
  v8: '11.3.244',
  host: 'bench-1',
  ci: false,
  cpuPressure: [0.01, 0.02],
  loadAverage: 0.4,
  warnings: [],
};

export const sampleProvenance: Provenance = {
  project: 'orders',
  tool: 'perfkeel 0.1.0',
  sha: '0123456789abcdef0123456789abcdef01234567',
  branch: 'main',
  dirty: false,
};

/** What of a sample run to replace. Judgements and verdicts follow from the rest unless given. */
export interface SampleRunOptions extends Partial<Omit<Run, 'plan' | 'environment' | 'provenance'>> {
  readonly plans?: readonly BenchmarkPlan[];
  readonly seed?: number;
  readonly environment?: Partial<Environment>;
  readonly provenance?: Partial<Provenance>;
}

/**
 * A complete run, judged by the real rules. Without options: one latency benchmark of three rounds that passes.
 *
 * @example
 * sampleRun({ plans: [samplePlan({ objectives: ['p99 < 1us'] })] }).verdict.kind; // 'fail'
 */
export function sampleRun(options: SampleRunOptions = {}): Run {
  const { plans = [samplePlan()], seed = 1, environment, provenance, ...fields } = options;
  const measurements = fields.measurements ?? plans.flatMap((plan, i) => measurementsOf(plan, deriveSeed(seed, i)));
  const failures: readonly Failure[] = fields.failures ?? [];
  const judgements =
    fields.judgements ??
    plans.flatMap((plan) => plan.objectives.map((objective) => judgeObjective(plan, objective, measurements)));
  const benchmarks =
    fields.benchmarks ??
    plans.map((plan) => ({ benchmark: plan.id, verdict: judgeBenchmark(plan, judgements, failures) }));
  return {
    $schema: runSchemaUrl,
    schemaVersion: runSchemaVersion,
    id: '20250102T030405-000000',
    startedAt: '2025-01-02T03:04:05.000Z',
    durationMs: 12_345,
    interrupted: false,
    plan: { seed, short: false, benchmarks: plans },
    environment: { ...sampleEnvironment, ...environment },
    provenance: { ...sampleProvenance, ...provenance },
    verdict: join(benchmarks.map(({ verdict }) => verdict)),
    ...fields,
    measurements,
    failures,
    judgements,
    benchmarks,
  };
}

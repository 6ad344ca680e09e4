import {
  join,
  judgeBenchmark,
  judgeObjective,
  metrics,
  pass,
  runSchemaUrl,
  type BenchmarkPlan,
  type Environment,
  type Failure,
  type Measurement,
  type Metric,
  type Provenance,
  type RoundMeasurement,
  type Run,
  type RunPlan,
  type SerialisedError,
  type Tolerance,
  type Variant,
} from '@perfkeel/core';

/** A benchmark as a test writes it: what differs from the usual, and what its rounds measured. */
export interface Draft {
  readonly id: string;
  readonly kind?: string;
  readonly group?: string;
  readonly variant?: Variant;
  readonly metrics?: readonly Metric[];
  readonly primary?: string;
  readonly quantiles?: boolean;
  readonly objectives?: readonly string[];
  readonly rounds?: number;
  readonly expected?: 'fail';
  readonly line?: number;
  /** One round's measurements; rounds that fail return nothing. */
  readonly measure?: (round: number) => readonly RoundMeasurement[];
  readonly failures?: readonly { readonly round?: number; readonly error: SerialisedError }[];
}

export interface RunDraft {
  readonly id?: string;
  readonly durationMs?: number;
  readonly interrupted?: boolean;
  readonly short?: boolean;
  readonly tolerance?: Tolerance;
  readonly environment?: Partial<Environment>;
  readonly provenance?: Partial<Provenance>;
}

const environment: Environment = {
  class: '5f2c9a1e',
  cpu: 'AMD EPYC 7763',
  cores: 4,
  memory: 16e9,
  os: 'linux 6.8.0',
  arch: 'x64',
  node: '20.20.2',
  v8: '11.3.244.8',
  host: 'build-7',
  ci: true,
  cpuPressure: [0.012, 0.031],
  loadAverage: 1.4,
  warnings: [],
};

const provenance: Provenance = {
  project: 'orders-api',
  tool: 'perfkeel 0.1.0',
  sha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
  branch: 'faster-checkout',
  dirty: false,
};

function planOf(draft: Draft, index: number): BenchmarkPlan {
  return {
    id: draft.id,
    kind: draft.kind ?? 'bench',
    group: draft.group,
    variant: draft.variant,
    tags: [],
    metrics: draft.metrics ?? [metrics.timePerOperation],
    primary: draft.primary ?? (draft.metrics ?? [metrics.timePerOperation])[0]!.id,
    quantiles: draft.quantiles ?? true,
    objectives: draft.objectives ?? [],
    rounds: draft.rounds ?? 5,
    expected: draft.expected,
    location: { file: '/srv/shop/perf/orders.perf.ts', line: draft.line ?? 10 + 8 * index, column: 1 },
    sourceHash: 'c0ffee',
  };
}

function measurementsOf(draft: Draft, rounds: number): readonly Measurement[] {
  return Array.from({ length: rounds }, (_, round) => draft.measure?.(round) ?? []).flatMap((results, round) =>
    results.map(({ metric, data, dropped, warnings }) => ({
      benchmark: draft.id,
      metric,
      round,
      data,
      dropped: dropped ?? 0,
      warnings: warnings ?? [],
    })),
  );
}

/** A finished run, judged by the same code that judges real ones. */
export function buildRun(drafts: readonly Draft[], options: RunDraft = {}): Run {
  const plans = drafts.map(planOf);
  const plan: RunPlan = { seed: 7, short: options.short ?? false, benchmarks: plans };
  const measurements = drafts.flatMap((draft, i) => measurementsOf(draft, plans[i]!.rounds));
  const failures: readonly Failure[] = drafts.flatMap(({ id, failures }) =>
    (failures ?? []).map(({ round, error }) => ({ benchmark: id, round, error })),
  );
  const measured = new Set(measurements.map(({ benchmark }) => benchmark));
  const judgements = plans
    .filter(({ id }) => measured.has(id))
    .flatMap((each) =>
      each.objectives.map((objective) => judgeObjective(each, objective, measurements, options.tolerance)),
    );
  const benchmarks = plans.map((each) => ({
    benchmark: each.id,
    verdict: judgeBenchmark(each, judgements, failures),
  }));
  return {
    $schema: runSchemaUrl,
    schemaVersion: 1,
    id: options.id ?? '20261120-093000-7f3a',
    startedAt: '2026-11-20T09:30:00.000Z',
    durationMs: options.durationMs ?? 12_340,
    interrupted: options.interrupted ?? false,
    plan,
    environment: { ...environment, ...options.environment },
    provenance: { ...provenance, ...options.provenance },
    measurements,
    failures,
    judgements,
    benchmarks,
    verdict: join(benchmarks.length === 0 ? [] : [pass, ...benchmarks.map(({ verdict }) => verdict)]),
  };
}

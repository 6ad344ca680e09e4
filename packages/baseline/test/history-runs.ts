import type { BenchmarkPlan, Environment, Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';

/** What one run of a made-up history measures: benchmarks by name, each with its level in nanoseconds. */
export interface RunOfHistory {
  readonly levels: Readonly<Record<string, number>>;
  readonly environment?: Partial<Environment>;
  readonly sha?: string;
  readonly branch?: string;
  readonly plan?: Partial<BenchmarkPlan>;
}

const day = 24 * 3600 * 1000;
export const startOf = (i: number): string => new Date(Date.UTC(2027, 0, 1) + i * day).toISOString();
export const idOf = (i: number): string => `RUN-${String(i).padStart(4, '0')}`;
export const shaOf = (i: number): string => (i + 1).toString(16).padStart(4, '0').repeat(10);

/** Three rounds of one sample each: the level, and a wobble of half a per cent that is the same every time. */
function runOf({ levels, environment = {}, sha, branch = 'main', plan = {} }: RunOfHistory, i: number): Run {
  const plans = Object.keys(levels).map((id) => samplePlan({ id, kind: 'latency', rounds: 3, ...plan }));
  return sampleRun({
    id: idOf(i),
    startedAt: startOf(i),
    plans,
    environment,
    provenance: { sha: sha ?? shaOf(i), branch },
    measurements: plans.flatMap(({ id }, k) =>
      [0, 1, 2].map((round) => {
        const value = levels[id]! * (1 + 0.005 * Math.sin((i + 31 * k) ** 2) + 0.0001 * round);
        return sampleMeasurement({ benchmark: id, round, data: { kind: 'sample', values: [value] } });
      }),
    ),
  });
}

/** One run a day from the first of January 2027 on. */
export const runsOf = (count: number, at: (i: number) => RunOfHistory): Run[] =>
  Array.from({ length: count }, (_, i) => runOf(at(i), i));

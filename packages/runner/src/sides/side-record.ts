import type { Failure, Measurement, RoundResult, Run, Tolerance } from '@perfkeel/core';
import { assembleRun } from '../assemble-run.ts';
import type { PlannedBenchmark } from '../plan.ts';
import { readEnvironment, type MachineState } from '../environment.ts';
import { createRunId } from '../run-id.ts';
import type { Side } from './side.ts';

export interface RecordOptions {
  readonly startedAt: Date;
  readonly tolerance: Tolerance | undefined;
}

/** What has been measured of one side in one stage. */
export class SideRecord {
  readonly measurements: Measurement[] = [];
  readonly failures: Failure[] = [];
  readonly #id: string;
  readonly #startedAt: Date;
  readonly #side: Side;
  readonly #benchmarks: readonly PlannedBenchmark[];
  readonly #seed: number;
  readonly #tolerance: Tolerance | undefined;

  constructor(side: Side, ids: readonly string[], seed: number, { startedAt, tolerance }: RecordOptions) {
    this.#startedAt = startedAt;
    this.#id = createRunId(startedAt);
    this.#side = side;
    this.#benchmarks = side.benchmarks.filter(({ plan }) => ids.includes(plan.id));
    this.#seed = seed;
    this.#tolerance = tolerance;
  }

  benchmark(id: string): PlannedBenchmark {
    return this.#benchmarks.find(({ plan }) => plan.id === id)!;
  }

  record(benchmark: string, round: number, result: RoundResult): void {
    for (const [index, { metric, data, dropped = 0, warnings = [] }] of result.measurements.entries()) {
      // Remarks on the round as a whole stand with its first measurement; what forbids conclusions, with each.
      const shared = (result.warnings ?? []).filter(({ forbids }) => index === 0 || forbids !== undefined);
      this.measurements.push({
        benchmark,
        metric,
        round,
        data,
        dropped,
        warnings: [...shared, ...warnings],
        ...(result.input === undefined ? {} : { input: result.input }),
      });
    }
  }

  /** A run of what there is up to now. */
  run(interrupted: boolean, machine: MachineState): Run {
    const rounds = (id: string): number =>
      new Set(this.measurements.flatMap((one) => (one.benchmark === id ? [one.round] : []))).size;
    return assembleRun(
      {
        id: this.#id,
        startedAt: this.#startedAt.toISOString(),
        durationMs: Math.max(0, Date.now() - this.#startedAt.getTime()),
        interrupted,
        plan: {
          seed: this.#seed,
          short: false,
          benchmarks: this.#benchmarks.map(({ plan }) => ({ ...plan, rounds: Math.max(1, rounds(plan.id)) })),
        },
        environment: readEnvironment(machine),
        provenance: this.#side.provenance,
        measurements: [...this.measurements],
        failures: [...this.failures],
      },
      this.#tolerance,
    );
  }
}

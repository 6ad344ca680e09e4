import {
  join,
  judgeBenchmark,
  judgeObjective,
  runSchemaUrl,
  runSchemaVersion,
  type BenchmarkPlan,
  type Failure,
  type Judgement,
  type Run,
  type Tolerance,
  type Verdict,
} from '@perfkeel/core';
import { judgeFailing, remarkFailing } from './mostly-failing.ts';
import { judgeStopped } from './stopped-early.ts';
import { remarkTurned } from './turned-round.ts';

/** Everything that a run is made of, before it is judged. */
export type RunParts = Pick<
  Run,
  | 'id'
  | 'startedAt'
  | 'durationMs'
  | 'interrupted'
  | 'plan'
  | 'environment'
  | 'provenance'
  | 'measurements'
  | 'failures'
>;

/** Judges what was measured. Pure: the same parts give the same run. */
export function assembleRun(parts: RunParts, tolerance?: Tolerance): Run {
  const judgements = judgeAll(parts, tolerance);
  const benchmarks = parts.plan.benchmarks.map((plan) => ({
    benchmark: plan.id,
    verdict: verdictOf(plan, parts, judgements),
  }));
  return {
    $schema: runSchemaUrl,
    schemaVersion: runSchemaVersion,
    ...parts,
    measurements: remarkTurned(remarkFailing(parts.measurements, benchmarks), parts.plan.benchmarks),
    judgements,
    benchmarks,
    verdict: overall(
      parts,
      benchmarks.map(({ verdict }) => verdict),
    ),
  };
}

/** A rehearsal does too little work to be judged: it only shows that everything runs. */
function judgeAll({ plan, measurements, environment }: RunParts, tolerance?: Tolerance): Judgement[] {
  if (plan.short) return [];
  const doubts = environment.warnings.filter(({ forbids }) => forbids !== undefined);
  return plan.benchmarks.flatMap((benchmark) =>
    benchmark.objectives.map((objective) => {
      const judgement = judgeObjective(benchmark, objective, measurements, tolerance, doubts);
      return judgeStopped(benchmark, judgement, measurements, doubts);
    }),
  );
}

function verdictOf(plan: BenchmarkPlan, parts: RunParts, judgements: readonly Judgement[]): Verdict {
  const { failures, measurements } = parts;
  const nothing = !measurements.some(({ benchmark }) => benchmark === plan.id);
  if (nothing && !failures.some(({ benchmark }) => benchmark === plan.id)) {
    return { kind: 'could-not-measure', reasons: [{ code: 'not-measured', message: 'it was not measured' }] };
  }
  if (parts.plan.short) return judgeBenchmark({ ...plan, expected: undefined }, judgements, failures);
  const verdict = judgeBenchmark(plan, judgements, failures);
  const failing = judgeFailing(plan, judgements, measurements);
  return failing.kind === 'pass' ? verdict : join([verdict, failing]);
}

function overall(parts: RunParts, verdicts: readonly Verdict[]): Verdict {
  const verdict = join(verdicts);
  if (verdict.kind !== 'pass' || !parts.plan.short) return verdict;
  return { kind: 'pass', reasons: [{ code: 'rehearsal', message: 'a rehearsal: everything ran, nothing was judged' }] };
}

/** A failure of a round, as data. */
export const failureOf = (benchmark: string, round: number, error: Failure['error']): Failure => ({
  benchmark,
  round,
  error,
});

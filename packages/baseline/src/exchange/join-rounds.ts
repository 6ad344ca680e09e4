import {
  join,
  judgeBenchmark,
  usageError,
  type BenchmarkPlan,
  type Measurement,
  type PerfError,
  type Run,
} from '@perfkeel/core';
import { importId, oneProcess } from './run-of.ts';

const mismatch = (message: string): PerfError =>
  usageError(`these files cannot be rounds of one run: ${message}`, {
    code: 'bad-import',
    hint: 'Rounds are processes of one tool that measured the same code on the same machine, each in a file of its own.',
  });

/** What all of them must say alike, in words for the message. */
const alike: readonly (readonly [string, (run: Run) => string | undefined])[] = [
  ['tools', ({ provenance }) => provenance.tool],
  ['projects', ({ provenance }) => provenance.project],
  ['commits', ({ provenance }) => provenance.sha],
  ['machines', ({ environment }) => environment.class],
];

function requireAlike(runs: readonly Run[]): void {
  const own = runs.find(({ plan }) => plan.benchmarks.some(({ tags }) => !tags.includes('imported')));
  if (own !== undefined) throw mismatch(`${own.id} is a run of perfkeel, which has rounds already`);
  for (const [what, read] of alike) {
    const found = [...new Set(runs.map((run) => read(run) ?? 'none'))];
    if (found.length > 1) throw mismatch(`they name different ${what}, ${found.slice(0, 3).join(' and ')}`);
  }
  if (new Set(runs.map(({ id }) => id)).size < runs.length) throw mismatch('one of them is there twice');
}

/** The plan of each benchmark that any of them has, with every metric that any of them measured. */
function joinedPlans(runs: readonly Run[]): BenchmarkPlan[] {
  const plans = new Map<string, BenchmarkPlan>();
  for (const plan of runs.flatMap((run) => run.plan.benchmarks)) {
    const known = plans.get(plan.id);
    const ids = new Set(known?.metrics.map(({ id }) => id));
    const metrics = [...(known?.metrics ?? []), ...plan.metrics.filter(({ id }) => !ids.has(id))];
    // A benchmark without numbers has no primary metric of its own.
    const first = known && known.metrics.length > 0 ? known : plan;
    plans.set(plan.id, { ...first, metrics, rounds: (known?.rounds ?? 0) + plan.rounds });
  }
  return [...plans.values()];
}

/** Rounds are counted on from one run to the next. */
function joinedMeasurements(runs: readonly Run[]): Measurement[] {
  const before = new Map<string, number>();
  return runs.flatMap((run) => {
    const measurements = run.measurements.map((one) => ({
      ...one,
      round: one.round + (before.get(one.benchmark) ?? 0),
      warnings: one.warnings.filter(({ code }) => code !== oneProcess.code),
    }));
    for (const { id, rounds } of run.plan.benchmarks) before.set(id, (before.get(id) ?? 0) + rounds);
    return measurements;
  });
}

/**
 * Imported runs as the rounds of one: what a tool wrote when it was started several times, each in a process of its own.
 * So the files of tools that know no rounds can be compared. Pure; the order of the runs does not matter.
 *
 * @throws PerfError `bad-import`, exit code 2, when tool, project, commit or machine differ, or one run is there twice
 */
export function joinRounds(runs: readonly Run[]): Run {
  const ordered = [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
  const [first] = ordered;
  if (!first) throw mismatch('there are none');
  requireAlike(ordered);
  if (ordered.length === 1) return first;
  const benchmarks = joinedPlans(ordered);
  const failures = ordered.flatMap((run) => run.failures);
  const verdicts = benchmarks.map((plan) => ({ benchmark: plan.id, verdict: judgeBenchmark(plan, [], failures) }));
  return {
    ...first,
    id: importId(
      Date.parse(first.startedAt),
      ordered.map(({ id }) => id),
    ),
    durationMs: ordered.reduce((sum, run) => sum + run.durationMs, 0),
    plan: { ...first.plan, benchmarks },
    measurements: joinedMeasurements(ordered),
    failures,
    benchmarks: verdicts,
    verdict: join(verdicts.map(({ verdict }) => verdict)),
  };
}

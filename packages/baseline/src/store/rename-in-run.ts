import type { Run } from '@perfkeel/core';

/**
 * A run with other names for its benchmarks: what it measured under a former name is comparable with what is measured now.
 * A name that the run has already is never given twice. Pure.
 */
export function renameInRun(run: Run, current: (name: string) => string): Run {
  const own = new Set(run.plan.benchmarks.map(({ id }) => id));
  const renamed = new Map(
    [...own].flatMap((id) => {
      const now = current(id);
      return now === id || own.has(now) ? [] : [[id, now] as const];
    }),
  );
  if (renamed.size === 0) return run;
  const nameOf = (id: string): string => renamed.get(id) ?? id;
  const named = <T extends { readonly benchmark: string }>(all: readonly T[]): T[] =>
    all.map((one) => ({ ...one, benchmark: nameOf(one.benchmark) }));
  const { plan, measurements, failures, judgements, benchmarks } = run;
  return {
    ...run,
    plan: { ...plan, benchmarks: plan.benchmarks.map((each) => ({ ...each, id: nameOf(each.id) })) },
    measurements: named(measurements),
    failures: named(failures),
    judgements: named(judgements),
    benchmarks: named(benchmarks),
  };
}

import type { Run, VerdictKind } from '@perfkeel/core';

/** What a list shows of a run. */
export interface RunSummary {
  readonly id: string;
  /** SHA-256 of the stored text. */
  readonly sha: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly project: string;
  readonly verdict: VerdictKind;
  /** How many benchmarks were planned. */
  readonly benchmarks: number;
  /** The class of the environment in which it was measured. */
  readonly environment: string;
  /** The commit that was measured. */
  readonly commit?: string | undefined;
  readonly branch?: string | undefined;
  /** Measured with changes that were not committed. */
  readonly dirty?: true | undefined;
  /** The computer, which is not in the class of the environment. */
  readonly host: string;
  /** It did not come to its end. */
  readonly interrupted?: true | undefined;
  /** Names that its declarations say to have had before. */
  readonly renames?: readonly (readonly [from: string, to: string])[] | undefined;
}

export function summariseRun(run: Run, sha: string): RunSummary {
  const { id, startedAt, provenance, verdict, plan, environment } = run;
  const renames = plan.benchmarks.flatMap(({ id: to, renamedFrom = [] }) =>
    renamedFrom.map((from) => [from, to] as const),
  );
  return {
    id,
    sha,
    startedAt,
    project: provenance.project,
    verdict: verdict.kind,
    benchmarks: plan.benchmarks.length,
    environment: environment.class,
    ...(provenance.sha === undefined ? {} : { commit: provenance.sha }),
    ...(provenance.branch === undefined ? {} : { branch: provenance.branch }),
    ...(provenance.dirty === true ? { dirty: true } : {}),
    host: environment.host,
    ...(run.interrupted ? { interrupted: true } : {}),
    ...(renames.length === 0 ? {} : { renames }),
  };
}

/** In a total order: by time, then by id and hash. */
export function newestFirst(runs: readonly RunSummary[]): RunSummary[] {
  // Reading a time costs more than all else: once each, and not at every comparison.
  const timed = runs.map((run) => ({ run, time: Date.parse(run.startedAt) }));
  return timed.sort((a, b) => b.time - a.time || byIdentity(a.run, b.run)).map(({ run }) => run);
}

function byIdentity(a: RunSummary, b: RunSummary): number {
  if (a.id !== b.id) return a.id < b.id ? 1 : -1;
  return a.sha < b.sha ? -1 : 1;
}

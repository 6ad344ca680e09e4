import type { Failure, Run, SerialisedError, SourceLocation } from '@perfkeel/core';
import { plural } from './words.ts';

/** One reason why something could not be measured, with the rounds that met it. */
export interface FailureView {
  readonly benchmark: string;
  readonly error: SerialisedError;
  /** `round 2 of 3`; empty when the whole benchmark failed. */
  readonly rounds: string;
  /** Where it is declared, or where the error says. */
  readonly location?: SourceLocation | undefined;
}

/** The failures of a run; the same message in several rounds becomes one. */
export function viewFailures(run: Run): readonly FailureView[] {
  const merged = new Map<string, Failure[]>();
  for (const failure of run.failures) {
    const key = JSON.stringify([failure.benchmark, failure.error.code, failure.error.message]);
    merged.set(key, [...(merged.get(key) ?? []), failure]);
  }
  return [...merged.values()].map((failures) => viewFailure(run, failures));
}

function viewFailure(run: Run, failures: readonly Failure[]): FailureView {
  const { benchmark, error } = failures[0]!;
  const plan = run.plan.benchmarks.find(({ id }) => id === benchmark);
  return {
    benchmark,
    error,
    rounds: roundsText(
      failures.map(({ round }) => round),
      plan?.rounds,
    ),
    location: error.location ?? plan?.location,
  };
}

function roundsText(rounds: readonly (number | undefined)[], planned: number | undefined): string {
  const numbers = rounds.filter((round) => round !== undefined).map((round) => round + 1);
  if (numbers.length === 0) return '';
  const of = planned === undefined ? '' : ` of ${planned}`;
  if (numbers.length === planned) return numbers.length === 1 ? '' : `all ${plural(planned, 'round')}`;
  return `${numbers.length === 1 ? 'round' : 'rounds'} ${numbers.join(', ')}${of}`;
}

/** `perf/orders.perf.ts:14:1`, relative to `root` when it lies inside. */
export function formatLocation({ file, line, column }: SourceLocation, root?: string): string {
  const path = file.replace(/^file:\/\/(?=\/)/, '');
  const folder = root === undefined || root.endsWith('/') ? root : `${root}/`;
  const shown = folder !== undefined && path.startsWith(folder) ? path.slice(folder.length) : path;
  return `${shown}:${line}:${column}`;
}

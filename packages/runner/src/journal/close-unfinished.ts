import { existsSync } from 'node:fs';
import type { Run, Tolerance } from '@perfkeel/core';
import { assembleRun } from '../assemble-run.ts';
import { isLast, resultsOf } from '../measure-rounds.ts';
import type { UnfinishedRun } from './unfinished-runs.ts';

/**
 * An unfinished run as it is, with everything that was measured; the round that was under way with a warning that says
 * how far it got. It is interrupted unless nothing but its end was missing. Pure.
 */
export function closeUnfinished({ head, entries, half }: UnfinishedRun, tolerance?: Tolerance): Run {
  const { id, startedAt, plan, environment, provenance } = head;
  const { complete, ...results } = resultsOf(entries, half, missingRounds({ head, entries }) === 0);
  const elapsedMs = Math.max(half?.elapsedMs ?? 0, entries.at(-1)?.elapsedMs ?? 0);
  return assembleRun(
    {
      ...{ id, startedAt, plan, environment, provenance },
      durationMs: Math.round(elapsedMs),
      interrupted: !complete,
      ...results,
    },
    tolerance,
  );
}

type Written = Pick<UnfinishedRun, 'head' | 'entries'>;

/** How many rounds a run would still measure. */
export function missingRounds({ head, entries }: Written): number {
  return head.plan.benchmarks.reduce((missing, { id, rounds }) => {
    const own = entries.filter(({ benchmark }) => benchmark === id);
    return own.some(isLast) ? missing : missing + Math.max(0, rounds - own.length);
  }, 0);
}

/** The perf files of a run that are no longer there: it cannot go on. Absolute, each once. */
export function goneFiles({ head }: Pick<UnfinishedRun, 'head'>): readonly string[] {
  const files = head.plan.benchmarks.flatMap(({ location }) => location?.file ?? []);
  return [...new Set(files)].filter((file) => !existsSync(file));
}

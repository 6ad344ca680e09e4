import { join } from 'node:path';
import type { Run } from '@perfkeel/core';
import { missingRounds, unfinishedRuns, type UnfinishedRun, type UnfinishedRuns } from '@perfkeel/runner';
import { folderOption } from './commands/folder-option.ts';
import type { ResolvedConfig } from './config.ts';
import type { Io } from './io.ts';

/** The runs of a project that have not ended. */
export const openUnfinished = (config: ResolvedConfig): UnfinishedRuns =>
  unfinishedRuns(join(config.store, 'unfinished'));

/** Whether there is anything that would be lost. */
export const hasResults = ({ measurements, failures }: Pick<Run, 'measurements' | 'failures'>): boolean =>
  measurements.length + failures.length > 0;

/** How far a run got: `5 of 8 rounds`. */
export function progressOf(run: UnfinishedRun): string {
  const all = run.head.plan.benchmarks.reduce((sum, { rounds }) => sum + rounds, 0);
  return `${all - missingRounds(run)} of ${all} rounds`;
}

/** Says in one line that a run can go on; forgets old ones. Whatever is wrong with them stops no new run. */
export async function tellUnfinished(config: ResolvedConfig, io: Io): Promise<void> {
  const runs = openUnfinished(config);
  try {
    await runs.sweep();
    const [run] = (await runs.list()).filter(
      ({ owner, entries, half }) => owner === undefined && entries.length + (half ? 1 : 0) > 0,
    );
    if (run === undefined) return;
    const { id, startedAt } = run.head;
    const resume = `perfkeel resume${folderOption(config.root, io)}`;
    io.stderr.write(`note  run ${id} of ${startedAt} stopped after ${progressOf(run)}: ${resume} ${id}\n`);
  } catch {
    return;
  }
}

import { relative } from 'node:path';
import { usageError } from '@perfkeel/core';
import { closeUnfinished, goneFiles, resumeProject, type UnfinishedRun } from '@perfkeel/runner';
import { recalledPart, withChoices } from '../affected/run-affected.ts';
import { loadConfig, type ResolvedConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { openStore } from '../results.ts';
import { openUnfinished, progressOf } from '../unfinished.ts';
import { finishRun, measure, measureOptions, type Measured, type RunOptions } from './run.ts';

export type ResumeOptions = Pick<RunOptions, 'dir' | 'json' | 'reporter' | 'strict' | 'verbose' | 'partial'>;

/** `perfkeel resume`: measures what is missing of a run that was interrupted, and ends it as `run` would have. */
export async function resumeCommand(reference: string | undefined, options: ResumeOptions, io: Io): Promise<number> {
  const config = await loadConfig(io, options.dir);
  const unfinished = await openUnfinished(config).find(reference);
  await refuseStored(unfinished, config, io);
  const partial = options.partial === true || cannotGoOn(unfinished, io);
  const part = recalledPart(unfinished.head.remembered['chosen'], config);
  const skipped = part === undefined ? {} : { skipped: part.skipped };
  const asked = { ...rememberedOptions(unfinished), ...options, ...skipped, partial };
  const measured = partial
    ? { run: closeUnfinished(unfinished, config.tolerance) }
    : await goOn(unfinished, asked, config, io);
  const run = part === undefined ? measured.run : withChoices(measured.run, part.choices);
  return await finishRun({ ...measured, run }, asked, config, io);
}

/** Stopped between the last two steps of all: storing it twice would make two runs of it. */
async function refuseStored({ head: { id } }: UnfinishedRun, config: ResolvedConfig, io: Io): Promise<void> {
  if (!(await openStore(config, io).listRuns()).some((run) => run.id === id)) return;
  await openUnfinished(config).remove(id);
  throw usageError(`run ${id} has ended, and is stored`, {
    code: 'nothing-unfinished',
    hint: `Look at it: perfkeel report ${id}`,
  });
}

function rememberedOptions({ head: { remembered, plan } }: UnfinishedRun): RunOptions {
  const { against, strict } = remembered;
  return {
    short: plan.short,
    ...(typeof against === 'string' ? { against } : {}),
    ...(strict === true ? { strict } : {}),
  };
}

/** Without its perf files a run can only be closed as it is. */
function cannotGoOn(unfinished: UnfinishedRun, io: Io): boolean {
  const gone = goneFiles(unfinished).map((file) => relative(io.cwd, file));
  if (gone.length === 0) return false;
  io.stderr.write(`warning  ${gone.join(', ')} is gone: the run ends with what had been measured\n`);
  return true;
}

function goOn(unfinished: UnfinishedRun, options: RunOptions, config: ResolvedConfig, io: Io): Promise<Measured> {
  io.stderr.write(`going on with run ${unfinished.head.id} after ${progressOf(unfinished)}\n`);
  return measure(options, io, (watched) =>
    resumeProject(unfinished, { ...measureOptions([], options, config, io), ...watched }),
  );
}

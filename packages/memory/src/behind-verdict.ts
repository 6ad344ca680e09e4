import { parseDuration, type RoundContext, type Warning } from '@perfkeel/core';
import { measureCleanUp, type LoadCleanUp } from './clean-up/clean-up.ts';
import type { LeakReport } from './detect-leak.ts';
import { defaultSnapshotFolder, keepSnapshots, type KeepingTask } from './keep-snapshots.ts';
import { clientsOf, lengthOf, momentsOf, type WrittenLeak } from './leak-options.ts';
import { measurePhases } from './phases/measure-phases.ts';
import type { PhaseGrowth } from './phases/phase-growth.ts';
import type { PhaseMarks } from './phases/phase-marks.ts';
import type { Probe } from './probe.ts';
import type { Work } from './repeat.ts';

/** What the parts behind the verdict take of the duration. */
export const phasesShare = 0.5;
export const loadShare = 0.25;
/** Behind a look of hours no more than this. */
const mostMs = 120_000;

/** What was measured once it was known whether there is a leak, with the work of that. */
export interface BehindVerdict {
  readonly phases?: { readonly names: readonly string[]; readonly found: readonly PhaseGrowth[] } | undefined;
  readonly cleanUp?: LoadCleanUp | undefined;
}

export interface BehindTask {
  readonly work: Work;
  readonly probe: Probe;
  readonly marks: PhaseMarks;
  readonly report: Pick<LeakReport, 'iterations' | 'warmUpIterations'>;
}

/** The phases, and the clean-up behind a load, where they are asked for. */
export async function measureBehind<State>(
  options: WrittenLeak<State>,
  { work, probe, marks, report }: BehindTask,
  { short, signal, progress }: Pick<RoundContext, 'short' | 'signal' | 'progress'>,
): Promise<BehindVerdict> {
  const { cleanUp, phases: names, target } = options;
  const durationMs = short ? 1000 : parseDuration(lengthOf(options) ?? (target ? '20s' : '6s')) / 1e6;
  let after: BehindVerdict = {};
  if (cleanUp !== undefined) {
    progress('clean-up behind a load');
    const waitMs = short ? 100 : parseDuration(cleanUp) / 1e6;
    const loadMs = Math.min(durationMs * loadShare, mostMs);
    after = { cleanUp: await measureCleanUp({ work, probe, clients: clientsOf(options), loadMs, waitMs, signal }) };
  }
  if (names !== undefined) {
    progress('telling phases apart');
    const found = await measurePhases({
      marks,
      work,
      probe,
      durationMs: Math.min(durationMs * phasesShare, mostMs),
      smallest: 1,
      before: report.warmUpIterations + report.iterations,
      signal,
    });
    after = { ...after, phases: { names, found } };
  }
  return after;
}

interface SnapshotsTask extends Pick<KeepingTask, 'promised' | 'measurements' | 'work' | 'target'> {
  readonly report: LeakReport;
}

/** Snapshots at the moments that were asked for; none in a rehearsal. */
export async function snapshotsOf<State>(
  options: WrittenLeak<State>,
  { report, ...task }: SnapshotsTask,
  { short, round, progress }: Pick<RoundContext, 'short' | 'round' | 'progress'>,
): Promise<Warning[]> {
  const moments = momentsOf(options);
  if (short || moments.length === 0) return [];
  progress('writing the heap down where that was asked for');
  const { stoppedBy, perIteration } = report;
  const folder = options.keepSnapshots ?? defaultSnapshotFolder;
  return keepSnapshots({
    ...task,
    ...{ clients: clientsOf(options), round, moments, folder, stoppedBy, growth: perIteration.value },
  });
}

import { PerfError, usageError } from '@perfkeel/core';
import type { BaselineHistory } from '../baselines.ts';
import type { ObjectLog } from '../object-log.ts';
import type { Records } from '../records.ts';
import { requireTime } from '../require-time.ts';
import { objectKey, type RunRecords } from '../run-records.ts';
import type { RunSummary } from '../run-summary.ts';
import { systemCode } from '../store-error.ts';
import { readMarks, writeMark, type DeletionPlan } from './mark-records.ts';
import { listPins, type MarkOptions } from './pins.ts';

export interface PruneOptions extends MarkOptions {
  /** How many of the newest runs stay, of each project in each environment. */
  readonly keep?: number | undefined;
  /** Runs that started at this time or later stay. ISO 8601. */
  readonly before?: string | undefined;
  /** Only says what it would do. @default false */
  readonly rehearse?: boolean | undefined;
}

/** A run that is old enough to go, and why it stays. */
export interface KeptRun {
  readonly run: RunSummary;
  readonly why: string;
}

export interface Pruned {
  readonly removed: readonly RunSummary[];
  readonly kept: readonly KeptRun[];
}

export interface Retention {
  /**
   * Deletes runs beyond `keep` and older than `before`, both where both are given; never one that is pinned or that any
   * version of a baseline names. What goes is written down before, so that nobody can name it in the meantime.
   *
   * @throws PerfError `bad-option` or `bad-time` (exit code 2), or `store-not-writable` (exit code 4)
   */
  pruneRuns(options: PruneOptions): Promise<Pruned>;
  /** Carries out deletions that were interrupted. @returns how many runs went */
  finishDeletions(options: MarkOptions): Promise<number>;
}

/** What pruning must know of baselines. */
export type ListHistories = () => Promise<readonly BaselineHistory[]>;

/** @param makeRoom deletes what can be made again */
export function retention(
  log: ObjectLog,
  records: Records,
  runs: RunRecords,
  histories: ListHistories,
  makeRoom: () => Promise<void>,
): Retention {
  const world: World = { log, records, histories, makeRoom };
  return {
    finishDeletions: ({ at }) => finishDeletions(world, at),
    async pruneRuns(options) {
      requireOptions(options);
      const old = selectOld(await runs.listRuns(), options);
      const reasons = await reasonsToStay(world);
      const kept = old.flatMap((run) => (reasons.has(run.sha) ? [{ run, why: reasons.get(run.sha)! }] : []));
      const going = old.filter(({ sha }) => !reasons.has(sha));
      if (options.rehearse === true || going.length === 0) return { removed: going, kept };
      await finishDeletions(world, options.at);
      const removed = new Set(await removeRuns(world, going, options));
      const saved = going.filter(({ sha }) => !removed.has(sha));
      return {
        removed: going.filter(({ sha }) => removed.has(sha)),
        kept: [...kept, ...saved.map((run) => ({ run, why: 'it was named in the meantime' }))],
      };
    },
  };
}

interface World {
  readonly log: ObjectLog;
  readonly records: Records;
  readonly histories: ListHistories;
  readonly makeRoom: () => Promise<void>;
}

/** Why runs have to stay, by hash. */
async function reasonsToStay({ records, histories }: World): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const { name, versions } of await histories()) {
    for (const { sha } of versions) reasons.set(sha, `the baseline ${name} names it`);
  }
  for (const { sha, reason } of await listPins(records)) {
    reasons.set(sha, reason === undefined ? 'it is pinned' : `it is pinned: ${reason}`);
  }
  return reasons;
}

/** Writes down what goes, then removes what still nobody refers to. @returns the hashes of those that went */
async function removeRuns(
  world: World,
  going: readonly RunSummary[],
  options: MarkOptions,
): Promise<readonly string[]> {
  const { at, reason } = options;
  const named = going.map(({ id: run, sha }) => ({ run, sha }));
  const plan: DeletionPlan = { kind: 'deletion-plan', runs: named, at, ...(reason === undefined ? {} : { reason }) };
  return await carryOut(world, await writePlan(world, plan), plan, at);
}

/** Whoever prunes because the disk is full has no room to say so either. */
async function writePlan({ records, makeRoom }: World, plan: DeletionPlan): Promise<string> {
  try {
    return await writeMark(records, plan);
  } catch (error) {
    if (!(error instanceof PerfError) || !['ENOSPC', 'EDQUOT'].includes(systemCode(error.cause) ?? '')) throw error;
    await makeRoom();
    return await writeMark(records, plan);
  }
}

/** Deletions that are asked for together: one push of git, a few requests of other stores. */
const atOnce = 100;

async function carryOut(world: World, sha: string, plan: DeletionPlan, at: string): Promise<readonly string[]> {
  // Read after the plan can be seen: of a pruner and somebody who names a run, at least one sees the other.
  const reasons = await reasonsToStay(world);
  const removed = plan.runs.map((run) => run.sha).filter((each) => !reasons.has(each));
  for (let i = 0; i < removed.length; i += atOnce) {
    await Promise.all(removed.slice(i, i + atOnce).map((each) => world.log.remove(objectKey(each))));
  }
  await writeMark(world.records, { kind: 'deletion-done', plan: sha, removed, at });
  return removed;
}

async function finishDeletions(world: World, at: string): Promise<number> {
  let gone = 0;
  for (const { sha, plan } of await openPlans(world.records)) gone += (await carryOut(world, sha, plan, at)).length;
  return gone;
}

function requireOptions({ keep, before, at }: PruneOptions): void {
  requireTime(at);
  if (before !== undefined) requireTime(before);
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 1)) {
    throw usageError(`cannot keep ${keep} runs`, { code: 'bad-option', hint: 'Write a whole number from 1 upwards.' });
  }
  if (keep !== undefined || before !== undefined) return;
  throw usageError('nothing says which runs may go', {
    code: 'bad-option',
    hint: 'Say how many of the newest stay, or how old the others must be: --keep 100, --older-than 90d.',
  });
}

/** Of each project in each environment: another machine's runs are no reason to delete those of this one. */
function selectOld(all: readonly RunSummary[], { keep, before }: PruneOptions): readonly RunSummary[] {
  const counted = new Map<string, number>();
  return all.filter(({ project, environment, startedAt }) => {
    const group = JSON.stringify([project, environment]);
    const place = counted.get(group) ?? 0;
    counted.set(group, place + 1);
    const many = keep === undefined || place >= keep;
    const late = before === undefined || Date.parse(startedAt) < Date.parse(before);
    return many && late;
  });
}

async function openPlans(records: Records): Promise<readonly { sha: string; plan: DeletionPlan }[]> {
  const marks = await readMarks(records, 'deletions');
  const done = new Set(marks.flatMap(({ mark }) => (mark.kind === 'deletion-done' ? [mark.plan] : [])));
  return marks.flatMap(({ sha, mark }) =>
    mark.kind === 'deletion-plan' && !done.has(sha) ? [{ sha, plan: mark }] : [],
  );
}

/**
 * Whoever has just named a run asks this: somebody may have planned to delete it before they could see that.
 *
 * @throws PerfError `run-being-deleted`, exit code 4.
 */
export async function requireStaying(records: Records, sha: string, run: string): Promise<void> {
  const planned = (await openPlans(records)).some(({ plan }) => plan.runs.some((each) => each.sha === sha));
  if (!planned && (await records.read(objectKey(sha)))) return;
  throw new PerfError(`the run ${run} is being deleted by somebody else`, {
    code: 'run-being-deleted',
    hint: 'Try again: perfkeel baseline repair finishes deletions that were interrupted.',
  });
}

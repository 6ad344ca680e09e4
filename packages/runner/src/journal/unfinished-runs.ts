import { lstat, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import type { HalfRound, JournalEntry, JournalHead } from './journal-entry.ts';
import { readEntry, readHalfRound, readHead } from './journal-text.ts';
import { ownerOf } from './owner.ts';
import { RunJournal, halfRoundFile, journalFile } from './run-journal.ts';

/** A run that has begun and not ended, as its journal tells. */
export interface UnfinishedRun {
  readonly head: JournalHead;
  /** Rounds that were finished or failed, each once, in the order in which they were. */
  readonly entries: readonly JournalEntry[];
  /** What the round that was under way had measured, when it said so. */
  readonly half?: HalfRound | undefined;
  /** The process that still works on it. */
  readonly owner?: number | undefined;
  /** Bytes of the journal that can be read; what follows them is damaged or torn. */
  readonly length: number;
}

/** The journals of runs that have not ended, each in a folder that is called like the run. */
export interface UnfinishedRuns {
  begin(head: JournalHead): Promise<RunJournal>;
  goOn(run: UnfinishedRun): Promise<RunJournal>;
  /** Those that can be read, newest first. */
  list(): Promise<readonly UnfinishedRun[]>;
  /**
   * The run with an id that begins so; the newest that nobody works on when none is named.
   *
   * @throws PerfError `nothing-unfinished`, `run-ambiguous` or `run-under-way`, exit code 2.
   */
  find(reference?: string): Promise<UnfinishedRun>;
  /** Forgets a run, because it has ended. @throws PerfError `not-writable`, exit code 4. */
  remove(id: string): Promise<void>;
  /** Forgets runs that nobody has worked on for 30 days. */
  sweep(now?: number): Promise<void>;
}

const keptMs = 30 * 24 * 3600 * 1000;
const runId = /^[0-9A-Z]{26}$/;

/** Opens the unfinished runs in a folder. Nothing is read or written before the first call. */
export function unfinishedRuns(folder: string): UnfinishedRuns {
  const placeOf = (id: string): string => join(folder, id);
  const ids = async (): Promise<string[]> =>
    (await readdir(folder).catch(() => []))
      .filter((name) => runId.test(name))
      .sort()
      .reverse();
  const list = async (): Promise<UnfinishedRun[]> => {
    const runs: UnfinishedRun[] = [];
    for (const id of await ids()) {
      const run = await readRun(placeOf(id), id);
      if (run !== undefined) runs.push(run);
    }
    return runs;
  };
  return {
    begin: (head) => RunJournal.begin(placeOf(head.id), head),
    goOn: (run) => RunJournal.goOn(placeOf(run.head.id), run.length),
    list,
    find: async (reference) => pick(await list(), reference),
    remove: (id) => remove(placeOf(id)),
    sweep: async (now = Date.now()) => {
      for (const id of await ids()) await sweepOne(placeOf(id), now);
    },
  };
}

async function readRun(folder: string, id: string): Promise<UnfinishedRun | undefined> {
  const bytes = await readFile(journalFile(folder)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const journal = readJournal(bytes);
  if (journal?.head.id !== id) return undefined;
  const half = readHalfRound(await readFile(halfRoundFile(folder), 'utf8').catch(() => ''));
  const done = (one: HalfRound): boolean =>
    journal.entries.some(({ benchmark, round }) => benchmark === one.benchmark && round === one.round);
  return { ...journal, owner: await ownerOf(folder), ...(half === undefined || done(half) ? {} : { half }) };
}

/** Reads whole lines, up to the first that is damaged: what follows it is measured again. */
export function readJournal(bytes: Uint8Array): Omit<UnfinishedRun, 'half' | 'owner'> | undefined {
  let head: JournalHead | undefined;
  let length = 0;
  const entries = new Map<string, JournalEntry>();
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, length)) {
    const line = Buffer.from(bytes.subarray(length, end)).toString('utf8');
    if (head === undefined) {
      head = readHead(line);
      if (head === undefined) return undefined;
    } else {
      const entry = readEntry(line);
      if (entry === undefined) break;
      const key = `${entry.round} ${entry.benchmark}`;
      if (!entries.has(key)) entries.set(key, entry);
    }
    length = end + 1;
  }
  return head === undefined ? undefined : { head, entries: [...entries.values()], length };
}

const shownRuns = 5;

function describe(runs: readonly UnfinishedRun[]): string {
  const lines = runs.slice(0, shownRuns).map(({ head }) => `${head.id} (${head.startedAt})`);
  return lines.join(', ') + (runs.length > shownRuns ? ` and ${runs.length - shownRuns} more` : '');
}

function pick(runs: readonly UnfinishedRun[], reference: string | undefined): UnfinishedRun {
  const wanted = reference?.trim().toUpperCase();
  const fitting = wanted === undefined ? runs.filter(({ owner }) => owner === undefined) : fits(runs, wanted);
  const [run] = fitting;
  if (run === undefined) throw noSuchRun(runs, reference);
  if (wanted !== undefined && fitting.length > 1) {
    throw usageError(`${JSON.stringify(reference)} means ${fitting.length} unfinished runs`, {
      code: 'run-ambiguous',
      hint: `Write more of the id: ${describe(fitting)}.`,
    });
  }
  if (run.owner === undefined) return run;
  throw usageError(`run ${run.head.id} is still under way, in process ${run.owner}`, {
    code: 'run-under-way',
    hint: 'Wait for it, or end that process first.',
  });
}

const fits = (runs: readonly UnfinishedRun[], wanted: string): UnfinishedRun[] =>
  wanted === '' ? [] : runs.filter(({ head }) => head.id.startsWith(wanted));

function noSuchRun(runs: readonly UnfinishedRun[], reference: string | undefined): PerfError {
  const [message, hint] =
    runs.length === 0
      ? ['no unfinished run is kept here', 'Finished runs are stored: perfkeel baseline list']
      : reference === undefined
        ? ['every unfinished run here is still under way', `There are ${describe(runs)}.`]
        : [`no unfinished run has an id that begins with ${JSON.stringify(reference)}`, `There are ${describe(runs)}.`];
  return usageError(message, { code: 'nothing-unfinished', hint });
}

async function remove(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (cause) {
    throw new PerfError(`cannot remove ${folder}: ${messageOf(cause)}`, {
      code: 'not-writable',
      hint: 'Remove it by hand: the run in it has ended.',
      cause,
    });
  }
}

async function sweepOne(folder: string, now: number): Promise<void> {
  try {
    const touched = await Promise.all(
      [folder, journalFile(folder), halfRoundFile(folder)].map((path) =>
        lstat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    if (now - Math.max(...touched) < keptMs || (await ownerOf(folder)) !== undefined) return;
    await rm(folder, { recursive: true, force: true });
  } catch {
    // What cannot be swept harms nobody.
    return;
  }
}

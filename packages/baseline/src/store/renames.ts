import { nearest, usageError } from '@perfkeel/core';
import type { Records } from './records.ts';
import { requireTime } from './require-time.ts';
import { readMarks, writeMark } from './retention/mark-records.ts';
import type { MarkOptions } from './retention/pins.ts';
import type { RunRecords } from './run-records.ts';
import type { RunSummary } from './run-summary.ts';

/** That a benchmark has another name from some time on. */
export interface Rename {
  readonly project: string;
  readonly from: string;
  readonly to: string;
  /** Runs that began up to this time are meant. ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
  /** Where it is written: in the declaration, or here by `renameBenchmark`. */
  readonly by: 'declaration' | 'record';
}

export interface Renames {
  /**
   * Lets the history of one name go on in another: a record, which `renameBenchmark` the other way round takes back.
   *
   * @throws PerfError `bad-rename` or `no-such-benchmark` with the names that there are, or `bad-time`; exit code 2
   */
  renameBenchmark(from: string, to: string, options: RenameOptions): Promise<Rename>;
  /**
   * All renames, those of declarations included, oldest first.
   *
   * @param runs what `listRuns` gave, where somebody has asked it already
   */
  listRenames(runs?: readonly RunSummary[]): Promise<readonly Rename[]>;
}

export interface RenameOptions extends MarkOptions {
  /** @default that of the newest run */
  readonly project?: string | undefined;
}

/** The names of a project's benchmarks. */
export type ListNames = (project: string) => Promise<readonly string[]>;

export function renames(records: Records, runs: RunRecords, listNames: ListNames): Renames {
  return {
    listRenames: async (known) => await listRenames(records, known ?? (await runs.listRuns())),
    async renameBenchmark(from, to, { at, reason, project: written }) {
      requireTime(at);
      requireOther(from, to);
      const stored = await runs.listRuns();
      const project = written ?? stored[0]?.project ?? '';
      const names = await listNames(project);
      if (!names.includes(from)) throw noSuchBenchmark(from, names);
      const time = laterThan(at, stored, await listRenames(records, stored));
      const rename = { project, from, to, at: time, ...(reason === undefined ? {} : { reason }) };
      await writeMark(records, { kind: 'rename', ...rename });
      return { ...rename, by: 'record' };
    },
  };
}

/** All that is stored is meant, and what was renamed before is before, whatever the clocks of the machines say. */
function laterThan(at: string, runs: readonly RunSummary[], before: readonly Rename[]): string {
  const known = [...runs.map(({ startedAt }) => Date.parse(startedAt)), ...before.map((one) => Date.parse(one.at) + 1)];
  const latest = known.reduce((a, b) => Math.max(a, b), Date.parse(at));
  return latest === Date.parse(at) ? at : new Date(latest).toISOString();
}

function requireOther(from: string, to: string): void {
  if (to.trim() !== '' && to !== from) return;
  throw usageError(`${JSON.stringify(from)} cannot be renamed to ${JSON.stringify(to)}`, {
    code: 'bad-rename',
    hint: 'Name the benchmark as the runs call it, and then as it is called now.',
  });
}

function noSuchBenchmark(name: string, names: readonly string[]): Error {
  const meant = nearest(name, names);
  const guess = meant === undefined ? '' : `; was it ${JSON.stringify(meant)}?`;
  return usageError(`no stored run measured ${JSON.stringify(name)}${guess}`, {
    code: 'no-such-benchmark',
    hint: names.length === 0 ? 'No run is stored here.' : `There are ${names.slice(0, 8).join(', ')}.`,
  });
}

/** Those that declarations speak of; each counts up to the newest run that declares it. @param runs newest first */
export function declaredRenames(runs: readonly RunSummary[]): Rename[] {
  const declared = new Map<string, Rename>();
  for (const { project, startedAt: at, renames: all = [] } of runs) {
    for (const [from, to] of all) {
      const key = JSON.stringify([project, from, to]);
      if (!declared.has(key)) declared.set(key, { project, from, to, at, by: 'declaration' });
    }
  }
  return [...declared.values()];
}

async function listRenames(records: Records, runs: readonly RunSummary[]): Promise<readonly Rename[]> {
  const written = (await readMarks(records, 'renames')).flatMap(({ mark }): Rename[] => {
    if (mark.kind !== 'rename') return [];
    const { project, from, to, at, reason } = mark;
    return [{ project, from, to, at, ...(reason === undefined ? {} : { reason }), by: 'record' }];
  });
  return [...declaredRenames(runs), ...written].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The name now of a name then. */
export type CurrentName = (project: string, name: string, startedAt: string) => string;

/**
 * Follows renames. A later one wins over an earlier one, so that renaming back takes a rename back.
 *
 * @param all oldest first, as `listRenames` gives them
 */
export function followRenames(all: readonly Rename[]): CurrentName {
  const next = new Map<string, Rename>();
  const keyOf = (project: string, name: string): string => JSON.stringify([project, name]);
  for (const rename of all) {
    next.delete(keyOf(rename.project, rename.to));
    next.set(keyOf(rename.project, rename.from), rename);
  }
  return (project, name, startedAt) => {
    const seen = new Set([name]);
    for (let now = name; ;) {
      const rename = next.get(keyOf(project, now));
      if (!rename || Date.parse(startedAt) > Date.parse(rename.at) || seen.has(rename.to)) return now;
      seen.add((now = rename.to));
    }
  };
}

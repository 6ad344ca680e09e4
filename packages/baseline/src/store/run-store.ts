import type { Warning } from '@perfkeel/core';
import { baselines, type Baselines } from './baselines.ts';
import type { ObjectLog } from './object-log.ts';
import { recordsOf } from './records.ts';
import { runRecords, type RunRecords } from './run-records.ts';

/** Stored runs, and names for some of them. */
export interface RunStore extends RunRecords, Baselines {
  /** What this store met while reading and went round: damaged, foreign and too new records, each once. */
  readonly warnings: readonly Warning[];
}

/**
 * Opens the runs that a log holds. Nothing is read or written before the first call.
 *
 * @example
 * const store = runStore(folderLog('.perf/store'));
 */
export function runStore(log: ObjectLog): RunStore {
  const records = recordsOf(log);
  const runs = runRecords(records);
  return {
    get warnings() {
      return records.warnings;
    },
    ...runs,
    ...baselines(records, runs),
  };
}

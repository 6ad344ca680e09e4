import type { Warning } from '@perfkeel/core';
import { baselines, type Baselines } from './baselines.ts';
import { folderIndex } from './index/folder-index.ts';
import { memoryIndex } from './index/memory-index.ts';
import type { RunIndex } from './index/run-index.ts';
import { runSeries, type RunSeries } from './index/run-series.ts';
import type { ObjectLog } from './object-log.ts';
import { recordsOf } from './records.ts';
import { pins, type MarkOptions, type Pins } from './retention/pins.ts';
import { renames, type Renames } from './renames.ts';
import { retention, type Retention } from './retention/prune.ts';
import { runRecords, type RunRecords } from './run-records.ts';
import { inspect, untouched, type StoreFindings } from './verify.ts';

/** Stored runs, and names for some of them. */
export interface RunStore extends RunRecords, RunSeries, Baselines, Pins, Renames, Retention {
  /** What this store met while reading and went round: damaged, foreign and too new records, each once. */
  readonly warnings: readonly Warning[];
  /** Reads every record and follows every name. Changes nothing. */
  verifyStore(): Promise<StoreFindings>;
  /** Like `verifyStore`, but sets aside what is damaged, finishes deletions and makes the index again. */
  repairStore(options: MarkOptions): Promise<StoreFindings>;
  /** Packs records where many small ones are slow to read: on git remotes. @returns how many it packed */
  compactStore(): Promise<number>;
  /** Ends connections of remote stores, for programs that go on. */
  close(): Promise<void>;
}

export interface RunStoreOptions {
  /**
   * A folder that holds nothing else, for what was read out of runs once. Deleting it loses time only. @default none:
   * each process reads every run that it lists
   */
  readonly indexFolder?: string | undefined;
}

/**
 * Opens the runs that a log holds. Nothing is read or written before the first call.
 *
 * @example
 * const store = runStore(folderLog('.perf/store'));
 */
export const runStore = (log: ObjectLog, { indexFolder }: RunStoreOptions = {}): RunStore =>
  storeWith(log, indexFolder === undefined ? memoryIndex() : folderIndex(indexFolder));

function storeWith(log: ObjectLog, index: RunIndex): RunStore {
  const records = recordsOf(log);
  const runs = runRecords(records, index);
  const named = baselines(records, runs);
  const renamed = renames(records, runs, async (project) => await store.listBenchmarks(project));
  const store: RunStore = {
    get warnings() {
      return records.warnings;
    },
    ...runs,
    ...runSeries(runs, index, (known) => renamed.listRenames(known)),
    ...named,
    ...pins(records, runs),
    ...renamed,
    ...retention(
      log,
      records,
      runs,
      () => named.listBaselineHistories(),
      () => index.clear(),
    ),
    verifyStore: () => inspect(untouched(log), storeWith(untouched(log), memoryIndex({ summariesOnly: true }))),
    async repairStore(marks) {
      await index.clear();
      await store.finishDeletions(marks);
      return await inspect(log, store);
    },
    compactStore: async () => (await log.compact?.()) ?? 0,
    close: async () => await log.close?.(),
  };
  return store;
}

import { PerfError, type Warning } from '@perfkeel/core';
import type { ObjectLog } from './object-log.ts';
import { recordsOf } from './records.ts';
import type { RunStore } from './run-store.ts';

/** What is in a store, and what is wrong with it. */
export interface StoreFindings {
  readonly runs: number;
  readonly baselines: number;
  readonly pins: number;
  readonly problems: readonly Warning[];
}

/** The same records, of which nothing is moved. */
export const untouched = (log: ObjectLog): ObjectLog => ({
  ...log,
  setAside: () => Promise.reject(new PerfError('verifying changes nothing', { code: 'store-not-writable' })),
});

/** Everything at the first level that belongs to no kind of record. */
const kinds = /^(objects|baselines|pins|deletions|renames|set-aside|quarantine)\//;

/** Reads every record, holds it against its hash, and follows every name to its run. */
export async function inspect(log: ObjectLog, store: RunStore): Promise<StoreFindings> {
  const runs = await store.listRuns();
  const stored = new Set(runs.map(({ sha }) => sha));
  const [histories, pins] = [await store.listBaselineHistories(), await store.listPins()];
  await store.listRenames();
  const dangling: Warning[] = [];
  for (const { name, versions } of histories) {
    for (const { run, sha } of versions) {
      if (stored.has(sha)) continue;
      dangling.push({ code: 'missing-run', message: `the baseline ${name} names the run ${run}, which is not there` });
    }
  }
  for (const { run, sha } of pins) {
    if (!stored.has(sha)) dangling.push({ code: 'missing-run', message: `the pinned run ${run} is not there` });
  }
  const records = recordsOf(log);
  for (const key of await log.list('')) if (!kinds.test(key)) await records.setAside(key, 'does not belong there');
  const problems = [...store.warnings, ...records.warnings, ...dangling];
  return { runs: runs.length, baselines: histories.length, pins: pins.length, problems };
}

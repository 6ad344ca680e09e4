import { requireTime } from '../require-time.ts';
import type { Records } from '../records.ts';
import type { RunRecords } from '../run-records.ts';
import { readMarks, writeMark, type PinRecord } from './mark-records.ts';

export interface MarkOptions {
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string | undefined;
}

/** A run that is never pruned. */
export interface Pin {
  readonly run: string;
  readonly sha: string;
  readonly at: string;
  readonly reason?: string | undefined;
}

export interface Pins {
  /** Keeps a run from being pruned. @throws PerfError `run-not-found`, `run-ambiguous` or `bad-time`, exit code 2. */
  pinRun(run: string, options: MarkOptions): Promise<Pin>;
  /** Takes that back. */
  unpinRun(run: string, options: MarkOptions): Promise<void>;
  /** All pins, newest first. */
  listPins(): Promise<readonly Pin[]>;
}

export function pins(records: Records, runs: RunRecords): Pins {
  async function mark(kind: PinRecord['kind'], wanted: string, { at, reason }: MarkOptions): Promise<PinRecord> {
    requireTime(at);
    const { id: run, sha } = await runs.findRun(wanted);
    const sequence = ((await newestMarks(records)).get(sha)?.sequence ?? 0) + 1;
    const record: PinRecord = { kind, run, sha, at, sequence, ...(reason === undefined ? {} : { reason }) };
    await writeMark(records, record);
    return record;
  }

  return {
    async pinRun(wanted, options) {
      const { run, sha, at, reason } = await mark('pin', wanted, options);
      return { run, sha, at, reason };
    },
    async unpinRun(wanted, options) {
      await mark('unpin', wanted, options);
    },
    listPins: () => listPins(records),
  };
}

export async function listPins(records: Records): Promise<readonly Pin[]> {
  const pinned = [...(await newestMarks(records)).values()].filter(({ kind }) => kind === 'pin');
  return pinned.map(({ run, sha, at, reason }) => ({ run, sha, at, reason })).sort((a, b) => (a.at < b.at ? 1 : -1));
}

async function newestMarks(records: Records): Promise<ReadonlyMap<string, PinRecord>> {
  const newest = new Map<string, PinRecord>();
  for (const { mark } of await readMarks(records, 'pins')) {
    if (mark.kind !== 'pin' && mark.kind !== 'unpin') continue;
    const other = newest.get(mark.sha);
    const later = !other || mark.sequence > other.sequence;
    // Two at the same time: keeping a run is the mistake that can be corrected.
    if (later || (mark.sequence === other.sequence && mark.kind === 'pin')) newest.set(mark.sha, mark);
  }
  return newest;
}

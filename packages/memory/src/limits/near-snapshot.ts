import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PerfError, messageOf } from '@perfkeel/core';
import { snapshotOf } from '../snapshot/snapshot-of.ts';
import { takeSnapshot, type SnapshotInfo } from '../snapshot/take-snapshot.ts';
import type { MemoryTarget } from '../target/memory-target.ts';
import { approachShares, type Approach } from './approaches.ts';
import type { LimitOptions } from './limit-plan.ts';

/** The snapshot near the limit, or why there is none. */
export type NearSnapshot = { readonly snapshot: SnapshotInfo } | { readonly snapshotError: PerfError };

/** At most one for each program; never rejects. */
export function createNearSnapshot(plan: LimitOptions['snapshot']) {
  let taken: Promise<NearSnapshot> | undefined;
  return {
    see({ share }: Approach, target: MemoryTarget): void {
      if (plan === undefined || taken !== undefined || share < (plan.at ?? approachShares[0])) return;
      taken = take(plan.in, target).then(
        (snapshot) => ({ snapshot }),
        (error: unknown) => ({ snapshotError: asError(error) }),
      );
    },
    /** Waits for one that is being written. */
    result: async (): Promise<NearSnapshot | undefined> => taken,
  };
}

async function take(folder: string, target: MemoryTarget): Promise<SnapshotInfo> {
  await mkdir(folder, { recursive: true });
  const file = resolve(join(folder, `near-limit-${target.pid}.heapsnapshot.br`));
  return takeSnapshot(file, { source: snapshotOf(target) });
}

const asError = (error: unknown): PerfError =>
  error instanceof PerfError
    ? error
    : new PerfError(`no snapshot near the limit: ${messageOf(error)}`, { code: 'no-snapshot', cause: error });

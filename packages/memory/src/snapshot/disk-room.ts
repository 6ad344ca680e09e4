import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { formatQuantity, PerfError } from '@perfkeel/core';

/** What a snapshot and its compressed copy take on the disk at worst, as a multiple of the heap. */
export const diskFactor = 4;

/** Bytes that may still be written beside this file; `undefined` where the system does not tell. */
export function diskRoom(file: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(file)));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** @throws PerfError `not-enough-disk` when a snapshot of this heap might not fit. */
export function refuseWithoutDisk(heapUsed: number, file: string, room = diskRoom(file)): void {
  const needed = heapUsed * diskFactor;
  if (room === undefined || needed <= room) return;
  const size = (bytes: number): string => formatQuantity(bytes, 'B');
  throw new PerfError(
    `a snapshot of a heap of ${size(heapUsed)} may need ${size(needed)}, and the disk of ${dirname(file)} has ${size(room)} left`,
    { code: 'not-enough-disk', hint: 'Make room, or name a file on another disk.' },
  );
}

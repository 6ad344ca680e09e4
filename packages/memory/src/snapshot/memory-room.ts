import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { formatQuantity, PerfError } from '@perfkeel/core';

/** What making a snapshot takes at worst, as a multiple of the heap: one of many small objects took 14 times. */
export const worstFactor = 14;

export interface MemoryRoom {
  readonly bytes: number;
  /** What sets it. */
  readonly limit: 'control group' | 'machine';
}

/** Bytes that processes here can still take: the memory that is available, or what is left of a control group's limit. */
export function memoryRoom(): MemoryRoom {
  const machine = available() ?? freemem();
  const group = leftInGroup();
  return group !== undefined && group < machine
    ? { bytes: group, limit: 'control group' }
    : { bytes: machine, limit: 'machine' };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function available(): number | undefined {
  const kibibytes = /^MemAvailable:\s+(\d+) kB/m.exec(read('/proc/meminfo') ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

const groups = [
  ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory.current'],
  ['/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory/memory.usage_in_bytes'],
] as const;

function leftInGroup(): number | undefined {
  for (const [limitFile, usedFile] of groups) {
    const [limit, used] = [Number.parseInt(read(limitFile) ?? '', 10), Number.parseInt(read(usedFile) ?? '', 10)];
    // Without a limit the file says "max", or a number beyond all machines.
    if (limit > 0 && limit < 2 ** 50 && used >= 0) return Math.max(0, limit - used);
  }
  return undefined;
}

/** @throws PerfError `not-enough-memory` when a snapshot of this heap might not fit. */
export function refuseWithoutRoom(heapUsed: number, room: MemoryRoom = memoryRoom()): void {
  const needed = heapUsed * worstFactor;
  if (needed <= room.bytes) return;
  const size = (bytes: number): string => formatQuantity(bytes, 'B');
  throw new PerfError(
    `a snapshot of a heap of ${size(heapUsed)} may need ${size(needed)}, and the ${room.limit} has ${size(room.bytes)} left`,
    {
      code: 'not-enough-memory',
      hint: 'Take it earlier, on a larger machine, or with force: true if the process may be lost.',
    },
  );
}

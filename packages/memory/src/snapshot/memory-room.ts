import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { formatQuantity, PerfError } from '@perfkeel/core';

/** What making a snapshot takes at worst, as a multiple of the heap: one of many small objects took 14 times. */
export const worstFactor = 14;

export interface MemoryRoom {
  readonly bytes: number;
  /** What sets it. */
  readonly limit: 'control group' | 'machine';
}

/**
 * Bytes that a process can still take: the memory that is available, or what is left below the limit of a control group
 * that it is in.
 *
 * @param pid of a process of this machine. @default this one
 */
export function memoryRoom(pid: number = process.pid): MemoryRoom {
  const machine = available() ?? freemem();
  const group = leftInGroups(read(`/proc/${pid}/cgroup`) ?? '');
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

/** Files of a group that say its limit and its use, and the name of what the kernel takes back first: cached pages. */
interface GroupFiles {
  readonly mount: string;
  readonly limit: string;
  readonly used: string;
  readonly cached: string;
}

const groupRoot = '/sys/fs/cgroup';
const second: GroupFiles = { mount: '', limit: 'memory.max', used: 'memory.current', cached: 'inactive_file' };
const first: GroupFiles = {
  mount: 'memory',
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  cached: 'total_inactive_file',
};

/**
 * Bytes left in the tightest of the groups of a process; `undefined` without any limit.
 *
 * @param groups what /proc/PID/cgroup says: lines of a number, the controllers and the path
 */
export function leftInGroups(groups: string, root = groupRoot): number | undefined {
  const left = groups.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const files = controllers === '' ? second : controllers?.split(',').includes('memory') ? first : undefined;
    if (files === undefined || path === undefined) return [];
    return withAncestors(path).flatMap((group) => leftIn(join(root, files.mount, group), files) ?? []);
  });
  return left.length === 0 ? undefined : Math.min(...left);
}

/** In a container, only the last of them may be there: it is the root of what can be seen. */
function withAncestors(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return [...parts.map((_, i) => parts.slice(0, parts.length - i).join('/')), ''];
}

function leftIn(folder: string, { limit: limitFile, used: usedFile, cached }: GroupFiles): number | undefined {
  const number = (file: string): number => Number.parseInt(read(join(folder, file)) ?? '', 10);
  const [limit, used] = [number(limitFile), number(usedFile)];
  // Without a limit the file says "max", or a number beyond all machines.
  if (!(limit > 0 && limit < 2 ** 50 && used >= 0)) return undefined;
  const reclaimed = new RegExp(`^${cached} (\\d+)$`, 'm').exec(read(join(folder, 'memory.stat')) ?? '')?.[1];
  return Math.max(0, limit - used + Number(reclaimed ?? 0));
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

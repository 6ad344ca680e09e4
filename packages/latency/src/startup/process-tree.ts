import { readFileSync, readdirSync } from 'node:fs';

/** What the kernel says of one process, with those of its children that it has waited for. */
export interface ProcessAccount {
  /** Nanoseconds of processor time of its living threads, as of their last turn. */
  readonly threadTime: number;
  /** Nanoseconds in steps of 10 ms, rounded down, but with threads that have ended. */
  readonly user: number;
  readonly system: number;
  /** The same of the children that it has waited for. */
  readonly childUser: number;
  readonly childSystem: number;
  /** Largest resident set size in bytes. */
  readonly maxRss: number;
}

/** Linux counts in hundredths of a second towards programs, whatever it does inside. */
const nanosOfTick = 1e7;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or this kernel does not keep it.
    return '';
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** A process and what it has started, as far as it lives. Linux only. */
export function processTree(root: number): readonly number[] {
  const found = [root];
  for (const pid of found) {
    const threads = list(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' '));
    found.push(...children.map(Number).filter((child) => child > 0 && !found.includes(child)));
  }
  return found;
}

/** `undefined` when it no longer lives. */
export function processAccount(pid: number): ProcessAccount | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  // The name of the program may hold anything, also blanks and parentheses; user time is the twelfth field behind it.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields
    .slice(11, 15)
    .map((ticks) => ticks * nanosOfTick);
  const threads = list(`/proc/${pid}/task`);
  const threadTimes = threads.map((thread) => Number.parseInt(read(`/proc/${pid}/task/${thread}/schedstat`), 10) || 0);
  const [, peak = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return {
    threadTime: threadTimes.reduce((sum, time) => sum + time, 0),
    user,
    system,
    childUser,
    childSystem,
    maxRss: Number(peak) * 1024,
  };
}

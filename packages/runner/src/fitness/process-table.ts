import { readdirSync } from 'node:fs';
import { tickMs } from './processor-times.ts';
import { readText, type ReadText } from './read-text.ts';

/** What one process has used so far. Times are milliseconds of processor time. */
export interface ProcessTimes {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly group: number;
  /** A thread of the kernel, which works for whoever asked it to: it writes files and moves packets. */
  readonly kernel: boolean;
  /** Ticks after the start of the machine: tells two processes with one id apart. */
  readonly started: number;
  /** By its own threads, those that have ended too. */
  readonly usedMs: number;
  /** By children that have ended, and theirs. */
  readonly reapedMs: number;
}

/** PF_KTHREAD of the kernel's sched.h. */
const kernelThread = 0x0020_0000;

/** Reads /proc/<pid>/stat (proc_pid_stat(5)). The name is in brackets and may hold brackets and spaces itself. */
export function parseProcessTimes(text: string): ProcessTimes | undefined {
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  // After the name: state is the third field, flags the ninth, utime the fourteenth, starttime the twenty-second.
  const fields = text
    .slice(close + 2)
    .split(' ')
    .map(Number);
  const [, parent, group, , , , flags = 0] = fields;
  const [utime, stime, cutime, cstime, , , , , started] = fields.slice(11);
  if (open < 0 || parent === undefined || group === undefined || started === undefined) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent,
    group,
    kernel: (flags & kernelThread) !== 0,
    started,
    usedMs: (utime! + stime!) * tickMs,
    reapedMs: (cutime! + cstime!) * tickMs,
  };
}

/** Every process that can be seen from here; empty where there is no /proc. About 30 microseconds each. */
export function readProcesses(
  read: ReadText = readText,
  list: () => readonly string[] = listProcesses,
): ProcessTimes[] {
  return list().flatMap((pid) => {
    const text = read(`/proc/${pid}/stat`);
    return (text === undefined ? undefined : parseProcessTimes(text)) ?? [];
  });
}

function listProcesses(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** The processes with one of these ids, those of their process groups, and what any of them started. */
export function familyOf(roots: ReadonlySet<number>, table: readonly ProcessTimes[]): ProcessTimes[] {
  const byId = new Map(table.map((process) => [process.pid, process]));
  const belongs = (process: ProcessTimes | undefined, depth = 0): boolean =>
    process !== undefined &&
    depth < 100 &&
    (roots.has(process.pid) || roots.has(process.group) || belongs(byId.get(process.parent), depth + 1));
  return table.filter((process) => belongs(process));
}

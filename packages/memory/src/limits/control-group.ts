import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerfError, messageOf } from '@perfkeel/core';

/** A memory control group of Linux, of version 1 or 2, made for one program. */
export interface ControlGroup {
  readonly folder: string;
  /** Words that put the program behind them into the group before it begins: what it has before would not count. */
  readonly before: readonly string[];
  /** Kills for want of memory so far; `undefined` when the kernel does not tell. */
  oomKills(): number | undefined;
  /** The most that was used at once, in bytes; page cache included. */
  peak(): number | undefined;
  remove(): void;
}

let made = 0;

/**
 * @param parent a folder of the control group file system that may be written to
 * @throws PerfError `no-control-group`.
 */
export function createControlGroup(parent: string, memory: number): ControlGroup {
  const folder = join(parent, `perfkeel-${process.pid}-${made++}`);
  // Version 1 has one tree for each resource, in which each group has these files.
  const isFirst = existsSync(join(parent, 'memory.limit_in_bytes'));
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, isFirst ? 'memory.limit_in_bytes' : 'memory.max'), String(memory));
    if (!isFirst) withoutSwap(folder);
  } catch (cause) {
    removeFolder(folder);
    throw refused(parent, cause);
  }
  const value = (file: string): string | undefined => textOf(join(folder, file));
  const number = (file: string): number | undefined => {
    const text = value(file)?.trim();
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  };
  return {
    folder,
    before: ['/bin/sh', '-c', `echo $$ > "$0" && exec "$@"`, join(folder, 'cgroup.procs')],
    oomKills: () => {
      const count = /^oom_kill (\d+)$/m.exec(value(isFirst ? 'memory.oom_control' : 'memory.events') ?? '')?.[1];
      return count === undefined ? undefined : Number(count);
    },
    peak: () => number(isFirst ? 'memory.max_usage_in_bytes' : 'memory.peak'),
    remove: () => removeFolder(folder),
  };
}

/** With swap a program would go slow instead of ending. Kernels without swap have no such file. */
function withoutSwap(folder: string): void {
  const file = join(folder, 'memory.swap.max');
  if (existsSync(file)) writeFileSync(file, '0');
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The files of a group are the kernel's: it goes with `rmdir` once nobody is in it. */
function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // A process that the program left behind is still in it.
  }
}

const refused = (parent: string, cause: unknown): PerfError =>
  new PerfError(`no control group can be made in ${parent}: ${messageOf(cause)}`, {
    code: 'no-control-group',
    hint: 'Name a folder in cgroup that was handed to you for writing, with the memory controller on: systemd-run --user --scope -p Delegate=yes makes one.',
    cause,
  });

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { usageError, describeValue, type PerfError } from '@perfkeel/core';
import type { MemoryChannels } from './memory-target.ts';
import { noSuchProcess, processNotOurs } from './target-error.ts';

/** `undefined` for what is gone, or not ours to read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function listed(path: string): number | undefined {
  try {
    return readdirSync(path).length;
  } catch {
    return undefined;
  }
}

/** A line `Name:   123 kB` of a file under /proc, in bytes. */
function sizeIn(text: string | undefined, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function tellOf(pid: number, column: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const args = ['-o', `${column}=`, '-p', String(pid)];
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** The fields of /proc/PID/stat behind the name, which may itself hold spaces and brackets. */
function statFields(pid: number): readonly string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

const isLinux = process.platform === 'linux';

/** What tells one life of a process number from the next; `undefined` when there is none, or only its remains. */
export function startOf(pid: number): string | undefined {
  if (!isLinux) return tellOf(pid, 'lstart')?.replaceAll(/\s+/g, '-') || (isThere(pid) ? 'unknown' : undefined);
  const fields = statFields(pid);
  // Z and X: it has ended, and only its parent has not looked yet.
  return fields === undefined || /[ZX]/.test(fields[0]!) ? undefined : fields[19];
}

function isThere(pid: number): boolean {
  return signalProblem(pid) === undefined;
}

/** The number of a process with the moment of its start: `1234-567890`. */
export const segmentOf = (pid: number, start: string): string => `${pid}-${start}`;

/** What the operating system tells of a process; the same for any language. Empty when it is gone. */
export function readFromOutside(pid: number, detailed = false): MemoryChannels {
  if (!isLinux) {
    const rss = Number(tellOf(pid, 'rss') || NaN) * 1024;
    return Number.isNaN(rss) ? {} : { rss };
  }
  const rollup = detailed ? readText(`/proc/${pid}/smaps_rollup`) : undefined;
  return known({
    rss: sizeIn(readText(`/proc/${pid}/status`), 'VmRSS'),
    fds: listed(`/proc/${pid}/fd`),
    pss: sizeIn(rollup, 'Pss'),
    privateDirty: sizeIn(rollup, 'Private_Dirty'),
  });
}

type Maybe<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

const known = (channels: Maybe<MemoryChannels>): MemoryChannels =>
  Object.fromEntries(Object.entries(channels).filter(([, value]) => value !== undefined));

function signalProblem(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'ESRCH';
  }
}

/** What an answer of the operating system to a signal means; `undefined` when the process is there and ours. */
export function problemOf(pid: number, code: string | undefined): PerfError | undefined {
  if (code === undefined) return undefined;
  return code === 'EPERM' ? processNotOurs(pid) : noSuchProcess(pid);
}

/**
 * The segment of a process that is there and ours.
 *
 * @throws PerfError `bad-target`, exit code 2; `no-such-process`; `process-not-ours`.
 */
export function expectProcess(pid: number): string {
  if (!Number.isInteger(pid) || pid < 1) {
    throw usageError(`pid is ${describeValue(pid)}`, {
      code: 'bad-target',
      hint: 'Write the number of a process, a whole number from 1 upwards.',
      excerpt: 'pid',
    });
  }
  const problem = problemOf(pid, signalProblem(pid));
  if (problem !== undefined) throw problem;
  const start = startOf(pid);
  if (start === undefined) throw noSuchProcess(pid);
  return segmentOf(pid, start);
}

/** Whether a process has a handler for a signal; `undefined` where that is not told. Without one, signals kill. */
export function catches(pid: number, signal: number): boolean | undefined {
  const mask = /^SigCgt:\s+([0-9a-f]+)/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return mask === undefined ? undefined : ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** The program of a process, as far as it is told. */
export const programOf = (pid: number): string | undefined =>
  isLinux ? readText(`/proc/${pid}/comm`)?.trim() : tellOf(pid, 'comm');

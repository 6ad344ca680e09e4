import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { nanos, type Clock, type Nanos } from '@perfkeel/core';
import type { Usage } from './usage.ts';

/** A program to be started. */
export interface LaunchOptions {
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Whether someone writes to it. */
  readonly stdin: boolean;
  /** Whether someone reads it. What nobody reads goes nowhere, as a full pipe would stop the program. */
  readonly stdout: boolean;
  /** Whether it gets a channel for `process.send`. */
  readonly ipc: boolean;
}

/** A program that runs. */
export interface Beginning {
  readonly pid: number;
  /** When the system began to run it. */
  readonly at: Nanos;
  /** How long the system took to make the process. */
  readonly spawnTime: number;
  /** Nanoseconds of its processor time that went into making it. */
  readonly spawnCpu: number;
}

/** How a program ended, and when. */
export interface Ending {
  readonly at: Nanos;
  readonly code: number | null;
  /** A sentence without its subject: `exited with code 1`. */
  readonly how: string;
  /** Of the whole life of the program; absent when nobody counted. */
  readonly usage?: Usage | undefined;
}

/** A program under way. */
export interface Launched {
  /** Leads the group of the program. */
  readonly child: ChildProcess;
  /** `undefined` when it could not be started. Never rejects. */
  readonly begun: Promise<Beginning | undefined>;
  /** Resolves when it has ended, or could not be started. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Nanoseconds of processor time that these processes have had so far; `undefined` when nobody can tell. */
  readonly cpuTime: (pids: readonly number[]) => Promise<number | undefined>;
}

/** A way to start programs. */
export interface Launcher {
  launch(options: LaunchOptions, clock: Clock): Launched;
  close(): void;
}

/** The file to run: `node` is the Node that runs this. */
export const programOf = (command: readonly string[]): string =>
  command[0] === 'node' ? process.execPath : command[0]!;

/** Spawns in a group of its own. `control` adds a pipe as the fourth file. */
export function spawnGroup(
  file: string,
  words: readonly string[],
  options: LaunchOptions,
  control: boolean,
): ChildProcess {
  const stdio: StdioOptions = [
    options.stdin ? 'pipe' : 'ignore',
    options.stdout ? 'pipe' : 'ignore',
    'pipe',
    ...(control ? ['pipe' as const] : []),
    ...(options.ipc ? ['ipc' as const] : []),
  ];
  const { cwd, env } = options;
  const child = spawn(file, words, { cwd, env, stdio, detached: process.platform !== 'win32', windowsHide: true });
  // Writing to a program that has ended is not this process's failure.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** A pause between two readings that are meant to be one: this process did not run then. */
const pauseNanos = 20_000;
const attempts = 20;

/** Makes readings of the system's monotonic clock, which all processes share, into times of `clock`. */
export function clockOf(clock: Clock): (monotonic: number) => Nanos {
  const read = (): number => Number(process.hrtime.bigint());
  let offset = 0;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const [before, now, after] = [read(), clock.now(), read()];
    offset = now - (before + after) / 2;
    if (after - before < pauseNanos) break;
  }
  return (monotonic) => nanos(monotonic + offset);
}

/** `exited with code 1`, `was ended by SIGKILL`. */
export const howItEnded = (code: number | null, signal: string | null): string =>
  signal === null ? `exited with code ${code}` : `was ended by ${signal}`;

export const couldNotStart = (clock: Clock, why: string): Ending => ({
  at: clock.now(),
  code: null,
  how: `could not be started (${why})`,
});

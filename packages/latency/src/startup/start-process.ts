import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Nanos } from '@perfkeel/core';
import type { Guard } from './guard.ts';

/** How a process ended, and when this was known. */
export interface Ending {
  readonly at: Nanos;
  readonly code: number | null;
  /** A sentence without its subject: `exited with code 1`. */
  readonly how: string;
}

/** A process under the clock. */
export interface StartedProcess {
  /** Read right before the process was made. */
  readonly startedAt: Nanos;
  readonly stdout: Readable | null;
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<Ending>;
  /** The last lines of its stderr; waits a moment for what is still under way when it has ended. */
  lastWords(): Promise<string>;
  /** Ends it and whatever it has started: SIGTERM, then SIGKILL after a grace. May be called at any time. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly readsStdout: boolean;
}

const graceMs = 2000;
const lastWordsMs = 300;
const tailLines = 20;
const tailChars = 8192;

/** Starts a process in a group of its own. Never rejects: that it could not be started is an ending too. */
export function startProcess(options: ProcessOptions, clock: Clock, guard: Guard): StartedProcess {
  const [program, ...words] = options.command;
  const startedAt = clock.now();
  const child = spawn(program === 'node' ? process.execPath : program!, words, {
    cwd: options.cwd,
    env: options.env,
    // What nobody reads goes nowhere, as a full pipe would stop the program.
    stdio: ['ignore', options.readsStdout ? 'pipe' : 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  if (child.pid !== undefined) guard.watch(child.pid);
  const ended = ending(child, clock);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stderr = keepTail(child.stderr);
  return {
    startedAt,
    stdout: child.stdout,
    ended,
    lastWords: async () => {
      await Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
      return stderr();
    },
    stop: async () => {
      await stopGroup(child, ended);
      if (child.pid !== undefined) guard.forget(child.pid);
    },
  };
}

function ending(child: ChildProcess, clock: Clock): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', ({ message }) =>
      resolve({ at: clock.now(), code: null, how: `could not be started (${message})` }),
    );
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      resolve({ at: clock.now(), code, how });
    });
  });
}

function keepTail(stream: Readable | null): () => string {
  let tail = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-tailChars);
  });
  return () => tail.trimEnd().split('\n').slice(-tailLines).join('\n');
}

async function stopGroup(child: ChildProcess, ended: Promise<Ending>): Promise<void> {
  if (child.pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    signalGroup(child, 'SIGTERM');
    const waiting = new AbortController();
    await Promise.race([ended, sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined)]);
    waiting.abort();
  }
  // Also when the process itself has ended: what it left behind in its group ends with it.
  signalGroup(child, 'SIGKILL');
  await ended;
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid!, signal);
  } catch {
    // Nothing of it is left.
  }
}

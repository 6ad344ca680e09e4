import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Nanos } from '@perfkeel/core';
import type { Guard } from './guard.ts';
import type { Beginning, Ending, Launched, Launcher, LaunchOptions } from './launch.ts';
import type { Usage } from './usage.ts';
import { usageNow } from './usage-now.ts';

/** A process under the clock. */
export interface StartedProcess {
  /** `undefined` when it could not be started. */
  readonly begun: Promise<Beginning | undefined>;
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<Ending>;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** When it first wrote anything that someone reads. */
  firstOutputAt(): Nanos | undefined;
  onMessage(listener: (message: unknown) => void): void;
  /** What it and what it has started have taken until now. */
  usageNow(): Promise<Usage>;
  /** Resolves when nothing it has written is still under way, or after a moment: what it has started may hold on to its pipes. */
  drained(): Promise<void>;
  /** The last lines of its stderr. */
  lastWords(): Promise<string>;
  /** Ends it and whatever it has started: SIGTERM, then SIGKILL after a grace. May be called at any time. */
  stop(): Promise<void>;
}

const graceMs = 2000;
const lastWordsMs = 300;
const tailLines = 20;
const tailChars = 8192;

/** Starts a process in a group of its own. Never throws: that it could not be started is an ending too. */
export function startProcess(launcher: Launcher, options: LaunchOptions, clock: Clock, guard: Guard): StartedProcess {
  const launched = launcher.launch(options, clock);
  const { child, begun, ended } = launched;
  if (child.pid !== undefined) guard.watch(child.pid);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const drained = (): Promise<void> => Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
  const firstOutputAt = noteFirstOutput(child, clock);
  const stderr = keepTail(child.stderr);
  return {
    begun,
    ended,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    firstOutputAt,
    onMessage: (listener) => void child.on('message', listener),
    usageNow: () => usageNow(launched),
    drained,
    lastWords: async () => {
      await drained();
      return stderr();
    },
    stop: async () => {
      await stopGroup(launched);
      if (child.pid !== undefined) guard.forget(child.pid);
    },
  };
}

function noteFirstOutput({ stdout, stderr }: ChildProcess, clock: Clock): () => Nanos | undefined {
  let at: Nanos | undefined;
  for (const stream of [stdout, stderr]) {
    stream?.once('data', () => {
      at ??= clock.now();
    });
  }
  return () => at;
}

function keepTail(stream: Readable | null): () => string {
  let tail = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    tail = (tail + chunk).slice(-tailChars);
  });
  return () => tail.trimEnd().split('\n').slice(-tailLines).join('\n');
}

async function stopGroup({ child, begun, ended }: Launched): Promise<void> {
  if (child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => {
    if (hasExited(child)) resolve();
    else child.once('exit', () => resolve());
  });
  if (!hasExited(child)) {
    signalGroup(child, 'SIGTERM');
    if (!(await within(graceMs, ended))) {
      // The program before its launcher, which still takes it off the system's list of processes.
      const pid = (await begun)?.pid;
      if (pid !== undefined) signal(pid, 'SIGKILL');
      await within(lastWordsMs, ended);
    }
  }
  // Also when the process itself has ended: what it left behind in its group ends with it.
  signalGroup(child, 'SIGKILL');
  await gone;
  if (child.connected) child.disconnect();
  for (const stream of child.stdio) stream?.destroy();
}

const hasExited = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Whether something happens in time. */
async function within(ms: number, event: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController();
  const late = sleep(ms, false, { signal: waiting.signal }).catch(() => false);
  const inTime = await Promise.race([event.then(() => true), late]);
  waiting.abort();
  return inTime;
}

function signalGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') child.kill(name);
  else signal(-child.pid!, name);
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Nothing of it is left.
  }
}

import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  PerfError,
  reviveError,
  stackLocations,
  type RoundResult,
  type SerialisedError,
  type SourceLocation,
} from '@perfkeel/core';
import type { Bundle } from './bundle.ts';
import { companionFile } from './companion.ts';
import { endWithParent } from './end-with-parent.ts';
import { exitedWhileRead, type DeclarationData, type HarnessMessage, type MeasureRequest } from './protocol.ts';
import { Tail } from './tail.ts';

/** Flags of every measuring process: stacks point into the user's file, and garbage can be collected on request. */
export const nodeFlags: readonly string[] = ['--enable-source-maps', '--expose-gc'];

/** A fresh process that has loaded one perf file. */
export interface PerfProcess {
  readonly declarations: readonly DeclarationData[];
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Asks for one round. The process stays until it is told to end, so that what it used can be read. */
  measure(
    request: Omit<MeasureRequest, 'type'>,
    onProgress: (text: string) => void,
    /** Gets what the round has measured so far, now and then. */
    onCheckpoint?: (result: RoundResult) => void,
  ): Promise<RoundResult>;
  /** Lets it end by itself, with what the user's code does at the end; shortly after that it is killed. */
  end(): Promise<void>;
  /** Ends it now. */
  kill(): void;
}

export interface PerfProcessOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Flags of Node beside those that every measuring process gets. */
  readonly nodeFlags?: readonly string[] | undefined;
  /** Gets what the user's code prints. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** Starts a process and loads the bundle there. @throws PerfError whatever the file threw, with the place in it. */
export async function startPerfProcess(bundle: Bundle, options: PerfProcessOptions): Promise<PerfProcess> {
  const child = fork(await companionFile('harness'), [bundle.file], {
    cwd: options.cwd,
    execArgv: [...nodeFlags, ...(options.nodeFlags ?? [])],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // JSON would turn infinite bounds into null.
    serialization: 'advanced',
    // Leads a group, so that what a benchmark starts itself ends with its process.
    detached: process.platform !== 'win32',
  });
  endWithParent(child);
  const stderr = new Tail(child.stderr);
  const { onOutput = () => undefined } = options;
  child.stdout?.setEncoding('utf8').on('data', onOutput);
  child.stderr?.on('data', onOutput);
  const kill = (): void => endTree(child);
  options.signal.addEventListener('abort', kill, { once: true });
  child.once('exit', () => options.signal.removeEventListener('abort', kill));
  if (options.signal.aborted) kill();
  const next = messages(child, stderr);
  const declared = await next();
  if (declared.type === 'failed') {
    kill();
    throw failure(declared.error);
  }
  if (declared.type !== 'declared') throw new Error(`unexpected ${declared.type}`);
  return {
    declarations: declared.declarations,
    pid: child.pid,
    kill,
    end: () => endGently(child),
    measure: async (request, onProgress, onCheckpoint) => {
      child.send({ type: 'measure', ...request } satisfies MeasureRequest);
      for (;;) {
        const message = await next();
        if (message.type === 'measured') return message.result;
        if (message.type === 'failed') throw failure(message.error);
        if (message.type === 'progress') onProgress(message.text);
        if (message.type === 'checkpoint') onCheckpoint?.(message.result);
      }
    },
  };
}

/** How long the handlers of a user's code may take at the end of its process. */
const farewellMs = 500;

async function endGently(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode === null && child.signalCode === null) {
    // Without its channel the process ends itself.
    if (child.connected) child.disconnect();
    await Promise.race([gone, sleep(farewellMs, undefined, { ref: false })]);
  }
  endTree(child);
}

/** Ends a process and what it started, and lets go of pipes that a stray grandchild may hold open. */
function endTree(child: ChildProcess): void {
  try {
    if (process.platform !== 'win32' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // The whole group is already gone.
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** How long what was printed last may take to arrive after the end of the process. */
const lastWordsMs = 200;

/** A function that waits for the next message; it rejects when the process ends without another one. */
function messages(child: ChildProcess, stderr: Tail): () => Promise<HarnessMessage> {
  const queue: HarnessMessage[] = [];
  let ended: PerfError | undefined;
  let wake: (() => void) | undefined;
  child.on('message', (message: HarnessMessage) => {
    queue.push(message);
    wake?.();
  });
  const end = (how: string): void => {
    ended ??= processEnded(how, stderr.lines());
    wake?.();
  };
  child.once('error', (error) => end(error.message));
  child.once('exit', (code, signal) => {
    const how = signal === null ? `exit code ${code}` : String(signal);
    // The channel and stderr may still hold what it said last; a grandchild may hold stderr for ever.
    const timer = setTimeout(() => end(how), lastWordsMs);
    child.once('close', () => {
      clearTimeout(timer);
      end(how);
    });
  });
  return async () => {
    while (queue.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
    const message = queue.shift();
    if (message) return message;
    throw ended!;
  };
}

function processEnded(how: string, stderr: string): PerfError {
  const outOfMemory = stderr.includes('heap out of memory');
  return new PerfError(
    `the measuring process ended early (${how})${stderr ? `:\n${stderr.replace(/^/gm, '   | ')}` : ''}`,
    {
      code: outOfMemory ? 'out-of-memory' : 'process-ended',
      hint: outOfMemory
        ? 'The benchmark needs more memory than Node allows by default; NODE_OPTIONS=--max-old-space-size=4096 raises it.'
        : 'Does the benchmark call process.exit, or crash? Run it with --verbose.',
    },
  );
}

/** What the user's code did, with no more than a stack to say where. */
const placeless: ReadonlySet<string> = new Set(['threw', exitedWhileRead]);

/** A place for errors that carry none: the first frame of the stack in the user's code. */
function failure(data: SerialisedError): PerfError {
  // An error of ours that names no place is about no place: its stack would show our own source.
  const location = data.location ?? (placeless.has(data.code) ? firstUserFrame(data.stack ?? '') : undefined);
  return reviveError({ ...data, location });
}

const firstUserFrame = (stack: string): SourceLocation | undefined =>
  stackLocations(stack).find(
    ({ file }) => !/[\\/]node_modules[\\/]|[\\/]runner[\\/](?:src|dist)[\\/]harness\.[jt]s$/.test(file),
  );

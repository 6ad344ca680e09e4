import { existsSync } from 'node:fs';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StdioServer } from '../server.ts';

/** More than is shown: where it is cut, a secret may be cut, which could not be told any more. */
const tailChars = 20_000;
const graceMs = 2000;
/** What is under way when a server ends has so long to arrive. */
export const drainMs = 300;

/** A server that this process has started, with pipes. */
export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  /** Resolves with what is known of the end: `exited with code 1`. Never rejects. */
  readonly ended: Promise<string>;
  /** The same, when what it has written has been read too. */
  readonly drained: Promise<string>;
  /** The last words on stderr. */
  lastWords(): string;
  /** Closes its stdin, as the specification asks for; then SIGTERM, then SIGKILL, to it and what it has started. */
  stop(): Promise<void>;
}

export function startChild({ command, cwd, env }: StdioServer): Child {
  const [program, ...words] = command;
  const process_ = spawn(program === 'node' ? process.execPath : program!, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: what `npx` starts is ended with it.
    detached: process.platform !== 'win32',
  });
  let tail = '';
  process_.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-tailChars)));
  // A server that is gone breaks the pipe; `ended` tells it.
  process_.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    process_.once('error', (error) => resolve(`could not be started: ${whyNot(error, cwd)}`));
    process_.once('exit', (code, signal) =>
      resolve(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
    );
  });
  // What it has started may hold on to its pipe: then the rest is not waited for.
  const read = new Promise<void>((resolve) => process_.stdout.once('end', () => resolve()));
  const drained = ended.then(async (how) => {
    await Promise.race([read, sleep(drainMs, undefined, { ref: false })]);
    return how;
  });
  return { process: process_, ended, drained, lastWords: () => tail.trim(), stop: () => stop(process_, ended) };
}

/** Node says of a missing folder that the program is missing. */
function whyNot({ message }: Error, cwd: string | undefined): string {
  if (cwd !== undefined && !existsSync(cwd)) return `there is no folder ${cwd}`;
  return message.endsWith('ENOENT') ? `there is no such program (${message})` : message;
}

async function stop(child: ChildProcessWithoutNullStreams, ended: Promise<string>): Promise<void> {
  child.stdin.end();
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const over = await Promise.race([ended.then(() => true), sleep(graceMs, false, { ref: false })]);
    if (over) break;
    end(child, signal);
  }
  await ended;
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
}

function end(child: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

import { badOption, nanos, optionsObject, type DurationText, type Nanos } from '@perfkeel/core';
import { positiveDuration, wholeNumber } from '../options.ts';
import { readyCondition, type Ready, type StartupCondition } from './ready-condition.ts';

/** A program whose start is timed. */
export interface StartupSubject {
  /**
   * The program and its arguments; no shell. `node` means the Node that runs this. `{port}` here and in `env` becomes
   * a free port, which is also in the environment as `PORT`.
   */
  readonly command: readonly string[];
  /**
   * When it counts as started:
   *
   * - `'exit'`: it has exited with code 0
   * - `{ stdout: /re/ }`, `{ stderr: /re/ }`: a line there matches; a regular expression alone means stdout
   * - `'port'`: `PORT` on 127.0.0.1 is open; `{ port: 3000 }` names another one, and `{ port: /port (?<port>\d+)/ }` the
   *   line on stdout in which the program says which one it took
   * - `{ http: '/path' }`: a path there answers below 500; `{ http: { path, status, port } }` with just this status
   * - `'ipc'`: a Node program has called `process.send('ready')`; `{ ipc: 'any' }` for any message, or the text itself
   * - `'mcp'`: a server of the Model Context Protocol on stdin and stdout has answered `initialize`, or
   *   `server/discover` when it refuses that; `{ mcp: '2026-07-28' }` asks in one revision only
   *
   * @default 'exit'
   */
  readonly ready?: Ready;
  readonly env?: Readonly<Record<string, string>>;
  /** @default the current folder */
  readonly cwd?: string;
  /** Starts in each round. @default 3 */
  readonly samples?: number;
  /** Starts before them that do not count, such as to fill a cache. @default 0 */
  readonly warmup?: number;
  /** How long one start may take. @default '30s' */
  readonly startTimeout?: DurationText;
}

/** The options of `StartupSubject`. */
export const subjectOptions: readonly string[] = [
  'command',
  'ready',
  'env',
  'cwd',
  'samples',
  'warmup',
  'startTimeout',
] satisfies readonly (keyof StartupSubject)[];

/** The options, understood and complete. */
export interface StartupPlan {
  readonly command: readonly string[];
  readonly ready: StartupCondition;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly samples: number;
  readonly warmup: number;
  readonly startTimeout: Nanos;
}

/** @throws PerfError with exit code 2 when an option is wrong. */
export function planStartup(subject: StartupSubject): StartupPlan {
  optionsObject('startup', subject);
  const { command, ready, env, cwd, samples = 3, warmup = 0, startTimeout } = subject;
  if (!Array.isArray(command) || command.length === 0 || command.some((word) => typeof word !== 'string')) {
    throw badOption('command', command, 'a list of words', "Write command: ['node', 'server.js'].");
  }
  if (command[0] === '') throw badOption('command', command, 'a program', "Write command: ['node', 'server.js'].");
  if (cwd !== undefined && typeof cwd !== 'string') throw badOption('cwd', cwd, 'a folder', "Write cwd: 'server'.");
  return {
    command,
    ready: readyCondition(ready),
    env: texts(env),
    cwd,
    samples: wholeNumber('samples', samples, 1),
    warmup: wholeNumber('warmup', warmup, 0),
    startTimeout: startTimeout === undefined ? nanos(30e9) : positiveDuration('startTimeout', startTimeout),
  };
}

/** Environments hold text only: a number, as JavaScript allows it to be written, becomes its text; what is undefined is left out. */
export function texts(env: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  if (typeof env !== 'object' || env === null || Array.isArray(env)) {
    throw badOption('env', env, 'an object of texts', "Write env: { LOG: 'quiet' }.");
  }
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

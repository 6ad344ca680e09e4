import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describeValue, parseDuration, usageError, type DurationText, type PerfError } from '@perfkeel/core';
import { timerMs } from './timer.ts';

/** A program to start. `module` or `command`, not both. */
export interface ChildOptions {
  /** A file for Node, against `cwd`. */
  readonly module?: string | undefined;
  /** A program with its words; with `node` as the first word the same as `module`, others are read from outside only. */
  readonly command?: readonly string[] | undefined;
  readonly args?: readonly string[] | undefined;
  /** Options of Node, such as `--max-old-space-size=64`. */
  readonly execArgv?: readonly string[] | undefined;
  /** On top of the environment of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** A line of stdout to wait for. @default the program runs */
  readonly ready?: RegExp | undefined;
  /** @default '10s' */
  readonly startTimeout?: DurationText | undefined;
  /** From the request to end until it is killed. @default '2s' */
  readonly stopTimeout?: DurationText | undefined;
}

export interface ChildPlan {
  /** For messages. */
  readonly what: string;
  readonly program: string;
  readonly execArgv: readonly string[];
  readonly args: readonly string[];
  readonly isNode: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ready: RegExp | undefined;
  readonly startMs: number;
  readonly stopMs: number;
}

const wrong = (message: string, hint: string, excerpt: string): PerfError =>
  usageError(message, { code: 'bad-target', hint, excerpt });

const example = "Write startChild({ module: 'server.js' }) or startChild({ command: ['node', 'server.js'] }).";

/** @throws PerfError `bad-target` or `bad-quantity`, exit code 2. */
export function planChild(options: ChildOptions): ChildPlan {
  const { module, command, args = [], execArgv = [], env = {}, ready } = options;
  if ((module === undefined) === (command === undefined)) {
    throw wrong('a child needs either a module or a command', example, 'startChild(');
  }
  const cwd = resolve(options.cwd ?? '.');
  if (!existsSync(cwd)) throw wrong(`the folder of the child does not exist: ${cwd}`, 'Correct cwd.', 'cwd');
  if (ready !== undefined && !(ready instanceof RegExp)) {
    throw wrong(`ready is ${describeValue(ready)}`, 'Write a pattern: ready: /listening/.', 'ready');
  }
  const times = {
    startMs: timerMs(parseDuration(options.startTimeout ?? '10s') / 1e6),
    stopMs: timerMs(parseDuration(options.stopTimeout ?? '2s') / 1e6),
  };
  const words = module === undefined ? wordsOf(command) : ['node', moduleAt(cwd, module)];
  const [program, ...rest] = words as [string, ...string[]];
  const isNode = program === process.execPath || /^node(?:\.exe)?$/.test(basename(program));
  return {
    what: `\`${[...words.map((word) => (word.startsWith(cwd) ? basename(word) : word)), ...args].join(' ')}\``,
    program: isNode ? process.execPath : program,
    execArgv: isNode ? execArgv : [],
    args: [...rest, ...args],
    isNode,
    cwd,
    env,
    ready,
    ...times,
  };
}

function wordsOf(command: unknown): readonly string[] {
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')) return command;
  throw wrong(`the command of a child is ${describeValue(command)}`, 'Write a list of words.', 'command');
}

function moduleAt(cwd: string, module: unknown): string {
  const file = typeof module === 'string' ? resolve(cwd, module) : undefined;
  if (file === undefined || !existsSync(file)) {
    throw wrong(`there is no module ${describeValue(module)} in ${cwd}`, 'Correct module or cwd.', 'module');
  }
  return file;
}

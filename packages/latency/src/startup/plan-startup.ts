import { nanos, type DurationText, type Nanos, type ReadyCondition } from '@perfkeel/core';
import { badOption, optionsObject, positiveDuration, wholeNumber } from '../options.ts';

/** A program whose start is timed. */
export interface StartupSubject {
  /**
   * The program and its arguments; no shell. `node` means the Node that runs this. `{port}` here and in `env` becomes
   * a free port, which is also in the environment as `PORT`.
   */
  readonly command: readonly string[];
  /**
   * When it counts as started: it has exited with code 0, a line on stdout matches, `PORT` on 127.0.0.1 is open, or a
   * path there answers below 500. @default 'exit'
   */
  readonly ready?: 'exit' | RegExp | 'port' | { readonly http: string };
  readonly env?: Readonly<Record<string, string>>;
  /** @default the current folder */
  readonly cwd?: string;
  /** Starts in each round. @default 3 */
  readonly samples?: number;
  /** How long one start may take. @default '30s' */
  readonly startTimeout?: DurationText;
}

/** The options, understood and complete. */
export interface StartupPlan {
  readonly command: readonly string[];
  readonly ready: ReadyCondition | { readonly kind: 'exit' };
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly samples: number;
  readonly startTimeout: Nanos;
}

/** @throws PerfError with exit code 2 when an option is wrong. */
export function planStartup(subject: StartupSubject): StartupPlan {
  optionsObject('startup', subject);
  const { command, ready, env = {}, cwd, samples = 3, startTimeout } = subject;
  if (!Array.isArray(command) || command.length === 0 || command.some((word) => typeof word !== 'string')) {
    throw badOption('command', command, 'a list of words', "Write command: ['node', 'server.js'].");
  }
  return {
    command,
    ready: readiness(ready),
    env: texts(env),
    cwd,
    samples: wholeNumber('samples', samples, 1),
    startTimeout: startTimeout === undefined ? nanos(30e9) : positiveDuration('startTimeout', startTimeout),
  };
}

/** Environments hold text only: a number, as JavaScript allows it to be written, becomes its text; what is undefined is left out. */
function texts(env: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function readiness(ready: StartupSubject['ready']): StartupPlan['ready'] {
  if (ready === undefined || ready === 'exit') return { kind: 'exit' };
  if (ready === 'port') return { kind: 'port' };
  // A global or sticky pattern remembers where it stopped, and would miss every other match.
  if (ready instanceof RegExp) {
    return { kind: 'stdout', pattern: { source: ready.source, flags: ready.flags.replace(/[gy]/g, '') } };
  }
  const path: unknown = (ready as { http?: unknown } | null)?.http;
  if (typeof path === 'string' && path.startsWith('/')) return { kind: 'http', path };
  throw badOption(
    'ready',
    ready,
    "'exit', 'port', a regular expression or { http: '/path' }",
    "Use a regular expression for a line on stdout, 'port', { http: '/health' }, or 'exit'.",
  );
}

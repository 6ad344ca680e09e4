import { callSite, locating } from './call-site.ts';
import { usageError, type PerfError } from './errors.ts';
import { parseDuration, type DurationText } from './quantity.ts';
import type { Nanos } from './units.ts';
import { describeValue } from './wording.ts';

/** A regular expression as plain data, so that it crosses process boundaries. */
export interface PatternData {
  readonly source: string;
  readonly flags: string;
}

/** When a started process counts as ready. */
export type ReadyCondition =
  | { readonly kind: 'stdout'; readonly pattern: PatternData }
  | { readonly kind: 'port' }
  | { readonly kind: 'http'; readonly path: string };

/** The system under test as plain data: somewhere that already runs, or a command that the runner starts and stops. */
export type TargetSpec =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'command';
      readonly command: readonly string[];
      readonly ready: ReadyCondition;
      readonly url: string;
      readonly cwd?: string | undefined;
      readonly env: Readonly<Record<string, string>>;
      readonly startTimeout: Nanos;
      readonly stopTimeout: Nanos;
      /** Its processes of Node are to tell of themselves while they run: an agent is preloaded through `NODE_OPTIONS`. */
      readonly observed?: boolean | undefined;
    };

/** A target that answers. `pid` is known when the runner started it. */
export interface RunningTarget {
  readonly url: string;
  readonly pid?: number | undefined;
  /**
   * Of an observed target: a folder in which each of its processes of Node keeps what it tells of itself, as metrics in the
   * text format of Prometheus, in `<pid>.prom`.
   */
  readonly vitals?: string | undefined;
}

export interface TargetOptions {
  /** Where it answers. With a command the default is `http://127.0.0.1:{port}`. */
  readonly url?: string;
  /**
   * The command and its arguments; no shell. `node` means the Node that runs perfkeel. `{port}` in the command, in
   * `env` and in `url` becomes a free port, which is also in the environment as `PORT`.
   */
  readonly command?: readonly string[];
  /**
   * When it is ready: a line on stdout (a named group `url` or `port` in the pattern overrides the url), the open
   * port, or a path that answers below 500. @default 'port'
   */
  readonly ready?: RegExp | 'port' | { readonly http: string };
  /** @default the folder of the perf.config file */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long one attempt to become ready may take; a start that fails may be tried again, twice at most. @default '30s' */
  readonly startTimeout?: DurationText;
  /** How long it may take to end after SIGTERM, before SIGKILL. @default '5s' */
  readonly stopTimeout?: DurationText;
}

function readyCondition(ready: TargetOptions['ready']): ReadyCondition {
  if (ready === undefined || ready === 'port') return { kind: 'port' };
  if (ready instanceof RegExp) {
    return { kind: 'stdout', pattern: { source: ready.source, flags: ready.flags.replace(/[gy]/g, '') } };
  }
  if (typeof ready === 'object' && typeof ready?.http === 'string') return { kind: 'http', path: ready.http };
  throw usageError(`a target cannot be ready by ${describeValue(ready)}`, {
    code: 'bad-target',
    hint: "Use a regular expression for stdout, 'port', or { http: '/health' }.",
    excerpt: 'ready',
  });
}

function checkUrl(url: string): string {
  // "localhost:3000" parses too, as the scheme "localhost:".
  const valid = typeof url === 'string' && url.includes('://') && URL.canParse(url.replaceAll('{port}', '80'));
  if (valid) return url;
  throw usageError(`${describeValue(url)} is not a url`, {
    code: 'bad-target',
    hint: 'Write it with its scheme: "http://127.0.0.1:3000".',
    excerpt: typeof url === 'string' ? url : 'url',
  });
}

/**
 * Describes the system under test: a `url` that already runs, or a `command` that the runner starts before each round,
 * waits for, and always stops.
 *
 * @throws PerfError `bad-target` or `bad-quantity`, exit code 2.
 * @example
 * const api = target({ command: ['node', 'server.js'], ready: /listening/ });
 */
export function target(options: TargetOptions): TargetSpec {
  return locating(callSite(target), () => describeTarget(options));
}

/** Like `target`, for nouns that take a url themselves: an error gets the place of the noun instead of this one. */
export function describeTarget(options: TargetOptions): TargetSpec {
  checkShape(options);
  const { command, url, ready, cwd, env = {}, startTimeout = '30s', stopTimeout = '5s' } = options;
  if (command === undefined) return { kind: 'url', url: checkUrl(url!) };
  return {
    kind: 'command',
    command: command.map(String),
    ready: readyCondition(ready),
    url: checkUrl(url ?? 'http://127.0.0.1:{port}'),
    cwd,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
    startTimeout: parseDuration(startTimeout),
    stopTimeout: parseDuration(stopTimeout),
  };
}

const example = "Write target({ url: 'http://127.0.0.1:3000' }) or target({ command: ['node', 'server.js'] }).";

/** In plain JavaScript nothing else looks at the types of what was written. */
function checkShape(options: TargetOptions): void {
  const bad = (message: string, hint: string, excerpt: string): PerfError =>
    usageError(message, { code: 'bad-target', hint, excerpt });
  if (typeof options !== 'object' || options === null) {
    throw bad(`a target is described by an object, and this is ${describeValue(options)}`, example, 'target(');
  }
  const { command, url, cwd, env } = options;
  if (command === undefined && url === undefined) throw bad('a target needs a url or a command', example, 'target(');
  if (command !== undefined && (!Array.isArray(command) || command.length === 0)) {
    throw bad('the command of a target is a list of words', "Write command: ['node', 'server.js'].", 'command');
  }
  if (cwd !== undefined && typeof cwd !== 'string') {
    throw bad(`cwd of a target is ${describeValue(cwd)}`, "Write a folder: cwd: 'server'.", 'cwd');
  }
  if (env !== undefined && (typeof env !== 'object' || env === null)) {
    throw bad(`env of a target is ${describeValue(env)}`, "Write env: { LOG: 'quiet' }.", 'env');
  }
}

/** Process exit codes, the contract with shells and continuous integration. */
export const ExitCode = {
  /** Every objective and comparison passed, or only warned. */
  Ok: 0,
  /** An objective was missed or a change is a regression. */
  Failed: 1,
  /** Wrong usage, a wrong declaration or a wrong configuration: nothing is known about performance. */
  Usage: 2,
  /** The measurements cannot decide; the report says what would. */
  Inconclusive: 3,
  /** The target was down, a benchmark threw, nothing ran, or results could not be stored. */
  CouldNotMeasure: 4,
  /** Stopped by a signal; what had been measured is kept. */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A place in a file that a user wrote. Lines and columns start at 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PerfErrorOptions {
  /** Stable identifier in kebab-case, for programs. */
  readonly code: string;
  /** The flag or edit that fixes it. */
  readonly hint?: string | undefined;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
  /** The user's declaration that is wrong. */
  readonly location?: SourceLocation | undefined;
  /** The text to underline, searched from `location` downwards. */
  readonly excerpt?: string | undefined;
}

/** What remains of a `PerfError` after it has crossed a process boundary. */
export interface SerialisedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exitCode: ExitCode;
  readonly location?: SourceLocation | undefined;
  readonly excerpt?: string | undefined;
  readonly stack?: string | undefined;
}

const brand = Symbol.for('perfkeel.PerfError');

/**
 * A failure that a person can act on: misuse or a broken world, never noisy data.
 *
 * The brand keeps `instanceof` true when two copies of this package are loaded.
 */
export class PerfError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  readonly location: SourceLocation | undefined;
  readonly excerpt: string | undefined;
  readonly [brand] = true;

  constructor(message: string, options: PerfErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PerfError';
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.CouldNotMeasure;
    this.location = options.location;
    this.excerpt = options.excerpt;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // A class that extends this one has the usual meaning of instanceof: the brand says nothing about it.
    if (this !== PerfError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** A mistake in what a user wrote: wrong option, objective or configuration. Exits with 2. */
export function usageError(message: string, options: Omit<PerfErrorOptions, 'exitCode'>): PerfError {
  return new PerfError(message, { ...options, exitCode: ExitCode.Usage });
}

/** Of an object that was thrown instead of an error; it may be an answer of a server. */
const longestObject = 300;

function textOf(thrown: unknown): string {
  try {
    const text = String(thrown);
    return text === '[object Object]' ? objectText(thrown as object) : text;
  } catch {
    return 'something that has no text was thrown';
  }
}

/** Long ones by their names alone: a text that is cut may end within a secret, which nobody would find again to hide. */
function objectText(thrown: object): string {
  const text = JSON.stringify(thrown);
  return text.length <= longestObject ? text : `an object with ${Object.keys(thrown).slice(0, 8).join(', ')}`;
}

/** Causes deeper than this are left out; some errors are, over a detour, their own cause. */
const deepestCause = 4;

function messageAt(depth: number, error: unknown): string {
  if (!(error instanceof Error)) return textOf(error);
  // Node reports a refused connection as an AggregateError without a message of its own.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const deeper = depth < deepestCause;
  const own = error.message || (deeper && first !== undefined ? messageAt(depth + 1, first) : error.name);
  if (error instanceof PerfError || error.cause === undefined || !deeper) return own;
  const cause = messageAt(depth + 1, error.cause);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}

/**
 * The message of anything that was thrown, even of what is not an `Error`. With the cause, where the message does not
 * say it already: of `fetch failed` only the cause tells why.
 */
export const messageOf = (error: unknown): string => messageAt(0, error);

/** Plain data for IPC and files; an ordinary error becomes `code: 'threw'`. */
export function serialiseError(error: unknown): SerialisedError {
  const stack = error instanceof Error ? error.stack : undefined;
  if (error instanceof PerfError) {
    const { code, message, hint, exitCode, location, excerpt } = error;
    return { code, message, hint, exitCode, location, excerpt, stack };
  }
  return { code: 'threw', message: messageOf(error), exitCode: ExitCode.CouldNotMeasure, stack };
}

/** The inverse of `serialiseError`, with the stack of the process that threw. */
export function reviveError(data: SerialisedError): PerfError {
  const error = new PerfError(data.message, data);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

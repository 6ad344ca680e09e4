import { PerfError, usageError, type SourceLocation } from './errors.ts';
import type { RoundResult } from './measurement.ts';
import type { Metric } from './metric.ts';
import { parseObjective } from './objective.ts';
import type { RunningTarget, TargetSpec } from './target.ts';
import type { Nanos } from './units.ts';
import { describeValue } from './wording.ts';

/** A monotonic clock. Pure code gets it as an argument and never reads one by itself. */
export interface Clock {
  now(): Nanos;
}

/** Everything that an instrument may use during one round. */
export interface RoundContext {
  readonly clock: Clock;
  /** Differs from round to round; the same plan gives the same seeds. */
  readonly seed: number;
  /** Starts at 0. */
  readonly round: number;
  /** A rehearsal: the same code path with as little work as possible. */
  readonly short: boolean;
  readonly signal: AbortSignal;
  /** The started target, when the declaration named one. */
  readonly target?: RunningTarget | undefined;
  /** Forces a full garbage collection; does nothing where the engine does not offer it. */
  collectGarbage(): void;
  /** One short line for the live display. Costs the measured process a message: at most four a second. */
  progress(text: string): void;
}

/** How one kind of benchmark measures: the only thing that the runner knows of it. */
export type Instrument = (context: RoundContext) => Promise<RoundResult>;

/** What every noun of the DSL returns: plain data, and one function that measures a round. */
export interface Declaration {
  /** Unique in its project: results are found again by it. */
  readonly name: string;
  readonly kind: string;
  readonly metrics: readonly Metric[];
  /** The metric that `p99`, `median` and the comparison speak of. */
  readonly primary: string;
  /** False when `primary` has one value a round, so that there are no quantiles to promise. */
  readonly quantiles: boolean;
  readonly objectives: readonly string[];
  /** Rounds when nobody asks for another number. */
  readonly rounds: number;
  /** Alternatives of one thing share a group and are shown side by side. */
  readonly group?: string | undefined;
  readonly tags: readonly string[];
  readonly target?: TargetSpec | undefined;
  /** `fail` turns the verdict round: a demonstration that must be caught. */
  readonly expected?: 'fail' | undefined;
  readonly location?: SourceLocation | undefined;
  readonly instrument: Instrument;
}

/** The options that every noun of the DSL takes. */
export interface CommonOptions<O extends string = string> {
  readonly objectives?: readonly O[];
  /** Fresh processes that measure it, each once. */
  readonly rounds?: number;
  readonly group?: string;
  readonly tags?: readonly string[];
  /** Says that the objectives must be missed: the verdict passes when they are, and fails when they are not. */
  readonly expected?: 'fail';
}

// One collector for every copy of this package that a process may have loaded.
const collectorKey = Symbol.for('perfkeel.declarations');
type Collector = { [collectorKey]?: Declaration[] };

function collector(): Declaration[] {
  return ((globalThis as Collector)[collectorKey] ??= []);
}

/** The declarations made so far in this process, in order. */
export const declarations = (): readonly Declaration[] => collector();

const frame = /^at (?:async )?(?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/;

/** The path of a file url; on Windows without the slash before the drive letter. */
function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file;
  return decodeURIComponent(new URL(file).pathname).replace(/^\/(?=[A-Za-z]:)/, '');
}

/** The place that called `noun`, read from the stack; through the source map when the process runs with source maps. */
export function callSite(noun: (...args: never[]) => unknown): SourceLocation | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, noun);
  // A process may have replaced the way in which stacks become text.
  for (const line of String(holder.stack ?? '')
    .split('\n')
    .slice(1)) {
    const [, file, row, column] = frame.exec(line.trim()) ?? [];
    if (file && row && column) return { file: pathOf(file), line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** Runs a check and puts the declaration's place on whatever usage error it throws. */
export function locating<T>(location: SourceLocation | undefined, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof PerfError) || error.location !== undefined || location === undefined) throw error;
    const { message, code, hint, exitCode, excerpt } = error;
    throw new PerfError(message, { code, hint, exitCode, excerpt, location, cause: error });
  }
}

function checkDeclaration(declaration: Declaration): void {
  const { name, kind, rounds, metrics, primary, quantiles, objectives, expected } = declaration;
  if (typeof name !== 'string' || name.trim() === '') {
    throw usageError(`a ${kind} needs a name`, {
      code: 'bad-declaration',
      hint: `Write ${kind}('parse one order', …).`,
    });
  }
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw usageError(`${kind}(${JSON.stringify(name)}) has ${describeValue(rounds)} rounds`, {
      code: 'bad-declaration',
      hint: 'Rounds is a whole number from 1 upwards.',
      excerpt: 'rounds',
    });
  }
  if (expected !== undefined && expected !== 'fail') {
    throw usageError(`${kind}(${JSON.stringify(name)}) has expected: ${describeValue(expected)}`, {
      code: 'bad-declaration',
      hint: "The only thing to expect is 'fail'; leave it out otherwise.",
      excerpt: 'expected',
    });
  }
  if (!Array.isArray(objectives)) {
    throw usageError(`the objectives of ${kind}(${JSON.stringify(name)}) are ${describeValue(objectives)}`, {
      code: 'bad-declaration',
      hint: "Write a list: objectives: ['p99 < 200ms'].",
      excerpt: 'objectives',
    });
  }
  for (const objective of declaration.objectives) {
    parseObjective(objective, { metrics, primary: quantiles ? primary : undefined });
  }
}

/**
 * Checks a declaration and hands it to whoever collects in this process.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 */
export function declare<D extends Declaration>(declaration: D): D {
  locating(declaration.location, () => checkDeclaration(declaration));
  collector().push(declaration);
  return declaration;
}

/** The part of a declaration that is the same for every kind. */
export function commonParts(
  options: CommonOptions,
  defaults: { readonly rounds: number },
): Pick<Declaration, 'objectives' | 'rounds' | 'group' | 'tags' | 'expected'> {
  return {
    objectives: options.objectives ?? [],
    rounds: options.rounds ?? defaults.rounds,
    group: options.group,
    tags: options.tags ?? [],
    expected: options.expected,
  };
}

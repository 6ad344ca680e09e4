import { callSite, locating } from './call-site.ts';
import { checkDeclaration } from './check-declaration.ts';
import type { SourceLocation } from './errors.ts';
import type { RoundResult } from './measurement.ts';
import { withMemory, type MemoryObjective } from './memory-metrics.ts';
import type { Metric } from './metric.ts';
import type { RunningTarget, TargetSpec } from './target.ts';
import type { Nanos } from './units.ts';
import type { Variant } from './variant.ts';

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
  /**
   * A folder in which a long round may keep what it has, absolute: the same when its run goes on after an interruption,
   * removed when that has ended. Absent where a run is not kept.
   */
  readonly folder?: string | undefined;
  /** Forces a full garbage collection; does nothing where the engine does not offer it. */
  collectGarbage(): void;
  /** One short line for the live display. Costs the measured process a message: at most four a second. */
  progress(text: string): void;
  /**
   * Keeps what has been measured so far, in case that the round does not come to its end: at most four times a second; the disk gets it every five seconds, each
   * instead of the one before. Absent where nobody would keep it.
   */
  checkpoint?(result: RoundResult): void;
  /**
   * Says when the operations begin that the round counts as trials of `errors`, and when the last one has ended: set-up
   * and warm-up lie outside. Only between the two is it known what they allocate. Absent where nobody wants to know.
   */
  counting?(moment: 'begins' | 'ends'): void;
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
  /** The metrics whose change decides a comparison, beside those that objectives name. @default the primary one */
  readonly comparedBy?: readonly string[] | undefined;
  /** False when `primary` has one value a round, so that there are no quantiles to promise. */
  readonly quantiles: boolean;
  /** The words for its times that objectives may use, where they are few: messages list them. @default all */
  readonly statistics?: readonly string[] | undefined;
  readonly objectives: readonly string[];
  /** Rounds when nobody asks for another number. */
  readonly rounds: number;
  /** How long one round lasts by its own plan, when that is known: the time limit of a round begins behind it. */
  readonly lasts?: Nanos | undefined;
  /** Alternatives of one thing share a group and are shown side by side. */
  readonly group?: string | undefined;
  /** Its place in the family that one declaration made. */
  readonly variant?: Variant | undefined;
  readonly tags: readonly string[];
  readonly target?: TargetSpec | undefined;
  /** `fail` turns the verdict round: a demonstration that must be caught. */
  readonly expected?: 'fail' | undefined;
  readonly location?: SourceLocation | undefined;
  /** Asks whoever runs it for memory too: metrics that its instrument does not measure itself. */
  readonly memory?: boolean | readonly string[] | undefined;
  /** Names that it, or its family, had before. */
  readonly renamedFrom?: readonly string[] | undefined;
  readonly version?: string | undefined;
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
  /**
   * Also tells the memory of a round: `heap` (live after the work and a collection), `max-rss`, `gc-time` (share of the
   * round), and `allocated` where operations are counted by the kind of benchmark. With a started target, its `max-rss` instead (Linux). A list promises:
   * `memory: ['heap < 64MB']`. Nothing is collected before the last time was taken.
   *
   * @default false
   */
  readonly memory?: boolean | readonly MemoryObjective[];
  /** The name that it had before, or several: its history goes on, and it is compared with runs of that name. */
  readonly renamedFrom?: string | readonly string[];
  /**
   * Any word, to be changed when the work becomes other work: numbers of different versions are no series.
   *
   * @default what the perf file says about the work decides; comments, layout and objectives do not count
   */
  readonly version?: string;
}

// One collector for every copy of this package that a process may have loaded.
const collectorKey = Symbol.for('perfkeel.declarations');
type Collector = { [collectorKey]?: Declaration[] };

function collector(): Declaration[] {
  return ((globalThis as Collector)[collectorKey] ??= []);
}

/** The declarations made so far in this process, in order. */
export const declarations = (): readonly Declaration[] => collector();

/**
 * Checks a declaration and hands it to whoever collects in this process.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 */
export function declare<D extends Declaration>(declaration: D): D {
  const location = declaration.location ?? callSite(declare);
  const complete = locating(location, () => {
    checkDeclaration(declaration);
    return withMemory(declaration.location === location ? declaration : { ...declaration, location });
  });
  collector().push(complete);
  return complete;
}

/**
 * Takes a declaration back from whoever collects: it has become a part of another one, and is not measured by itself.
 * Does nothing when it was taken back before.
 */
export function withdraw(declaration: Declaration): void {
  const at = collector().indexOf(declaration);
  if (at >= 0) collector().splice(at, 1);
}

/** The part of a declaration that is the same for every kind. */
export function commonParts(
  options: CommonOptions,
  defaults: { readonly rounds: number },
): Pick<Declaration, 'objectives' | 'rounds' | 'group' | 'tags' | 'expected' | 'memory' | 'renamedFrom' | 'version'> {
  return {
    objectives: options.objectives ?? [],
    rounds: options.rounds ?? defaults.rounds,
    group: options.group,
    tags: options.tags ?? [],
    expected: options.expected,
    memory: options.memory,
    renamedFrom: typeof options.renamedFrom === 'string' ? [options.renamedFrom] : options.renamedFrom,
    version: options.version,
  };
}

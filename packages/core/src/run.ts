import type { Estimate } from './estimate.ts';
import type { SerialisedError, SourceLocation } from './errors.ts';
import type { Fitness } from './fitness.ts';
import type { Measurement } from './measurement.ts';
import type { Metric } from './metric.ts';
import type { Comparator } from './objective-syntax.ts';
import type { Unit } from './units.ts';
import type { Variant } from './variant.ts';
import type { Verdict } from './verdict.ts';
import type { Warning } from './warning.ts';

/** The version of the run file that this code writes. Readers know every older one. */
export const runSchemaVersion = 1;

/** A declaration as plain data: what was meant to be measured. */
export interface BenchmarkPlan {
  /** Unique in the run; the name of the declaration. */
  readonly id: string;
  readonly kind: string;
  readonly group?: string | undefined;
  readonly variant?: Variant | undefined;
  readonly tags: readonly string[];
  readonly metrics: readonly Metric[];
  readonly primary: string;
  /** The metrics whose change decides a comparison. @default the primary one */
  readonly comparedBy?: readonly string[] | undefined;
  readonly quantiles: boolean;
  readonly objectives: readonly string[];
  readonly rounds: number;
  readonly expected?: 'fail' | undefined;
  readonly location?: SourceLocation | undefined;
  /** SHA-256 of the bundled perf file with everything that it takes in: the code that ran. */
  readonly sourceHash: string;
  /** Names that it had before: its numbers go on from theirs. */
  readonly renamedFrom?: readonly string[] | undefined;
  /** What its author says of its work: another version begins new series, and none other does. */
  readonly version?: string | undefined;
  /**
   * SHA-256 of what its perf file says about its work, without comments, layout, its name and what is promised of it.
   * Where no `version` is given, another hash begins new series.
   */
  readonly benchmarkHash?: string | undefined;
}

/** Which benchmarks there were, measured or not: tells "not measured this time" from "gone". */
export interface Inventory {
  /** The names of all benchmarks in the perf files that were read. */
  readonly benchmarks: readonly string[];
  /** Perf files that were not read, as paths from the project with `/`: theirs are not known. */
  readonly unread: readonly string[];
}

/** One perf file of a project of which only what a change can reach was measured. */
export interface FileChoice {
  /** From the folder of the workspace, with `/`. */
  readonly file: string;
  readonly decision: 'run' | 'skip';
  /** `because packages/core/src/a.ts -> core -> load`, `no changed input`. */
  readonly why: string;
}

export interface RunPlan {
  readonly seed: number;
  readonly short: boolean;
  /** Those that were chosen. */
  readonly benchmarks: readonly BenchmarkPlan[];
  /** All that there were; absent in older runs and in those of other tools. */
  readonly inventory?: Inventory | undefined;
  /** Why perf files were measured or not; absent when all were to be. */
  readonly selection?: readonly FileChoice[] | undefined;
}

/** Where it was measured. Runs compare only inside one `class`. */
export interface Environment {
  /** Hash of what decides speed: processor, cores, memory, system, Node and V8. */
  readonly class: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory: number;
  readonly os: string;
  readonly arch: string;
  readonly node: string;
  readonly v8: string;
  readonly host: string;
  readonly ci: boolean;
  /** Share of time in which some task waited for a processor (Linux pressure information), before and after. */
  readonly cpuPressure?: readonly [number, number] | undefined;
  readonly loadAverage: number;
  readonly fitness?: Fitness | undefined;
  readonly warnings: readonly Warning[];
}

/** What was measured, and with what. */
export interface Provenance {
  readonly project: string;
  readonly tool: string;
  readonly sha?: string | undefined;
  readonly branch?: string | undefined;
  readonly dirty?: boolean | undefined;
}

/** A benchmark or a round that could not be measured. `round` is absent when the whole benchmark failed. */
export interface Failure {
  readonly benchmark: string;
  readonly round?: number | undefined;
  readonly error: SerialisedError;
}

/** One objective, judged. `value`, `lo` and `hi` are in `unit`. */
export interface Judgement {
  readonly benchmark: string;
  readonly objective: string;
  readonly metric: string;
  readonly unit: Unit;
  readonly comparator: Comparator;
  readonly limit: number;
  /** Absent when nothing was measured. */
  readonly estimate?: Estimate | undefined;
  readonly verdict: Verdict;
}

/** The verdict of one benchmark: its objectives, its failures and what was expected of it, joined. */
export interface BenchmarkVerdict {
  readonly benchmark: string;
  readonly verdict: Verdict;
}

/** One finished run: an immutable value, and as JSON the contract between packages. */
export interface Run {
  readonly $schema: string;
  readonly schemaVersion: typeof runSchemaVersion;
  /** Sorts by time. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly interrupted: boolean;
  readonly plan: RunPlan;
  readonly environment: Environment;
  readonly provenance: Provenance;
  readonly measurements: readonly Measurement[];
  readonly failures: readonly Failure[];
  readonly judgements: readonly Judgement[];
  readonly benchmarks: readonly BenchmarkVerdict[];
  readonly verdict: Verdict;
}

export const runSchemaUrl = 'https://perfkeel.dev/schema/run.v1.json';

/**
 * Whether a change between two runs is one. `identical`: both sides execute the same code, so it cannot have changed.
 * `accepted`: it became worse, and people have written down that they want it.
 */
export type Decision = 'regressed' | 'accepted' | 'improved' | 'unchanged' | 'identical' | 'inconclusive';

/** The rounds that raised a suspicion, when a second, independent set was measured to confirm it. */
export interface Screening {
  readonly base: readonly number[];
  readonly head: readonly number[];
  readonly effect: Estimate;
}

/** One metric of one benchmark on two sides. `effect` is head / base - 1, a ratio: 0.1 is 10 % more. */
export interface Comparison {
  readonly benchmark: string;
  readonly metric: string;
  readonly unit: Unit;
  /** What of each round was compared: `p10`, `p99`, `value`. */
  readonly statistic: string;
  /** One number a round. */
  readonly base: readonly number[];
  readonly head: readonly number[];
  readonly effect?: Estimate | undefined;
  /** Present when the change was measured twice; `base`, `head` and `effect` are then those of the second time. */
  readonly screening?: Screening | undefined;
  /** What counted as a change of this metric, as shares of base. */
  readonly limits?: { readonly warn: number; readonly fail: number } | undefined;
  readonly decision: Decision;
  readonly verdict: Verdict;
}

/** One side of a comparison. */
export interface ComparedSide {
  readonly id: string;
  readonly label: string;
  readonly sha?: string | undefined;
  /** Why this one was chosen: `merge base of HEAD and main`. */
  readonly why?: string | undefined;
  /** By which rule it was chosen among stored runs: `label`, `merge-base`. */
  readonly rule?: string | undefined;
  /** What came before it in the order, and why it was not taken. */
  readonly passedOver?: readonly string[] | undefined;
}

/** What identical code came to in the same session: how much the machine alone moves numbers. */
export interface Control {
  /** Metrics of identical benchmarks that were measured on both sides. */
  readonly pairs: number;
  /** The largest change among them, without sign, as a ratio. */
  readonly largest: number;
}

/** Two runs held against each other. */
export interface ComparisonReport {
  /** `interleaved`: both sides in one session, in turns. `stored`: each in a session of its own. */
  readonly method?: 'interleaved' | 'stored' | undefined;
  readonly base: ComparedSide;
  readonly head: ComparedSide;
  readonly comparisons: readonly Comparison[];
  readonly control?: Control | undefined;
  /** Flags of Node that processes of micro-benchmarks got on both sides, beside the usual ones. */
  readonly nodeFlags?: readonly string[] | undefined;
  /** The command that measures this comparison again. */
  readonly reproduce?: string | undefined;
  readonly warnings: readonly Warning[];
  readonly verdict: Verdict;
}

/** What every renderer gets. */
export interface Report {
  readonly run: Run;
  readonly comparison?: ComparisonReport | undefined;
}

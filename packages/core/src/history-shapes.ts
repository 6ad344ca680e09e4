import type { Estimate } from './estimate.ts';
import type { Better } from './metric.ts';
import type { Comparator } from './objective-syntax.ts';
import type { Unit } from './units.ts';

/** Bad news of the code, good news, or neither. */
export type ChangeNews = 'worse' | 'better' | 'neither';

/**
 * What makes numbers of several runs one series: another workload, configuration or class of machine starts another,
 * instead of a step that no code made.
 */
export interface SeriesKey {
  readonly project: string;
  readonly benchmark: string;
  readonly metric: string;
  /** What of each round: `p99`, `share`, `value`. */
  readonly statistic: string;
  /** The parameters of the variant as JSON, `{}` for none; with the data that was worked on, where it has a name. */
  readonly configuration: string;
  /** The class of the environment. */
  readonly environment: string;
  /** How it is measured: its kind, its unit, and which way is better. */
  readonly shape: string;
  /**
   * What the benchmark does: `=` and the version that its author gave it, else the beginning of its hash, else nothing,
   * when an older perfkeel or another tool measured it.
   */
  readonly version: string;
}

/** What one run says of one series. */
export interface HistoryPoint {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly sha?: string | undefined;
  readonly branch?: string | undefined;
  /** Measured with changes that were not committed. */
  readonly dirty: boolean;
  /** The median of its rounds, in the base unit of the metric. */
  readonly value: number;
  readonly rounds: number;
  /** Why the machine may have made it worse than the code is. */
  readonly disturbed?: string | undefined;
}

/** A promise that a series is held against, in the unit of its metric. */
export interface Limit {
  readonly source: string;
  readonly comparator: Comparator;
  readonly value: number;
}

/** A run and its commit. */
export interface CommitPlace {
  readonly run: string;
  readonly sha?: string | undefined;
}

/** The run from which on a series has another level. */
export interface ChangePoint {
  /** Place in the points of the series of the first run of the new level. */
  readonly index: number;
  readonly run: string;
  readonly at: string;
  /**
   * The commits that hold the change with 95 % confidence: later than `after`, `upTo` at the latest.
   */
  readonly range: { readonly after: CommitPlace; readonly upTo: CommitPlace };
  /** Places of the first and last run that may be the first of the new level. */
  readonly places: readonly [first: number, last: number];
  readonly before: number;
  readonly after: number;
  /** Relative change of level, with a 95 % interval. */
  readonly effect: Estimate;
  readonly news: ChangeNews;
}

/** What a change point may be blamed on. */
export interface Cause {
  /**
   * `code` when nothing speaks for the machine, `machine` when the code is the same or the machine is another and most
   * series of the environment changed with it, `unclear` when one of the two speaks for it.
   */
  readonly kind: 'code' | 'machine' | 'unclear';
  /** What speaks for the machine. */
  readonly because?: string | undefined;
}

/** That a change was wanted, and why. */
export interface AcceptedChange {
  readonly id: string;
  readonly reason: string;
}

/** A change point with what is known about it. */
export interface ExplainedChange extends ChangePoint {
  readonly cause: Cause;
  readonly accepted?: AcceptedChange | undefined;
}

/** A level that changes a little with every run. */
export interface Drift {
  readonly from: CommitPlace;
  readonly to: CommitPlace;
  /** How many runs it has lasted. */
  readonly runs: number;
  /** Relative change over all of them. */
  readonly total: number;
  readonly news: ChangeNews;
  /** Whether it had not ended at the newest run. */
  readonly goesOn: boolean;
}

/** A run of the past with a name: a release, a baseline, or where a branch began. */
export interface Milestone {
  readonly name: string;
  /** The run that was named, or the commit; the newest run of that commit counts. */
  readonly run?: string | undefined;
  readonly sha?: string | undefined;
}

/** What has become of a series since a milestone, whatever small steps it took. */
export interface Creep {
  readonly since: string;
  /** Runs between the milestone and the newest. */
  readonly runs: number;
  /** Relative change, with a 95 % interval. */
  readonly effect: Estimate;
  readonly news: ChangeNews;
  /** Present when the machine changed in between: not all of it is the code's. */
  readonly machineChanged?: true | undefined;
}

/** What the next run will be, on the scale of the metric. */
export interface Prediction {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
  readonly confidence: number;
}

/** One thing that a history shows, in a sentence. */
export interface TrendNote {
  readonly kind: 'removed' | 'benchmark' | 'change' | 'drift' | 'forecast' | 'creep' | 'anomaly';
  readonly news: ChangeNews;
  readonly text: string;
}

/** One series over runs with the changes that it shows. */
export interface ChangingSeries {
  readonly key: SeriesKey;
  readonly unit: Unit;
  readonly better: Better;
  /** The objectives of the newest run that speak of it. */
  readonly limits: readonly Limit[];
  /** Oldest first. */
  readonly points: readonly HistoryPoint[];
  /** The benchmark has been changed since: a later series goes on under its name. */
  readonly ended?: true | undefined;
  /** Oldest first. */
  readonly changes: readonly ExplainedChange[];
  readonly drifts: readonly Drift[];
  readonly creep: readonly Creep[];
  /** What the next run will be when nothing changes, with a 90 % interval; absent with fewer than three runs. */
  readonly next?: Prediction | undefined;
  /** The newest run of its project knows of no such benchmark, and had read all perf files. */
  readonly removed?: true | undefined;
}

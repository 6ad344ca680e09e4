import type { Better, Comparator, Estimate, Unit } from '@perfkeel/core';

export type DashboardNews = 'worse' | 'better' | 'neither';

/** What tells a series from all others. Series of two environments are two series. */
export interface DashboardKey {
  readonly project: string;
  readonly benchmark: string;
  readonly metric: string;
  readonly statistic: string;
  /** Parameters as JSON, `{}` for none. */
  readonly configuration: string;
  readonly environment: string;
  readonly shape: string;
  readonly version: string;
}

/** What one run says of a series. */
export interface DashboardPoint {
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly sha?: string | undefined;
  readonly branch?: string | undefined;
  readonly dirty: boolean;
  /** In the base unit of the series. */
  readonly value: number;
  readonly rounds: number;
  /** Why the machine may have made it worse than the code is. */
  readonly disturbed?: string | undefined;
}

/** A run and its commit. */
export interface DashboardPlace {
  readonly run: string;
  readonly sha?: string | undefined;
}

/** The run from which on a series has another level. */
export interface DashboardChange {
  /** Place in the points of the first run of the new level. */
  readonly index: number;
  readonly run: string;
  readonly at: string;
  /** The commits that hold it: later than `after`, `upTo` at the latest. */
  readonly range: { readonly after: DashboardPlace; readonly upTo: DashboardPlace };
  /** Places of the first and the last run that may be the first of the new level. */
  readonly places: readonly [first: number, last: number];
  readonly before: number;
  readonly after: number;
  /** Relative, with its interval. */
  readonly effect: Estimate;
  readonly news: DashboardNews;
  readonly cause: { readonly kind: 'code' | 'machine' | 'unclear'; readonly because?: string | undefined };
  readonly accepted?: { readonly id: string; readonly reason: string } | undefined;
}

/** A level that changes a little with every run. */
export interface DashboardDrift {
  readonly from: DashboardPlace;
  readonly to: DashboardPlace;
  readonly runs: number;
  readonly total: number;
  readonly news: DashboardNews;
  readonly goesOn: boolean;
}

/** One thing that a history shows, in a sentence. */
export interface DashboardNote {
  readonly kind: string;
  readonly news: DashboardNews;
  readonly text: string;
}

/** One series over runs with what is known of it. What `analyseHistory` of `@perfkeel/baseline` returns has this shape. */
export interface DashboardSeries {
  readonly key: DashboardKey;
  /** `p99 of response-time`. */
  readonly title: string;
  readonly unit: Unit;
  readonly better: Better;
  /** Oldest first, one at least. */
  readonly points: readonly DashboardPoint[];
  readonly limits: readonly { readonly source: string; readonly comparator: Comparator; readonly value: number }[];
  /** Oldest first. */
  readonly changes: readonly DashboardChange[];
  readonly drifts: readonly DashboardDrift[];
  readonly notes: readonly DashboardNote[];
  readonly creep: readonly { readonly since: string; readonly effect: Estimate; readonly news: DashboardNews }[];
  /** Where the next run is expected. */
  readonly next?: { readonly lo: number; readonly hi: number } | undefined;
  readonly removed?: true | undefined;
  readonly ended?: true | undefined;
}

/** A class of machines: whatever was measured elsewhere is shown elsewhere. */
export interface DashboardEnvironment {
  readonly id: string;
  /** `AMD EPYC 7763, linux 6.8.0, Node 20.20.2`. */
  readonly title: string;
  readonly runs: number;
  /** ISO 8601 of its newest run. */
  readonly newest: string;
  /** What differs from the environment that was used before. */
  readonly became?: string | undefined;
}

/** A run of the past with a name: a baseline, or where a branch began. */
export interface DashboardEvent {
  readonly name: string;
  readonly run?: string | undefined;
  readonly sha?: string | undefined;
}

export interface DashboardFacts {
  readonly title: string;
  /** The newest first; the order of the pages. */
  readonly environments: readonly DashboardEnvironment[];
  readonly events: readonly DashboardEvent[];
}

/** One file of the site. */
export interface DashboardPage {
  /** Relative, with `/`: letters, digits, dashes and a dot, nothing from outside. */
  readonly path: string;
  readonly text: string;
}

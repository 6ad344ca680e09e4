import type { ChangingSeries, Milestone, TrendNote } from '@perfkeel/core';

/** One series over runs, of one run at least, with what is known of it. */
export interface DashboardSeries extends ChangingSeries {
  /** `p99 of response-time`. */
  readonly title: string;
  readonly notes: readonly TrendNote[];
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

export interface DashboardFacts {
  readonly title: string;
  /** The newest first; the order of the pages. */
  readonly environments: readonly DashboardEnvironment[];
  /** Runs of the past with a name: they are marked in every drawing that holds them. */
  readonly events: readonly Milestone[];
}

/** One file of the site. */
export interface DashboardPage {
  /** Relative, with `/`: letters, digits, dashes and a dot, nothing from outside. */
  readonly path: string;
  readonly text: string;
}

import type { ChangingSeries, Environment, Inventory } from '@perfkeel/core';

/** One series over the runs of a project, oldest first. */
export interface HistorySeries extends Pick<ChangingSeries, 'key' | 'unit' | 'better' | 'limits' | 'points' | 'ended'> {
  /** What was measured under its name while the benchmark did other work, newest first: series of their own. */
  readonly earlier?: readonly EarlierVersion[] | undefined;
}

/** Another version of a benchmark, whose numbers are not those of this one. */
export interface EarlierVersion {
  readonly version: string;
  readonly runs: number;
  /** Its newest run. */
  readonly run: string;
  readonly at: string;
  readonly sha?: string | undefined;
  /** The median of its newest runs, in the base unit of the metric. */
  readonly value: number;
}

/** What of an environment is held against another one. */
export type EnvironmentFacts = Pick<Environment, 'class' | 'host' | 'cpu' | 'os' | 'node' | 'v8' | 'memory'>;

/** Where a run was measured: what may change on a machine without its class changing. */
export interface RunPlace {
  readonly run: string;
  readonly at: string;
  readonly project: string;
  readonly environment: EnvironmentFacts;
}

/** Series and the places that their points were measured in, both oldest first. */
export interface History {
  readonly series: readonly HistorySeries[];
  readonly places: readonly RunPlace[];
  /** What the newest run of each project says that there is. */
  readonly inventories: readonly ProjectInventory[];
}

export interface ProjectInventory extends Inventory {
  readonly project: string;
}

import type { Better, Environment, Inventory, Unit } from '@perfkeel/core';
import type { SeriesKey } from '../store/index/series-key.ts';
import type { Limit } from './forecast.ts';

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

/** One series over the runs of a project, oldest first. */
export interface HistorySeries {
  readonly key: SeriesKey;
  readonly unit: Unit;
  readonly better: Better;
  /** The objectives of the newest run that speak of it. */
  readonly limits: readonly Limit[];
  readonly points: readonly HistoryPoint[];
  /** What was measured under its name while the benchmark did other work, newest first: series of their own. */
  readonly earlier?: readonly EarlierVersion[] | undefined;
  /** The benchmark has been changed since: a later series goes on under its name. */
  readonly ended?: true | undefined;
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

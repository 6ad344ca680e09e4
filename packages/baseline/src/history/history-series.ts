import type { Better, Environment, Unit } from '@perfkeel/core';
import type { Limit } from './forecast.ts';

/** What makes two numbers of two runs numbers of one thing. */
export interface SeriesKey {
  readonly project: string;
  readonly benchmark: string;
  readonly metric: string;
  /** What of a round it is: `p99`, `share`, `value`. */
  readonly statistic: string;
  /** Kind, parameters, unit and the data worked on. */
  readonly configuration: string;
  /** The class of the environment: numbers of different ones are never mixed. */
  readonly environment: string;
  /** Hash of the bundled perf file, when series are told apart by it. */
  readonly source?: string | undefined;
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
  readonly source: string;
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
}

/** Where a run was measured: what may change on a machine without its class changing. */
export interface RunPlace {
  readonly run: string;
  readonly at: string;
  readonly project: string;
  readonly environment: Environment;
}

/** Series and the places that their points were measured in, both oldest first. */
export interface History {
  readonly series: readonly HistorySeries[];
  readonly places: readonly RunPlace[];
}

import type { Unit } from './units.ts';

/** Which direction of a metric is good news. */
export type Better = 'lower' | 'higher' | 'neither';

/** What is measured. `id` is kebab-case and stable: series are keyed by it. */
export interface Metric {
  readonly id: string;
  readonly unit: Unit;
  readonly better: Better;
}

const metric = (id: string, unit: Unit, better: Better): Metric => Object.freeze({ id, unit, better });

/** The metrics of the built-in kinds. One meaning each; see `docs/glossary.md`. */
export const metrics = {
  /** Time per operation inside a tight loop. */
  timePerOperation: metric('time', 'ns', 'lower'),
  /** Completed minus intended: what a client of an open system waits. */
  responseTime: metric('response-time', 'ns', 'lower'),
  /** Completed minus sent: what the server took once it was asked. */
  serviceTime: metric('service-time', 'ns', 'lower'),
  /** Sent minus intended: how late the generator itself was. */
  scheduleLag: metric('schedule-lag', 'ns', 'lower'),
  /** Spawn to ready, or to exit. */
  startupTime: metric('startup-time', 'ns', 'lower'),
  /** Successful completions per second of the measured window. */
  throughput: metric('throughput', '1/s', 'higher'),
  /** Share of attempts that failed. */
  errors: metric('errors', 'ratio', 'lower'),
  /** Memory that each operation leaves behind. */
  growth: metric('growth', 'B/op', 'lower'),
  /** Live heap after a forced collection, at the end. */
  heap: metric('heap', 'B', 'lower'),
  /** Resident set size at the end. */
  rss: metric('rss', 'B', 'lower'),
} as const;

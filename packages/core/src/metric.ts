import type { Unit } from './units.ts';

/** Which direction of a metric is good news. */
export type Better = 'lower' | 'higher' | 'neither';

/** What is measured. `id` is kebab-case and stable: series are keyed by it. */
export interface Metric {
  readonly id: string;
  readonly unit: Unit;
  readonly better: Better;
  /** How it comes about, and who else counts it so, where names alone would mislead: shown beside its figures. */
  readonly formula?: string | undefined;
  /** Set when it is a part of another metric: shown inside that one. */
  readonly part?: MetricPart | undefined;
}

/**
 * A part of the metric `of`. Without `q` the values are those of the component itself, in the unit of the whole; with `q`
 * they are its share, a ratio, of that quantile of the whole: "62 % of p99 is backend".
 */
export interface MetricPart {
  readonly of: string;
  readonly component: string;
  readonly q?: number | undefined;
}

const metric = (id: string, unit: Unit, better: Better): Metric => Object.freeze({ id, unit, better });

/** The metrics of the built-in kinds. One meaning each; see `docs/glossary.md`. */
export const metrics = {
  /** Time per operation inside a tight loop. */
  timePerOperation: metric('time', 'ns', 'lower'),
  /** Completed minus intended: what a client of an open system waits. */
  responseTime: metric('response-time', 'ns', 'lower'),
  /** Several quantiles of the response time of each interval, for a heatmap. Shown over time, never judged. */
  responseTimes: metric('response-times', 'ns', 'neither'),
  /** Completed minus sent: what the server took once it was asked. */
  serviceTime: metric('service-time', 'ns', 'lower'),
  /** Sent minus intended: how late the generator itself was. */
  scheduleLag: metric('schedule-lag', 'ns', 'lower'),
  /** From the moment at which the system runs a program until it is ready, or to its exit. */
  startupTime: metric('startup-time', 'ns', 'lower'),
  /** Successful completions per second of the measured window. */
  throughput: metric('throughput', '1/s', 'higher'),
  /** Share of attempts that failed. */
  errors: metric('errors', 'ratio', 'lower'),
  /** Sent minus due: how long a request waited for a connection. */
  connectionWait: metric('connection-wait', 'ns', 'lower'),
  /** First byte of the answer minus sent. */
  firstByte: metric('first-byte', 'ns', 'lower'),
  /** The highest rate that keeps its objectives. */
  capacity: metric('capacity', '1/s', 'higher'),
  /** Broken invariants and properties. */
  violations: metric('violations', 'count', 'lower'),
  /** Processor time, user and system, of an operation or of a start. */
  cpuTime: metric('cpu-time', 'ns', 'lower'),
  /** Its part in user mode. */
  userTime: metric('user-time', 'ns', 'lower'),
  /** Its part in the kernel. */
  systemTime: metric('system-time', 'ns', 'lower'),
  /** Memory allocated by each operation, whether or not it is kept. */
  allocated: metric('allocated', 'B/op', 'lower'),
  /** Garbage collections during the measured part. */
  collections: metric('gc-count', 'count', 'lower'),
  /** Share of the measured time in which the engine collected garbage. */
  collectionTime: metric('gc-time', 'ratio', 'lower'),
  /** Largest resident set size of a process. */
  maxRss: metric('max-rss', 'B', 'lower'),
  /** Memory that each operation leaves behind. */
  growth: metric('growth', 'B/op', 'lower'),
  /** Live heap after a forced collection, at the end. */
  heap: metric('heap', 'B', 'lower'),
  /** Resident set size at the end. */
  rss: metric('rss', 'B', 'lower'),
} as const;

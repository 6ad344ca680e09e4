import { metrics, type Metric, type RoundMeasurement } from '@perfkeel/core';
import { cpuSource } from './create-launcher.ts';
import type { StartupResult } from './measure-startup.ts';
import type { StartupPlan } from './plan-startup.ts';
import type { Start } from './time-one-start.ts';

const time = (id: string, component?: string): Metric => ({
  id,
  unit: 'ns',
  better: 'lower',
  ...(component === undefined ? {} : { part: { of: metrics.startupTime.id, component } }),
});

/** The metrics of starts beside those of core. */
export const startupMetrics = {
  /** What the system took to make the process, before start-up time begins. */
  spawnTime: time('spawn-time'),
  /** From the first instruction to the first byte on stdout or stderr. */
  firstOutput: time('first-output'),
  /** From the first instruction until the port accepted. With the first response it makes the whole. */
  portOpen: time('port-open', 'until the port is open'),
  /** From the open port to the first good answer. */
  firstResponse: time('first-response', 'until the first good answer'),
  /** What a second request took. */
  warmResponse: time('warm-response'),
} as const;

const metricOf: Readonly<Record<keyof Start, Metric>> = {
  startupTime: metrics.startupTime,
  cpuTime: metrics.cpuTime,
  userTime: metrics.userTime,
  systemTime: metrics.systemTime,
  maxRss: metrics.maxRss,
  ...startupMetrics,
};

/** Names of metrics, for objectives and `comparedBy`. */
export type StartupTimeName =
  | 'cpu-time'
  | 'user-time'
  | 'system-time'
  | 'spawn-time'
  | 'first-output'
  | 'port-open'
  | 'first-response'
  | 'warm-response';

const always: readonly (keyof Start)[] = ['startupTime', 'cpuTime', 'userTime', 'systemTime', 'maxRss', 'spawnTime'];

/** What each way of being ready passes on the way. */
const phasesOf: Readonly<Record<StartupPlan['ready']['kind'], readonly (keyof Start)[]>> = {
  exit: [],
  output: ['firstOutput'],
  port: ['firstOutput'],
  http: ['firstOutput', 'portOpen', 'firstResponse', 'warmResponse'],
  ipc: ['firstOutput'],
  mcp: ['warmResponse'],
};

const measuredBy = ({ ready }: StartupPlan): readonly (keyof Start)[] => [...always, ...phasesOf[ready.kind]];

/** What a plan measures, `startup-time` first, whether or not this platform can tell all of it. */
export const metricsOf = (plan: StartupPlan): readonly Metric[] => measuredBy(plan).map((key) => metricOf[key]);

/**
 * What a regression is judged by: processor time, where it can be known. Of the same 40 starts of `node -e 0` on a busy
 * machine, wall time had a coefficient of variation of 31 %, processor time of 9 %.
 */
export const comparedByDefault = (plan: StartupPlan): string =>
  cpuSource(plan) === undefined ? metrics.startupTime.id : metrics.cpuTime.id;

/** A round as measurements; a metric that no start could tell is left out. */
export function startupMeasurements(plan: StartupPlan, { starts, warnings }: StartupResult): RoundMeasurement[] {
  return measuredBy(plan).flatMap((key) => {
    const values = starts.flatMap((start) => start[key] ?? []);
    if (values.length === 0) return [];
    const measurement = { metric: metricOf[key].id, data: { kind: 'sample' as const, values } };
    return [key === 'startupTime' ? { ...measurement, warnings } : measurement];
  });
}

import type { Acceptance } from '../acceptance/acceptance.ts';
import { acceptedChanges, type AcceptedChange } from './accepted.ts';
import { anomaliesOf, withCompany, type Anomaly } from './anomalies.ts';
import { causesOf, type Cause } from './cause.ts';
import { changePointsOf, driftsOf, type ChangePoint, type Drift } from './change-point.ts';
import { creepSince, type Creep, type Milestone } from './creep.ts';
import { environmentEras, type EnvironmentEra } from './environments.ts';
import { floorOf } from '../unit-floor.ts';
import { findChanges, type Changes } from './find-changes.ts';
import { forecastCrossing, predict, type Forecast, type Prediction } from './forecast.ts';
import type { History, HistorySeries } from './history-series.ts';

export interface HistoryOptions {
  /** Smaller changes are none, as a share of the level before. @default 0.02 */
  readonly least?: number | undefined;
  readonly acceptances?: readonly Acceptance[] | undefined;
  /** What change is told since: the last release, the merge base. */
  readonly milestones?: readonly Milestone[] | undefined;
}

/** A change point with what is known about it. */
export interface ExplainedChange extends ChangePoint {
  readonly cause: Cause;
  readonly accepted?: AcceptedChange | undefined;
}

/** What the history of one series shows. */
export interface SeriesTrend extends HistorySeries {
  readonly changes: readonly ExplainedChange[];
  readonly drifts: readonly Drift[];
  readonly anomalies: readonly Anomaly[];
  /** What the next run will be when nothing changes, with a 90 % interval; absent with fewer than three runs. */
  readonly next?: Prediction | undefined;
  readonly forecasts: readonly Forecast[];
  readonly creep: readonly Creep[];
  /** The newest run of its project knows of no such benchmark, and had read all perf files. */
  readonly removed?: true | undefined;
}

export interface HistoryReport {
  readonly series: readonly SeriesTrend[];
  readonly environments: readonly EnvironmentEra[];
}

interface Analysed {
  readonly series: HistorySeries;
  readonly taken: Changes;
  readonly changes: readonly ChangePoint[];
  readonly anomalies: readonly Anomaly[];
}

/**
 * What a history shows: changes of level with their commits and their cause, drifts, runs that stand alone, what comes next,
 * and the change since releases. Pure; each series by itself, and then the series of an environment together.
 */
export function analyseHistory(history: History, options: HistoryOptions = {}): HistoryReport {
  const analysed = history.series.map((series) => analyse(series, options));
  const causes = causesOf(analysed, history.places);
  const anomalies = withCompany(analysed);
  return {
    series: analysed.map((one, i) => ({
      ...trendOf(one, causes[i]!, anomalies[i]!, options),
      ...(isRemoved(one.series, history) ? { removed: true as const } : {}),
    })),
    environments: environmentEras(history.places),
  };
}

/** Not the same as "not measured in the newest run": files that it did not read may hold it. */
function isRemoved({ key }: HistorySeries, { inventories }: History): boolean {
  const known = inventories.find(({ project }) => project === key.project);
  return known !== undefined && known.unread.length === 0 && !known.benchmarks.includes(key.benchmark);
}

function analyse(series: HistorySeries, { least }: HistoryOptions): Analysed {
  const values = series.points.map(({ value }) => value);
  const taken = findChanges(values, { least, floor: floorOf(series.unit) });
  return { series, taken, changes: changePointsOf(series, taken), anomalies: anomaliesOf(series, taken) };
}

function trendOf(
  { series, taken, changes }: Analysed,
  causes: readonly Cause[],
  anomalies: readonly Anomaly[],
  { acceptances = [], milestones = [] }: HistoryOptions,
): SeriesTrend {
  const accepted = acceptedChanges(series.key, changes, acceptances);
  const next = predict(taken);
  const machine = changes.filter((_, i) => causes[i]!.kind === 'machine').map(({ index }) => index);
  return {
    ...series,
    changes: changes.map((change, i) => ({
      ...change,
      cause: causes[i]!,
      ...(accepted[i] === undefined ? {} : { accepted: accepted[i] }),
    })),
    drifts: driftsOf(series, taken),
    anomalies,
    ...(next === undefined ? {} : { next }),
    forecasts: series.limits.flatMap((limit) => forecastCrossing(taken, limit) ?? []),
    creep: milestones.flatMap((milestone) => creepSince(series, taken, milestone, machine) ?? []),
  };
}

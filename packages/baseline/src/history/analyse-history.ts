import { smallestBase, type Cause, type ChangingSeries, type Milestone } from '@perfkeel/core';
import type { Acceptance } from '../acceptance/acceptance.ts';
import { acceptedChanges } from './accepted.ts';
import { anomaliesOf, withCompany, type Anomaly } from './anomalies.ts';
import { causesOf } from './cause.ts';
import { changePointsOf, driftsOf, type LevelDrift } from './change-point.ts';
import { companyOf, type Company, type FoundSeries } from './company.ts';
import { creepSince, type LevelCreep } from './creep.ts';
import { environmentEras, type EnvironmentEra } from './environments.ts';
import { writeKey } from '../store/index/series-key.ts';
import { findChanges } from './find-changes.ts';
import { crossingOf, forecastConfidence, predictionOf, type Forecast } from './forecast.ts';
import type { History, HistorySeries } from './history-series.ts';
import { lastTrend } from './last-trend.ts';

export interface HistoryOptions {
  /** Smaller changes are none, as a share of the level before. @default 0.02 */
  readonly least?: number | undefined;
  readonly acceptances?: readonly Acceptance[] | undefined;
  /** What change is told since: the last release, the merge base. */
  readonly milestones?: readonly Milestone[] | undefined;
  /**
   * What all series of the same environments did, from `historyCompany` with the same `least`, when a history holds only
   * some of them.
   * @default what those of the history did
   */
  readonly company?: Company | undefined;
}

/** What the history of one series shows. */
export interface SeriesTrend extends HistorySeries, ChangingSeries {
  readonly anomalies: readonly Anomaly[];
  readonly forecasts: readonly Forecast[];
  readonly drifts: readonly LevelDrift[];
  readonly creep: readonly LevelCreep[];
}

export interface HistoryReport {
  readonly series: readonly SeriesTrend[];
  readonly environments: readonly EnvironmentEra[];
}

/**
 * What a history shows: changes of level with their commits and their cause, drifts, runs that stand alone, what comes next,
 * and the change since releases. Pure; each series by itself, and then the series of an environment together.
 */
export function analyseHistory(history: History, options: HistoryOptions = {}): HistoryReport {
  const analysed = history.series.map((series) => knownOf(series, options) ?? analyse(series, options));
  const company = options.company ?? companyOf(analysed);
  const causes = causesOf(analysed, history.places, company.spans);
  return {
    series: analysed.map((one, i) => ({
      ...trendOf(one, causes[i]!, withCompany(one.anomalies, company), options),
      ...(isRemoved(one.series, history) ? { removed: true as const } : {}),
    })),
    environments: environmentEras(history.places),
  };
}

/**
 * What the series of a history did, for those who hold only some of an environment at once: of each part first its company,
 * then `analyseHistory` of each part with `joinCompanies` of all.
 */
export const historyCompany = (history: History, options: Pick<HistoryOptions, 'least'> = {}): Company =>
  companyOf(history.series.map((series) => analyse(series, options)));

/** Not the same as "not measured in the newest run": files that it did not read may hold it. */
function isRemoved({ key }: HistorySeries, { inventories }: History): boolean {
  const known = inventories.find(({ project }) => project === key.project);
  return known !== undefined && known.unread.length === 0 && !known.benchmarks.includes(key.benchmark);
}

/** What was found when the company was asked for, if the series has not grown since. */
function knownOf(series: HistorySeries, { company }: HistoryOptions): FoundSeries | undefined {
  const known = company?.found.get(writeKey(series.key));
  return known?.taken.calm.length === series.points.length ? { ...known, series } : undefined;
}

function analyse(series: HistorySeries, { least }: HistoryOptions): FoundSeries {
  const values = series.points.map(({ value }) => value);
  const taken = findChanges(values, { least, floor: smallestBase(series.unit) });
  return { series, taken, changes: changePointsOf(series, taken), anomalies: anomaliesOf(series, taken) };
}

function trendOf(
  { series, taken, changes }: FoundSeries,
  causes: readonly Cause[],
  anomalies: readonly Anomaly[],
  { acceptances = [], milestones = [] }: HistoryOptions,
): SeriesTrend {
  const accepted = acceptedChanges(series.key, changes, acceptances);
  const trend = lastTrend(taken, forecastConfidence);
  const next = predictionOf(taken, trend);
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
    forecasts: series.limits.flatMap((limit) => crossingOf(taken, trend, limit) ?? []),
    creep: milestones.flatMap((milestone) => creepSince(series, taken, milestone, machine) ?? []),
  };
}

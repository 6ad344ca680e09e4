import { median, type ChangeNews } from '@perfkeel/core';
import { newsOf } from './change-point.ts';
import type { Company } from './company.ts';
import type { Changes } from './find-changes.ts';
import type { HistorySeries } from './history-series.ts';

/** A run that stands alone: the runs around it are elsewhere. */
export interface Anomaly {
  readonly index: number;
  readonly run: string;
  readonly value: number;
  /** Relative distance from the median of the runs around it. */
  readonly off: number;
  readonly news: ChangeNews;
  /** How many of the series that this run measured stand alone in it. */
  readonly together?: { readonly series: number; readonly of: number } | undefined;
}

const reach = 5;

/** The lone outliers of a series. */
export function anomaliesOf(series: HistorySeries, changes: Changes): Anomaly[] {
  const values = series.points.map(({ value }) => value);
  return changes.outliers.map((index) => {
    const around = values.slice(Math.max(0, index - reach), index + reach + 1);
    const centre = median(around);
    const off = centre === 0 ? Math.sign(values[index]!) * Infinity : (values[index]! - centre) / Math.abs(centre);
    return { index, run: series.points[index]!.run, value: values[index]!, off, news: newsOf(series.better, off) };
  });
}

/** Adds how many series of a run stand alone in it: most of them are no news of the code, but of the machine. */
export const withCompany = (anomalies: readonly Anomaly[], { alone, measured }: Company): Anomaly[] =>
  anomalies.map((anomaly) => ({
    ...anomaly,
    together: { series: alone.get(anomaly.run)!, of: measured.get(anomaly.run)! },
  }));

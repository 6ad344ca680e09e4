import { formatQuantity, median, theilSenSlope, type Estimate, type Unit } from '@perfkeel/core';
import { text, type Markup } from '../markup/markup.ts';
import { seriesPlace, seriesPlot } from '../svg/series-plot.ts';
import type { BenchmarkView, MetricView } from '../view/benchmark-view.ts';
import { seriesOf, type SeriesOfRound } from '../view/course-view.ts';
import { decimate, thin, type Points } from '../view/decimate.ts';
import { formatDuration } from '../view/words.ts';
import { markSentence } from './event-marks.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** The slope of more pairs than these would take longer than reading the report; more rows nobody reads. */
const [mostPoints, mostRows] = [400, 120];

/** Memory over time, one figure a round: what counts is whether it grows. */
export function slopeFigures(view: BenchmarkView, id: string): readonly Markup[] {
  return view.metrics.flatMap((metric, m) =>
    metric.metric.unit === 'B'
      ? seriesOf(metric).map((series) => slopeFigure(metric, series, `${id}${m}-${series.round}`))
      : [],
  );
}

function slopeFigure({ metric, rounds }: MetricView, { points: all, round, marks }: SeriesOfRound, id: string): Markup {
  // Every n-th for the slope, which peaks would bend; the drawing keeps the peaks.
  const some = thin(all, mostPoints);
  const slope = slopePerSecond(some);
  const name = new Set(rounds.map((each) => each.round)).size > 1 ? `${metric.id}, round ${round + 1}` : metric.id;
  const words = describeSlope(slope, metric.unit);
  return figure({
    drawing: seriesPlot({
      id,
      title: `${name} over time`,
      description: words,
      unit: metric.unit,
      points: decimate(all, mostPoints),
      ...(Number.isFinite(slope.value) ? { trend: trendOf(some, slope) } : {}),
      events: marks,
    }),
    sentence: [`${name} over time. ${words}`, ...markSentence({ marks })].join(' '),
    tableTitle: `${name} as a table`,
    data: pointsTable(thin(all, mostRows), metric.unit),
  });
}

const slopePerSecond = (points: Points): Estimate =>
  theilSenSlope(
    points.map(([at]) => at / 1e9),
    points.map(([, value]) => value),
  );

/** The median line: half of the points lie above it. */
function trendOf(points: Points, { value, lo, hi }: Estimate): NonNullable<Parameters<typeof seriesPlot>[0]['trend']> {
  const slope = value / 1e9;
  const intercept = median(points.map(([at, each]) => each - slope * at));
  return { slope, intercept, band: Number.isFinite(lo) && Number.isFinite(hi) ? [lo / 1e9, hi / 1e9] : undefined };
}

function describeSlope({ value, lo, hi }: Estimate, unit: Unit): string {
  if (!Number.isFinite(value)) return 'All of it was seen at one moment, so there is no slope.';
  const size = (amount: number): string => (Number.isFinite(amount) ? formatQuantity(amount, unit) : 'unknown');
  const band = Number.isFinite(lo) && Number.isFinite(hi) ? ', and the band its interval' : '';
  return `The dashed line is the robust slope (Theil and Sen)${band}: ${size(value)} each second, [${size(lo)}, ${size(hi)}].`;
}

const pointsTable = (points: Points, unit: Unit): Markup => {
  const place = seriesPlace(points);
  return table(
    columns('time', 'value#'),
    points.map(([at, value]) => [text(formatDuration(at / 1e6)), text(formatQuantity(value, unit))]),
    points.map(([at]) => place(at)),
  );
};

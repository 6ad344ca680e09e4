import { formatQuantity, median, theilSenSlope, type Estimate, type Unit } from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import { seriesPlot } from '../svg/series-plot.ts';
import type { BenchmarkView, MetricView } from '../view/benchmark-view.ts';
import { formatDuration } from '../view/words.ts';
import { columns, dataTable, table } from './table.ts';

type Points = readonly (readonly [number, number])[];

const finite = (points: Points): Points => points.filter((point) => point.every(Number.isFinite));

/** The slope of more pairs than these would take longer than reading the report. */
const mostPoints = 400;

/** Everything that was recorded over time, one figure a round. */
export function seriesFigures(view: BenchmarkView, id: string): readonly Markup[] {
  return view.metrics.flatMap((metric, m) =>
    metric.rounds.flatMap(({ data, round }) =>
      data.kind === 'series' && finite(data.points).length > 1
        ? [figure(metric, finite(data.points), round, `${id}${m}-${round}`)]
        : [],
    ),
  );
}

function figure({ metric, rounds }: MetricView, all: Points, round: number, id: string): Markup {
  const every = Math.ceil(all.length / mostPoints);
  const points = all.filter((_, i) => i % every === 0);
  const slope = slopePerSecond(points);
  const trend = { slope: slope.value / 1e9, intercept: interceptOf(points, slope.value / 1e9) };
  const name = rounds.length > 1 ? `${metric.id}, round ${round + 1}` : metric.id;
  const words = describeSlope(slope, metric.unit);
  return el(
    'figure',
    {},
    seriesPlot({ id, title: `${name} over time`, description: words, unit: metric.unit, points, trend }),
    el('figcaption', {}, text(`${name} over time. ${words}`)),
    dataTable(`${name} as a table`, pointsTable(points, metric.unit)),
  );
}

const slopePerSecond = (points: Points): Estimate =>
  theilSenSlope(
    points.map(([at]) => at / 1e9),
    points.map(([, value]) => value),
  );

/** The median line: half of the points lie above it. */
const interceptOf = (points: Points, slope: number): number => median(points.map(([at, value]) => value - slope * at));

function describeSlope({ value, lo, hi }: Estimate, unit: Unit): string {
  const size = (amount: number): string => (Number.isFinite(amount) ? formatQuantity(amount, unit) : 'unknown');
  return `The dashed line is the robust slope (Theil and Sen): ${size(value)} each second, [${size(lo)}, ${size(hi)}].`;
}

const pointsTable = (points: Points, unit: Unit): Markup =>
  table(
    columns('time', 'value#'),
    points.map(([at, value]) => [text(formatDuration(at / 1e6)), text(formatQuantity(value, unit))]),
  );

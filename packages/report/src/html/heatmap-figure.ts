import { formatQuantity, median } from '@perfkeel/core';
import { text, type Markup } from '../markup/markup.ts';
import { heatmap } from '../svg/heatmap.ts';
import type { BenchmarkView, MetricView } from '../view/benchmark-view.ts';
import { eventsOf, isDense, seriesOf, viewCourse } from '../view/course-view.ts';
import type { Points } from '../view/decimate.ts';
import { heatGrid, type HeatGrid, type HeatPoint } from '../view/heat-grid.ts';
import { formatDuration, plural } from '../view/words.ts';
import { markSentence } from './event-marks.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

const [mostColumns, leastRows, mostRows] = [120, 12, 40];

/** What was recorded in one round, with the ends of its intervals. */
interface Spread {
  readonly points: Points;
  readonly moments: readonly number[];
  /** How long an interval is. */
  readonly step: number;
}

/** A single moment has no course. */
function spreadsOf(metric: MetricView): readonly Spread[] {
  return seriesOf(metric)
    .filter(({ points }) => isDense(points))
    .map(({ points }) => ({ points, moments: [...new Set(points.map(([at]) => at))] }))
    .filter(({ moments }) => moments.length > 1)
    .map((each) => ({ ...each, step: median(each.moments.slice(1).map((at, i) => at - each.moments[i]!)) }));
}

/** A column for each moment where there are few, and no more rows than a column has values: no gaps between them. */
function gridOf(spreads: readonly Spread[]): HeatGrid | undefined {
  const columns = Math.max(Math.min(...spreads.map(({ moments }) => moments.length), mostColumns), 2);
  const points = spreads.flatMap(inTheMiddle);
  return heatGrid(points, {
    columns,
    rows: Math.min(Math.max(Math.round(points.length / columns), leastRows), mostRows),
    span: [
      Math.min(...spreads.map(({ moments, step }) => startOf(moments[0]!, step))),
      Math.max(...spreads.map(({ moments }) => moments.at(-1)!)),
    ],
  });
}

/** Nothing began before the round; but a series may count from elsewhere. */
const startOf = (first: number, step: number): number => (first >= 0 ? Math.max(first - step, 0) : first - step);

/**
 * Instruments put the values of an interval at its end. In its middle they fall into the column that is theirs, also where
 * a busy machine has ended it a little early or late.
 */
const inTheMiddle = ({ points, step }: Spread): readonly HeatPoint[] =>
  points.map(([at, value]) => [at - step / 2, value] as const);

/** Every metric that has several values a moment, as a heatmap of all rounds together. */
export function heatmapFigures(view: BenchmarkView, id: string): readonly Markup[] {
  const course = viewCourse(view);
  const events = course ? eventsOf(course) : [];
  const tail = course?.panes.some(({ unit }) => unit === 'ns') ? ': its slowest few are in the p99 over time' : '';
  return view.metrics.flatMap((metric, m) => {
    const spreads = spreadsOf(metric);
    const grid = gridOf(spreads);
    if (!grid) return [];
    return [
      figure({
        drawing: heatmap({
          id: `${id}${m}`,
          title: `${metric.metric.id} of ${view.plan.id} over time`,
          description: describe(grid, metric),
          unit: metric.metric.unit,
          grid,
          events,
        }),
        sentence: [sentenceOf(metric, spreads.length, tail), ...(course ? markSentence(course) : [])].join(' '),
        tableTitle: 'Heatmap as a table',
        data: heatTable(grid, metric),
      }),
    ];
  });
}

/** @param tail where the slowest values are to be seen, which quantiles leave out */
const sentenceOf = ({ metric: { id } }: MetricView, rounds: number, tail: string): string =>
  `${id} over time, of ${plural(rounds, 'round')}: each cell is a stretch of time and a range of values, stronger where more values lie; a band that rises is a system that slows down.${
    id === 'response-times' ? ` Every moment counts alike, by evenly spaced quantiles${tail}.` : ''
  }`;

const describe = ({ from, to, low, high }: HeatGrid, { metric }: MetricView): string =>
  `from ${formatDuration(from / 1e6)} to ${formatDuration(to / 1e6)}, values between ${formatQuantity(low, metric.unit)} and ${formatQuantity(high, metric.unit)}`;

/** Quantiles of at most twelve stretches of time. */
function heatTable(grid: HeatGrid, { metric: { unit } }: MetricView): Markup {
  const parts = Math.min(12, grid.counts.length);
  const size = grid.counts[0]!.length;
  const edge = (part: number): number => Math.floor((part * grid.counts.length) / parts);
  const valueOf = (row: number): number => grid.low * (grid.high / grid.low) ** ((row + 0.5) / size);
  const rows = Array.from({ length: parts }, (_, part) => {
    const counts = Array.from({ length: size }, (_, row) =>
      grid.counts.slice(edge(part), edge(part + 1)).reduce((sum, column) => sum + column[row]!, 0),
    );
    const total = counts.reduce((sum, count) => sum + count, 0);
    const begins = grid.from + ((grid.to - grid.from) * edge(part)) / grid.counts.length;
    const cells = [0.1, 0.5, 0.9].map((q) => {
      let seen = 0;
      const row = counts.findIndex((count) => (seen += count) >= q * total && total > 0);
      return text(row < 0 ? '' : formatQuantity(Number(valueOf(row).toPrecision(2)), unit));
    });
    return [text(formatDuration(begins / 1e6)), ...cells];
  });
  return table(columns('from', 'about p10#', 'about p50#', 'about p90#'), rows);
}

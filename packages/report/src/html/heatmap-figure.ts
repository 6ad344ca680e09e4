import { formatQuantity } from '@perfkeel/core';
import { text, type Markup } from '../markup/markup.ts';
import { heatmap } from '../svg/heatmap.ts';
import type { BenchmarkView, MetricView } from '../view/benchmark-view.ts';
import { isDense, seriesOf, viewCourse, type SeriesOfRound } from '../view/course-view.ts';
import { heatGrid, type HeatGrid } from '../view/heat-grid.ts';
import { formatDuration, plural } from '../view/words.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

const most = { columns: 120, rows: 40 } as const;

/** A column for each moment where there are few: no gaps between them. */
const sizeFor = (series: readonly SeriesOfRound[]): { readonly columns: number; readonly rows: number } => ({
  columns: Math.max(Math.min(...series.map(({ points }) => new Set(points.map(([at]) => at)).size), most.columns), 2),
  rows: most.rows,
});

/** Every metric that has several values a moment, as a heatmap of all rounds together. */
export function heatmapFigures(view: BenchmarkView, id: string): readonly Markup[] {
  const events = viewCourse(view)?.events ?? [];
  return view.metrics.flatMap((metric, m) => {
    const dense = seriesOf(metric).filter(({ points }) => isDense(points));
    const grid = heatGrid(
      dense.flatMap(({ points }) => points),
      sizeFor(dense),
    );
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
        sentence: `${metric.metric.id} over time, of ${plural(dense.length, 'round')}: each cell is a stretch of time and a range of values, stronger where more values lie; a band that rises is a system that slows down.`,
        tableTitle: 'Heatmap as a table',
        data: heatTable(grid, metric),
      }),
    ];
  });
}

const describe = ({ from, to, low, high }: HeatGrid, { metric }: MetricView): string =>
  `from ${formatDuration(from / 1e6)} to ${formatDuration(to / 1e6)}, values between ${formatQuantity(low, metric.unit)} and ${formatQuantity(high, metric.unit)}`;

/** Quantiles of at most twelve stretches of time. */
function heatTable(grid: HeatGrid, { metric: { unit } }: MetricView): Markup {
  const parts = Math.min(12, grid.counts.length);
  const edge = (part: number): number => Math.floor((part * grid.counts.length) / parts);
  const valueOf = (row: number): number => grid.low * (grid.high / grid.low) ** ((row + 0.5) / most.rows);
  const rows = Array.from({ length: parts }, (_, part) => {
    const counts = Array.from({ length: most.rows }, (_, row) =>
      grid.counts.slice(edge(part), edge(part + 1)).reduce((sum, column) => sum + column[row]!, 0),
    );
    const total = counts.reduce((sum, count) => sum + count, 0);
    const begins = grid.from + ((grid.to - grid.from) * edge(part)) / grid.counts.length;
    const cells = [0.5, 0.9, 0.99].map((q) => {
      let seen = 0;
      const row = counts.findIndex((count) => (seen += count) >= q * total && total > 0);
      return text(row < 0 ? '' : formatQuantity(Number(valueOf(row).toPrecision(2)), unit));
    });
    return [text(formatDuration(begins / 1e6)), ...cells];
  });
  return table(columns('from', 'about p50#', 'about p90#', 'about p99#'), rows);
}

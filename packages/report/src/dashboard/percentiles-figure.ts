import { formatQuantity, type Unit } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { figure } from '../html/figure.ts';
import { columns, table } from '../html/table.ts';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { bottomAxis, chart, leftAxis, legend, lineStyle, mostLines, polyline, type Frame } from '../svg/chart.ts';
import { valueScale } from '../svg/value-scale.ts';
import { decimate } from '../view/decimate.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import { presentValue } from './series-words.ts';

const width = 720;
const height = 220;
const frame: Frame = { left: 72, right: width - 24, top: 30, bottom: height - 28 };
const mostPoints = 160;

/** Series of one benchmark and metric that differ in their statistic alone: p50, p90, p99. */
export function percentilesFigure(all: readonly DashboardSeries[]): Markup {
  const shown = all.filter(({ points }) => points.length > 1).slice(0, mostLines);
  if (shown.length < 2) return nothing;
  const { unit, key } = shown[0]!;
  const { lines, runs } = linesOf(shown);
  const names = shown.map((series) => series.key.statistic);
  return figure({
    drawing: percentilesPlot(lines, names, runs, unit, `${names.join(', ')} of ${key.metric}`),
    opensAt: 'end',
    sentence: 'Every percentile of the same runs: the band is between the lowest and the highest of them.',
    tableTitle: 'Present values as a table',
    data: table(
      columns('statistic', 'now#', 'runs#'),
      shown.map((series) => [
        text(series.key.statistic),
        text(formatQuantity(presentValue(series), unit)),
        text(series.points.length),
      ]),
    ),
  });
}

/** The values of each series, at the places of their runs among those of all. */
function linesOf(shown: readonly DashboardSeries[]): { readonly lines: readonly Line[]; readonly runs: number } {
  const [{ points: first }, ...others] = shown as readonly [DashboardSeries, ...DashboardSeries[]];
  const alike = others.every(
    ({ points }) => points.length === first.length && points.every(({ run }, i) => run === first[i]!.run),
  );
  const places = alike ? undefined : placesOf(shown);
  const lines = shown.map(({ points }) =>
    points
      .map(({ run, value }, i) => [places?.get(run) ?? i, value] as const)
      .filter(([, value]) => Number.isFinite(value)),
  );
  return { lines, runs: places?.size ?? first.length };
}

/** The runs of all series in their order in time. */
function placesOf(shown: readonly DashboardSeries[]): ReadonlyMap<string, number> {
  const times = new Map(shown.flatMap(({ points }) => points.map(({ run, at }) => [run, at] as const)));
  const ordered = [...times].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  return new Map(ordered.map(([run], i) => [run, i]));
}

type Line = readonly (readonly [place: number, value: number])[];

function percentilesPlot(
  lines: readonly Line[],
  names: readonly string[],
  runs: number,
  unit: Unit,
  title: string,
): Markup {
  const x = scaleLinear()
    .domain([0, Math.max(runs - 1, 1)])
    .range([frame.left + 6, frame.right - 6]);
  const drawn = lines.map((line) => decimate(line, mostPoints));
  const values = drawn.flatMap((line) => line.map(([, value]) => value));
  const y = valueScale(values, values[Math.floor(values.length / 2)] ?? 1, unit, [frame.bottom, frame.top]);
  const placed = drawn.map((line) => line.map(([run, value]) => [x(run), y.place(value)] as const));
  const ticks = x.ticks(6).filter((run) => Number.isInteger(run) && run > 0 && run <= runs);
  const [lowest, highest] = [placed[0]!, placed.at(-1)!];
  return chart(
    { id: 'percentiles', title, description: `${names.length} percentiles over ${runs} runs` },
    width,
    height,
    bottomAxis(
      ticks.map((run) => ({ at: x(run - 1), label: `run ${run}` })),
      frame,
    ),
    leftAxis(y.ticks, frame),
    el('path', { class: 'band', d: `${polyline([...lowest, ...[...highest].reverse()])}Z` }),
    ...placed.map((line, i) => el('path', { class: lineStyle(i), d: polyline(line) })),
    legend(
      names.map((name, i) => ({ name, style: lineStyle(i) })),
      frame,
    ),
  );
}

import { formatNumber, formatQuantity, type Unit } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { decimate } from '../view/decimate.ts';
import { bottomAxis, chart, leftAxis, plotFrame, plotWidth, polyline, type Tick, type ValueChart } from './chart.ts';
import { eventMarks } from './event-marks.ts';
import { closeScale } from './value-scale.ts';

/** Runs between two changes of level. `from` and `to` are places in the values, both included. */
export interface Regime {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

/** A run from which on the level is another. */
export interface TrendChange {
  readonly index: number;
  /** `+14 % at a1b2c3d`. */
  readonly label: string;
  readonly news: 'worse' | 'better' | 'neither';
}

export interface TrendPlot extends ValueChart {
  /** One value a run, oldest first. */
  readonly values: readonly number[];
  readonly regimes: readonly Regime[];
  readonly changes: readonly TrendChange[];
  /** What an objective allows. */
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  /** Where the next run is expected. */
  readonly next?: { readonly lo: number; readonly hi: number } | undefined;
  /** More values are drawn as the least and the greatest of each stretch. @default 600 */
  readonly mostPoints?: number | undefined;
}

const height = 240;
const frame = plotFrame(height, 28, 24);

/** One value a run with the level of every regime, the places where it changed, and the objective. */
export function trendPlot(plot: TrendPlot): Markup {
  const { values, unit, regimes, changes, limit, next, mostPoints = 600 } = plot;
  const x = scaleLinear()
    .domain([0, Math.max(values.length - (next ? 0 : 1), 1)])
    .range([frame.left + 6, frame.right - 6]);
  const shown = [...values, ...(limit ? [limit.value] : []), ...(next ? [next.lo, next.hi] : [])];
  const y = closeScale(shown.filter(Number.isFinite), unit, [frame.bottom, frame.top]);
  const points = decimate(
    values.map((value, i) => [i, value] as const).filter(([, value]) => Number.isFinite(value)),
    mostPoints,
  );
  return chart(
    plot,
    plotWidth,
    height,
    bottomAxis(runTicks(values.length, x), frame),
    leftAxis(y.ticks, frame),
    ...(next ? [expected(next, x(values.length), y.place)] : []),
    ...(limit ? [limitLine(limit, y.place)] : []),
    el('g', { class: values.length > 150 ? 'points small' : 'points' }, dots(points, x, y.place, unit)),
    ...regimes.map((regime) => level(regime, x, y.place)),
    ...changes.map(({ index, label, news }) =>
      el('g', { class: `news ${news}` }, eventMarks([{ at: index - 0.5, label }], x, frame)),
    ),
  );
}

type Place = (value: number) => number;

const runTicks = (count: number, x: Place): readonly Tick[] =>
  scaleLinear()
    .domain([1, Math.max(count, 2)])
    .ticks(Math.min(count, 8))
    .filter((run) => Number.isInteger(run) && run >= 1 && run <= count)
    .map((run) => ({ at: x(run - 1), label: `run ${formatNumber(run)}` }));

const dots = (points: readonly (readonly [number, number])[], x: Place, y: Place, unit: Unit): readonly Markup[] =>
  points.map(([run, value]) =>
    el(
      'circle',
      { cx: x(run), cy: y(value), r: points.length > 150 ? 1.5 : 2.5 },
      ...(points.length > 150 ? [] : [el('title', {}, text(`run ${run + 1}: ${formatQuantity(value, unit)}`))]),
    ),
  );

const level = ({ from, to, level }: Regime, x: Place, y: Place): Markup =>
  el('path', {
    class: 'regime',
    d: polyline([
      [Math.max(x(from - 0.5), frame.left), y(level)],
      [Math.min(x(to + 0.5), frame.right), y(level)],
    ]),
  });

const expected = ({ lo, hi }: { readonly lo: number; readonly hi: number }, at: number, y: Place): Markup =>
  el('line', { class: 'next', x1: at, x2: at, y1: y(lo), y2: y(hi) });

const limitLine = ({ value, label }: NonNullable<TrendPlot['limit']>, y: Place): Markup =>
  el(
    'g',
    { class: 'promise' },
    el('line', { x1: frame.left, x2: frame.right, y1: y(value), y2: y(value) }),
    el('text', { x: frame.right, y: y(value) - 5, 'text-anchor': 'end' }, text(label)),
  );

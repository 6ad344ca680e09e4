import type { Unit } from '@perfkeel/core';
import { el, type Markup } from '../markup/markup.ts';
import { bottomAxis, chart, leftAxis, type ChartLabel, type Frame } from './chart.ts';
import { closeScale, valueScale } from './value-scale.ts';

export interface SeriesPlot extends ChartLabel {
  readonly unit: Unit;
  /** [nanoseconds, value] in order of time. */
  readonly points: readonly (readonly [number, number])[];
  /** A straight line through the points: the value at nanosecond 0, and what each nanosecond adds. */
  readonly trend?: { readonly intercept: number; readonly slope: number } | undefined;
}

const width = 720;
const height = 220;
const frame: Frame = { left: 72, right: width - 16, top: 12, bottom: height - 28 };

/** Values over time as points, with their trend. */
export function seriesPlot(series: SeriesPlot): Markup {
  const { points, unit, trend } = series;
  const times = points.map(([at]) => at);
  const [from, to] = [times[0]!, times.at(-1)!];
  const x = valueScale([0, from, to], to, 'ns', [frame.left, frame.right]);
  const y = closeScale(
    points.map(([, value]) => value),
    unit,
    [frame.bottom, frame.top],
  );
  const at = (time: number): number => y.place(trend!.intercept + trend!.slope * time);
  return chart(
    series,
    width,
    height,
    bottomAxis(x.ticks, frame),
    leftAxis(y.ticks, frame),
    el(
      'g',
      { class: 'points' },
      points.map(([time, value]) => el('circle', { cx: x.place(time), cy: y.place(value), r: 2.5 })),
    ),
    ...(trend ? [el('line', { class: 'trend', x1: x.place(from), x2: x.place(to), y1: at(from), y2: at(to) })] : []),
  );
}

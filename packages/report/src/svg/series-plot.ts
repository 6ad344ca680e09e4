import { el, type Markup } from '../markup/markup.ts';
import { bottomAxis, chart, leftAxis, plotFrame, plotWidth, polyline, type Frame, type ValueChart } from './chart.ts';
import { eventMarks, type ChartEvent } from './event-marks.ts';
import { timeScale } from './time-scale.ts';
import { closeScale, type ValueScale } from './value-scale.ts';

export interface SeriesPlot extends ValueChart {
  /** [nanoseconds, value] in order of time. */
  readonly points: readonly (readonly [number, number])[];
  /** A straight line through the points: the value at nanosecond 0, and what each nanosecond adds. */
  readonly trend?: Trend | undefined;
  /** What happened meanwhile. */
  readonly events?: readonly ChartEvent[] | undefined;
}

export interface Trend {
  readonly intercept: number;
  readonly slope: number;
  /** The least and the greatest slope that the points allow, when they bound it: drawn as a band through their middle. */
  readonly band?: readonly [lo: number, hi: number] | undefined;
}

const height = 220;
const plain = plotFrame(height, 12);
/** Words of events stand above it. */
const below: Frame = { ...plain, top: 26 };

const axisOf = (points: SeriesPlot['points']): ValueScale =>
  timeScale(Math.min(points[0]![0], 0), points.at(-1)![0], [plain.left, plain.right]);

/** Where a moment stands, in pixels from the left edge of the drawing. */
export const seriesPlace = (points: SeriesPlot['points']): ((time: number) => number) => axisOf(points).place;

/** Values over time as points, with their trend. */
export function seriesPlot(series: SeriesPlot): Markup {
  const { points, unit, trend, events = [] } = series;
  const frame = events.length > 0 ? below : plain;
  const times = points.map(([at]) => at);
  const [from, to] = [times[0]!, times.at(-1)!];
  const x = axisOf(points);
  const y = closeScale(
    points.map(([, value]) => value),
    unit,
    [frame.bottom, frame.top],
  );
  const at = (time: number): number => y.place(trend!.intercept + trend!.slope * time);
  const clampY = (place: number): number => Math.min(Math.max(place, frame.top), frame.bottom);
  return chart(
    series,
    plotWidth,
    height,
    bottomAxis(x.ticks, frame),
    leftAxis(y.ticks, frame),
    ...(trend?.band
      ? [slopeBand(trend, trend.band, [from, to], (time, value) => [x.place(time), clampY(y.place(value))])]
      : []),
    el(
      'g',
      { class: 'points' },
      points.map(([time, value]) => el('circle', { cx: x.place(time), cy: y.place(value), r: 2.5 })),
    ),
    ...(trend ? [el('line', { class: 'trend', x1: x.place(from), x2: x.place(to), y1: at(from), y2: at(to) })] : []),
    ...(events.length > 0 ? [eventMarks(events, x.place, frame)] : []),
  );
}

/**
 * The lines of the least and of the greatest slope, which meet in the middle of the points:
 *
 *     \__     __/
 *        ><
 *     /--     --\
 */
function slopeBand(
  { intercept, slope }: Trend,
  [lo, hi]: readonly [number, number],
  [from, to]: readonly [number, number],
  place: (time: number, value: number) => readonly [number, number],
): Markup {
  const middle = (from + to) / 2;
  const level = intercept + slope * middle;
  const corner = (time: number, own: number): readonly [number, number] => place(time, level + own * (time - middle));
  const d = [corner(from, lo), corner(to, lo), corner(to, hi), corner(from, hi)];
  return el('path', { class: 'slope-band', d: `${polyline(d)}Z` });
}

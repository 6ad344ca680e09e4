import { scaleLinear } from 'd3-scale';
import { curveStepBefore, line } from 'd3-shape';
import { el, text, type Markup } from '../markup/markup.ts';
import { supportedQuantiles } from '../view/percentiles.ts';
import { quantilePoints, type WeightedValues } from '../view/weighted-values.ts';
import { quantileName } from '../view/words.ts';
import { bottomAxis, chart, leftAxis, plotFrame, plotWidth, type Frame, type ValueChart } from './chart.ts';
import { valueScale } from './value-scale.ts';

/** An objective on a quantile: the curve must pass below and to the right of its corner, or above and to the left. */
export interface Corner {
  readonly q: number;
  readonly limit: number;
  /** What keeps it: values below the limit, or above it. */
  readonly side: 'below' | 'above';
  readonly fate: 'kept' | 'missed' | 'open';
  readonly label: string;
}

export interface PercentileCurve extends ValueChart {
  readonly pooled: WeightedValues;
  readonly rounds: readonly WeightedValues[];
  readonly corners: readonly Corner[];
  /** Values from here on are only known to be no less: that part of the curve is dotted. @default Infinity */
  readonly boundFrom?: number | undefined;
}

const height = 300;
const plain = plotFrame(height, 12);

/** Every corner below the curve's limit has its label in a row of its own above the drawing. */
const labelRow = 15;
/** Between the lowest row and the drawing, for the uppermost label of the axis. */
const labelGap = 10;

/** More lines than these would only be a smear. */
const mostRounds = 12;

/** How many nines a share has: 0.9 is 1, 0.99 is 2. */
const nines = (q: number): number => -Math.log10(1 - q);

/** Where a quantile of so many values stands, in pixels from the left edge of the drawing. */
export function quantilePlace(total: number): (q: number) => number {
  const end = Math.log10(Math.max(total, 2)) + 0.12;
  const scale = scaleLinear().domain([0, end]).range([plain.left, plain.right]).clamp(true);
  return (q) => scale(q >= 1 ? end : nines(q));
}

/** Values over quantiles on an axis of nines, which gives the tail the room that it deserves. */
export function percentileCurve(curve: PercentileCurve): Markup {
  const { pooled, unit } = curve;
  const corners = [...curve.corners].sort((a, b) => a.q - b.q);
  const top = corners.length === 0 ? plain.top : plain.top + labelGap + labelRow * corners.length;
  const frame = { ...plain, top };
  const x = quantilePlace(pooled.total);
  const limits = corners.map(({ limit }) => limit);
  const ends = [pooled.values[0]!, pooled.values.at(-1)!];
  const y = valueScale([...ends, ...limits], medianOf(pooled), unit, [frame.bottom, frame.top]);
  const on: Drawing = { frame, x, y: y.place };
  const rounds = curve.rounds.length > 1 ? curve.rounds.slice(0, mostRounds) : [];
  const ticks = supportedQuantiles(pooled.total).map((q) => ({ at: x(q), label: quantileName(q) }));
  return chart(
    curve,
    plotWidth,
    height,
    bottomAxis(ticks, frame),
    leftAxis(y.ticks, frame),
    ...corners.map((corner) => cornerArea(corner, on)),
    ...rounds.map((round) => el('path', { class: 'round', d: wholePath(round, on) })),
    ...curves(pooled, curve.boundFrom ?? Infinity, on),
    ...corners.map((corner, i) => cornerLine(corner, i, on)),
  );
}

type Place = (value: number) => number;
type Drawing = { readonly frame: Frame; readonly x: Place; readonly y: Place };

const medianOf = (values: WeightedValues): number => quantilePoints(values).find(([q]) => q >= 0.5)![1];

/** The whole curve, the part without an end as one of its own. */
function curves(pooled: WeightedValues, boundFrom: number, on: Drawing): readonly Markup[] {
  const points = quantilePoints(pooled);
  const known = points.filter(([, value]) => value < boundFrom);
  const start: Point = [0, pooled.values[0]!];
  const parts = [
    { style: 'curve', points: known, from: start },
    { style: 'curve unanswered', points: points.slice(known.length), from: known.at(-1) ?? start },
  ];
  return parts
    .filter(({ points }) => points.length > 0)
    .map(({ style, points, from }) => el('path', { class: style, d: pathOf([from, ...points], on) }));
}

/** A share of all values, and the quantile there. */
type Point = readonly [q: number, value: number];

/** All points of a distribution, from the left edge. */
const wholePath = (values: WeightedValues, on: Drawing): string =>
  pathOf([[0, values.values[0]!], ...quantilePoints(values)], on);

/** Between two shares the quantile is the greater value, so steps; what falls on one pixel column is drawn once. */
function pathOf([first, ...rest]: readonly Point[], { x, y }: Drawing): string {
  const points: [number, number][] = [[x(first![0]), y(first![1])]];
  for (const [q, value] of rest) {
    const point: [number, number] = [x(q), y(value)];
    const last = points.at(-1)!;
    if (points.length > 1 && Math.round(point[0]) === Math.round(last[0])) points.pop();
    points.push(point);
  }
  const draw = line<[number, number]>()
    .x(([at]) => at)
    .y(([, at]) => at)
    .digits(1)
    .curve(curveStepBefore);
  return draw(points) ?? '';
}

const marks = { kept: '✓', missed: '✗', open: '?' } as const;

function cornerArea(corner: Corner, { frame, x, y }: Drawing): Markup {
  const [cx, cy] = [x(corner.q), y(corner.limit)];
  const area =
    corner.side === 'below'
      ? { x: frame.left, y: frame.top, width: cx - frame.left, height: Math.max(cy - frame.top, 0) }
      : { x: cx, y: cy, width: frame.right - cx, height: Math.max(frame.bottom - cy, 0) };
  return el('rect', { class: `forbidden ${corner.fate}`, ...area });
}

/**
 * Rows grow upwards with the quantile: no leg of a corner crosses the label of another.
 *
 *              p99 < 200ms
 *     p95 < 100ms        |
 *     ----------+        |
 *                --------+
 */
function cornerLine(corner: Corner, row: number, { frame, x, y }: Drawing): Markup {
  const [cx, cy] = [x(corner.q), y(corner.limit)];
  const labelY = frame.top - labelGap - 2 - row * labelRow;
  const words = `${marks[corner.fate]} ${corner.label}`;
  const d =
    corner.side === 'below'
      ? `M${frame.left},${cy.toFixed(1)}H${cx.toFixed(1)}V${labelY - 10}`
      : `M${cx.toFixed(1)},${labelY - 10}V${frame.bottom}M${cx.toFixed(1)},${cy.toFixed(1)}H${frame.right}`;
  return el(
    'g',
    { class: `corner ${corner.fate}` },
    el('path', { d }),
    el('text', labelPlace(words, cx, labelY, frame), text(words)),
  );
}

/** Left of the corner's leg where there is room, else right of it. */
const labelPlace = (
  words: string,
  cx: number,
  y: number,
  { left }: Frame,
): Readonly<Record<string, string | number>> =>
  cx - 6 - words.length * 6.6 >= left - 64
    ? { x: cx - 6, y, 'text-anchor': 'end' }
    : { x: cx + 6, y, 'text-anchor': 'start' };

import { formatNumber } from '@perfkeel/core';
import { scaleLog } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { extentOf } from '../view/extent.ts';
import {
  bottomAxis,
  chart,
  leftAxis,
  lineLegend,
  lineStyle,
  mostLines,
  plotFrame,
  plotWidth,
  polyline,
  type LinesChart,
} from './chart.ts';
import { logarithmicTicks } from './value-scale.ts';

/** One benchmark over its sizes. */
export interface ScalingLine {
  readonly name: string;
  /** [size, cost], both above 0, in ascending order of size. */
  readonly points: readonly (readonly [number, number])[];
}

export type ScalingPlot = LinesChart<ScalingLine>;

const height = 280;
const frame = plotFrame(height, 28, 30);

/** Costs over sizes, both on logarithmic axes: a straight line of slope 1 doubles when the size doubles. */
export function scalingPlot(plot: ScalingPlot): Markup {
  const lines = plot.lines.slice(0, mostLines);
  const points = lines.flatMap((line) => line.points);
  const [from, to] = extentOf(points.map(([size]) => size));
  const [low, high] = extentOf(points.map(([, cost]) => cost));
  const x = scaleLog()
    .domain([from, to > from ? to : from * 2])
    .range([frame.left + 10, frame.right]);
  const [bottom, top] = [low / 1.3, Math.max(high * 1.3, low * 2)];
  const y = scaleLog().domain([bottom, top]).range([frame.bottom, frame.top]);
  const sizes = [...new Set(points.map(([size]) => size))].sort((a, b) => a - b);
  return chart(
    plot,
    plotWidth,
    height,
    bottomAxis(
      sizes.map((size) => ({ at: x(size), label: formatNumber(size) })),
      frame,
    ),
    leftAxis(logarithmicTicks(y, bottom, top, plot.unit), frame),
    lineLegend(lines, frame),
    ...lines.map((line, i) => drawn(line, i, x, y)),
  );
}

type Place = (value: number) => number;

function drawn({ name, points }: ScalingLine, index: number, x: Place, y: Place): Markup {
  const places = points.map(([size, cost]) => [x(size), y(cost)] as const);
  return el(
    'g',
    {},
    el('title', {}, text(name)),
    el('path', { class: lineStyle(index), d: polyline(places) }),
    el(
      'g',
      { class: `dots s${index}` },
      places.map(([cx, cy]) => el('circle', { cx, cy, r: 3.5 })),
    ),
  );
}

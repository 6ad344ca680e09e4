import { formatQuantity, median, type Estimate } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { extentOf, greatestOf } from '../view/extent.ts';
import {
  bottomAxis,
  chart,
  leftAxis,
  legend,
  plotFrame,
  plotWidth,
  polyline,
  type ChartLabel,
  type Frame,
} from './chart.ts';
import { anchorAt } from './event-marks.ts';
import { valueScale } from './value-scale.ts';

/** One rate that was tried. */
export interface Trial {
  /** Requests per second that were sent, and that were answered well. */
  readonly rate: number;
  readonly throughput?: number | undefined;
  /** The 99th percentile of the response time, in nanoseconds. */
  readonly p99?: number | undefined;
}

export interface KneePlot extends ChartLabel {
  readonly trials: readonly Trial[];
  /** The highest rate that kept its objectives, per second. */
  readonly capacity?: Pick<Estimate, 'value' | 'lo' | 'hi'> | undefined;
}

const height = 348;
const lower = plotFrame(height, 190);
const upper: Frame = { ...lower, top: 26, bottom: 156 };

/**
 * Where a system stops to keep up: above, what was answered against what was asked, which leaves the straight line at the
 * knee; below, the p99 at each rate. What lies left of the capacity is shaded.
 */
export function kneePlot(plot: KneePlot): Markup {
  const { capacity } = plot;
  const trials = [...plot.trials].sort((a, b) => a.rate - b.rate);
  const rates = trials.map(({ rate }) => rate);
  const most = greatestOf([...rates, ...(capacity ? [capacity.value] : [])], 0) * 1.06;
  const x = scaleLinear().domain([0, most]).range([upper.left, upper.right]).clamp(true);
  const ticks = x.ticks(8).map((rate) => ({ at: x(rate), label: rate === 0 ? '0' : formatQuantity(rate, '1/s') }));
  return chart(
    plot,
    plotWidth,
    height,
    ...(capacity ? [sustained(capacity, x)] : []),
    bottomAxis(ticks, { ...lower, top: upper.top }),
    answered(trials, most, x),
    times(trials, x),
    ...(capacity ? [capacityMark(capacity, x)] : []),
  );
}

type Place = (value: number) => number;

const sustained = ({ value }: { readonly value: number }, x: Place): Markup =>
  el('rect', { class: 'sustained', x: x(0), width: x(value) - x(0), y: upper.top, height: lower.bottom - upper.top });

function answered(trials: readonly Trial[], most: number, x: Place): Markup {
  const known = trials.flatMap(({ rate, throughput }) =>
    throughput === undefined ? [] : [[rate, throughput] as const],
  );
  const top = Math.max(extentOf(known.map(([, answers]) => answers))[1], most);
  const y = valueScale([0, top / 1.05], top, '1/s', [upper.bottom, upper.top]);
  const styles = [
    { name: 'answered', style: 'line s0' },
    { name: 'asked', style: 'line intended' },
  ];
  return el(
    'g',
    {},
    leftAxis(y.ticks, upper),
    legend(styles, upper),
    el('path', { class: 'line intended', d: polyline([0, most].map((rate) => [x(rate), y.place(rate)])) }),
    ...dotted(known, x, y.place, 's0'),
  );
}

function times(trials: readonly Trial[], x: Place): Markup {
  const known = trials.flatMap(({ rate, p99 }) => (p99 === undefined ? [] : [[rate, p99] as const]));
  if (known.length === 0) return el('g', {});
  const values = known.map(([, p99]) => p99);
  const y = valueScale(values, extentOf(values)[0] * 2, 'ns', [lower.bottom, lower.top]);
  return el(
    'g',
    {},
    leftAxis(y.ticks, lower),
    legend([{ name: 'p99 of response-time', style: 'line s0' }], lower),
    ...dotted(known, x, y.place, 's0'),
  );
}

const dotted = (points: readonly (readonly [number, number])[], x: Place, y: Place, style: string): Markup[] => [
  el('path', { class: `line ${style}`, d: polyline(middles(points).map(([rate, value]) => [x(rate), y(value)])) }),
  el(
    'g',
    { class: `dots ${style}` },
    points.map(([rate, value]) => el('circle', { cx: x(rate), cy: y(value), r: 3.5 })),
  ),
];

/** A rate that was tried several times is one corner of the line. */
function middles(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const values = new Map<number, number[]>();
  for (const [rate, value] of points) values.set(rate, [...(values.get(rate) ?? []), value]);
  return [...values].map(([rate, all]) => [rate, median(all)]);
}

function capacityMark({ value, lo, hi }: Pick<Estimate, 'value' | 'lo' | 'hi'>, x: Place): Markup {
  const words = `capacity ${formatQuantity(value, '1/s')}`;
  const at = x(value);
  const bounded = Number.isFinite(lo) && Number.isFinite(hi);
  return el(
    'g',
    { class: 'capacity' },
    ...(bounded ? [el('line', { class: 'span', x1: x(lo), x2: x(hi), y1: upper.bottom, y2: upper.bottom })] : []),
    el('line', { x1: at, x2: at, y1: upper.top, y2: lower.bottom }),
    el('text', { x: at + 4, y: lower.top - 8, 'text-anchor': anchorAt(at, words, upper) }, text(words)),
  );
}

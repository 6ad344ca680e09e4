import { formatChange, type Decision, type Estimate } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { bottomAxis, chart, leftAxis, plotFrame, plotWidth, polyline, type ChartLabel } from './chart.ts';

/** The change of one percentile from base to head, a ratio. */
export interface Shift {
  /** `p50`, `p99`. */
  readonly name: string;
  readonly effect: Pick<Estimate, 'value' | 'lo' | 'hi'>;
  readonly decision: Decision;
}

export interface ShiftPlot extends ChartLabel {
  /** From the lowest percentile to the highest. */
  readonly shifts: readonly Shift[];
  /** The change at the upper end of the axis, as a ratio; the lower end is as far below 0. */
  readonly reach: number;
  readonly noChange: number;
}

const height = 220;
const frame = plotFrame(height, 14);

/**
 * The shift function (Doksum, 1974; Rousselet, Pernet, Wilcox, 2017): how much each percentile changed. A flat line is a
 * change of everything, one that rises to the right a change of the tail.
 */
export function shiftPlot(plot: ShiftPlot): Markup {
  const { shifts, reach, noChange } = plot;
  const y = scaleLinear().domain([-reach, reach]).range([frame.bottom, frame.top]).clamp(true);
  const step = (frame.right - frame.left) / shifts.length;
  const x = (index: number): number => frame.left + step * (index + 0.5);
  const ticks = y.ticks(6).map((ratio) => ({ at: y(ratio), label: ratio === 0 ? '0' : formatChange(ratio) }));
  const names = shifts.map(({ name }, i) => ({ at: x(i), label: name }));
  const zone = { x: frame.left, width: frame.right - frame.left, y: y(noChange), height: y(-noChange) - y(noChange) };
  return chart(
    plot,
    plotWidth,
    height,
    el('rect', { class: 'zone', ...zone }),
    bottomAxis(names, frame),
    leftAxis(ticks, frame),
    el('line', { class: 'zero', x1: frame.left, x2: frame.right, y1: y(0), y2: y(0) }),
    el('path', { class: 'line shift', d: polyline(shifts.map(({ effect }, i) => [x(i), y(effect.value)])) }),
    ...shifts.map((shift, i) => bar(shift, x(i), y)),
  );
}

function bar({ name, effect, decision }: Shift, at: number, y: (ratio: number) => number): Markup {
  const [lo, hi] = [y(effect.lo), y(effect.hi)];
  return el(
    'g',
    { class: decision },
    el('title', {}, text(`${name}: ${formatChange(effect.value)}`)),
    el('line', { class: 'interval', x1: at, x2: at, y1: lo, y2: hi }),
    el('circle', { class: 'effect', cx: at, cy: y(effect.value), r: 4.5 }),
  );
}

import type { Decision, Estimate } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { chart, type ChartLabel } from './chart.ts';

/** A symmetric axis of relative changes, shared by the rows of a forest plot. */
export interface EffectAxis {
  /** The change at both ends, as a ratio. */
  readonly reach: number;
  readonly noChange: number;
}

const width = 240;
const height = 26;

const scaleOf = ({ reach }: EffectAxis): ((ratio: number) => number) =>
  scaleLinear()
    .domain([-reach, reach])
    .range([8, width - 8])
    .clamp(true);

const zone = (axis: EffectAxis, bottom: number): readonly Markup[] => {
  const x = scaleOf(axis);
  const [from, to] = [x(-axis.noChange), x(axis.noChange)];
  return [
    el('rect', { class: 'zone', x: from, y: 0, width: to - from, height: bottom }),
    el('line', { class: 'zero', x1: x(0), x2: x(0), y1: 0, y2: bottom }),
  ];
};

/** One row of a forest plot: the change, its interval, and the zone that counts as none. */
export function effectStrip(
  label: ChartLabel,
  effect: Pick<Estimate, 'value' | 'lo' | 'hi'>,
  decision: Decision,
  axis: EffectAxis,
): Markup {
  const x = scaleOf(axis);
  const middle = height / 2;
  const [from, to, at] = [x(effect.lo), x(effect.hi), x(effect.value)];
  return chart(
    label,
    width,
    height,
    ...zone(axis, height),
    el('line', { class: `interval ${decision}`, x1: from, x2: to, y1: middle, y2: middle }),
    ...(effect.lo >= -axis.reach ? [whisker(from, decision)] : []),
    ...(effect.hi <= axis.reach ? [whisker(to, decision)] : []),
    el('circle', { class: `effect ${decision}`, cx: at, cy: middle, r: 4.5 }),
  );
}

const whisker = (at: number, decision: Decision): Markup =>
  el('line', { class: `interval ${decision}`, x1: at, x2: at, y1: height / 2 - 5, y2: height / 2 + 5 });

/** The labels of the axis, for the head of the table. */
export function effectAxis(label: ChartLabel, axis: EffectAxis): Markup {
  const x = scaleOf(axis);
  const percent = Math.round(axis.reach * 100);
  const place = (ratio: number, words: string, anchor: string): Markup =>
    el('text', { x: x(ratio), y: 13, 'text-anchor': anchor }, text(words));
  return chart(
    label,
    width,
    18,
    place(-axis.reach, `−${percent} %`, 'start'),
    place(0, '0', 'middle'),
    place(axis.reach, `+${percent} %`, 'end'),
  );
}

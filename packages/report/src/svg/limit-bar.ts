import type { Judgement } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, type Markup } from '../markup/markup.ts';
import { chart, type ChartLabel } from './chart.ts';

const width = 130;
const height = 22;

/** Of the dot of a value, which stays whole at either edge. */
const radius = 4;
const edge = radius + 1;

/** Where the limit stands on every bar, so that bars of one table can be compared by eye. */
const limitAt = 0.7;

/**
 * A value with its interval against its limit; `undefined` where there is no scale, as for a limit of 0. What lies
 * beyond the bar ends at its edge.
 */
export function limitBar(
  label: ChartLabel,
  { estimate, limit, comparator }: Judgement,
  kind: string,
): Markup | undefined {
  if (!estimate || !(limit > 0) || comparator === '=' || Number.isNaN(estimate.value)) return undefined;
  const x = scaleLinear()
    .domain([0, limit / limitAt])
    .range([edge, width - edge])
    .clamp(true);
  const place = (value: number): number => (value === Infinity ? width - edge : value === -Infinity ? edge : x(value));
  const middle = height / 2;
  const limitX = x(limit);
  const keeps = comparator.startsWith('<') ? { x: 2, width: limitX - 2 } : { x: limitX, width: width - 2 - limitX };
  const [from, to] = [place(estimate.lo), place(estimate.hi)];
  return chart(
    label,
    width,
    height,
    el('rect', { class: 'room', y: middle - 5, height: 10, ...keeps }),
    el('line', { class: 'limit', x1: limitX, x2: limitX, y1: 2, y2: height - 2 }),
    el('line', { class: `reach ${kind}`, x1: from, x2: to, y1: middle, y2: middle }),
    el('circle', { class: `value ${kind}`, cx: place(estimate.value), cy: middle, r: radius }),
  );
}

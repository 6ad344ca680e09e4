import { scaleLinear } from 'd3-scale';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { polyline, tenth } from '../svg/chart.ts';
import { extentOf } from '../view/extent.ts';

const [width, height] = [150, 26] as const;

/** What is steady must not look violent: the least span, as a share of the middle. */
const leastSpan = 0.2;

/** A small line without axes. */
export function sparkline(points: readonly (readonly [number, number])[], title: string): Markup {
  if (points.length < 2) return nothing;
  const [low, high] = extentOf(points.map(([, value]) => value));
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2, (Math.abs(middle) * leastSpan) / 2) || 1;
  const x = scaleLinear()
    .domain([points[0]![0], points.at(-1)![0]])
    .range([2, width - 4]);
  const y = scaleLinear()
    .domain([middle - half, middle + half])
    .range([height - 3, 3]);
  const placed = points.map(([at, value]) => [x(at), y(value)] as const);
  const [endX, endY] = placed.at(-1)!;
  return el(
    'svg',
    { class: 'spark', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    el('title', {}, text(title)),
    el('path', { d: polyline(placed) }),
    el('circle', { cx: tenth(endX), cy: tenth(endY), r: 2 }),
  );
}

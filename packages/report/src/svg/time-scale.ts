import { formatQuantity } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { formatDuration } from '../view/words.ts';
import type { ValueScale } from './value-scale.ts';

const second = 1e9;

/** Steps that clocks have, in nanoseconds, from a second on. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * second,
);

/**
 * A linear scale of times since something began, in nanoseconds, with ticks at round times: `30 s`, `5m 00s`, `2h 00m`.
 *
 * @param range pixels of `from` and `to`
 */
export function timeScale(from: number, to: number, range: readonly [number, number], most = 7): ValueScale {
  const end = to > from ? to : from + 1;
  const place = scaleLinear().domain([from, end]).range(range);
  const step = steps.find((size) => (end - from) / size <= most) ?? 86_400 * second;
  const values = end - from < 2 * second ? place.ticks(5) : multiples(from, end, step, most);
  return { place, ticks: values.map((value) => ({ at: place(value), label: timeLabel(value) })) };
}

function multiples(from: number, to: number, step: number, most: number): readonly number[] {
  const size = step * Math.ceil((to - from) / step / most);
  const values: number[] = [];
  for (let at = Math.ceil(from / size) * size; at <= to; at += size) values.push(at);
  return values;
}

const timeLabel = (ns: number): string =>
  ns === 0 ? '0' : ns < 60 * second ? formatQuantity(ns, 'ns') : formatDuration(ns / 1e6).replace(/ 00[sm]$/, '');

import { formatQuantity, type Unit } from '@perfkeel/core';
import { scaleLinear, scaleLog } from 'd3-scale';
import { extentOf } from '../view/extent.ts';
import type { Tick } from './chart.ts';

/** A scale for measured values with labelled ticks. */
export interface ValueScale {
  readonly place: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** From this ratio of the greatest to a typical value a linear axis would hide the typical ones. */
const logarithmicFrom = 25;

/**
 * A scale over `values`, logarithmic when the greatest is far beyond `typical`. A linear one begins at 0.
 *
 * @param range pixels of the least and of the greatest value
 */
export function valueScale(
  values: readonly number[],
  typical: number,
  unit: Unit,
  range: readonly [number, number],
): ValueScale {
  const known = values.filter(Number.isFinite);
  const [low, high] = extentOf(known);
  if (low > 0 && high > typical * logarithmicFrom) {
    const scale = scaleLog()
      .domain([low / 1.1, high * 1.1])
      .range(range);
    return { place: scale, ticks: ticksOf(scale, logTicks(low / 1.1, high * 1.1), unit) };
  }
  const scale = scaleLinear()
    .domain([Math.min(0, low), high > 0 ? high * 1.05 : 1])
    .range(range);
  return { place: scale, ticks: ticksOf(scale, scale.ticks(5), unit) };
}

/**
 * A scale around `values` that need not hold 0, with a span of at least a tenth of their middle: what is steady must
 * not look violent.
 */
export function closeScale(values: readonly number[], unit: Unit, range: readonly [number, number]): ValueScale {
  const [low, high] = extentOf(values);
  const middle = (low + high) / 2;
  // Around nothing but zeros any span will do, but not one so small that ticks cannot be told apart.
  const half = Math.max((high - low) * 0.55, Math.abs(middle) * 0.05) || 1;
  const scale = scaleLinear()
    .domain([middle - half, middle + half])
    .range(range)
    .nice(4);
  return { place: scale, ticks: ticksOf(scale, scale.ticks(4), unit) };
}

const ticksOf = (scale: (value: number) => number, values: readonly number[], unit: Unit): readonly Tick[] =>
  values.map((value) => ({ at: scale(value), label: value === 0 ? '0' : formatQuantity(value, unit) }));

/** The ticks of a logarithmic scale that the caller made. */
export const logarithmicTicks = (
  scale: (value: number) => number,
  low: number,
  high: number,
  unit: Unit,
): readonly Tick[] => ticksOf(scale, logTicks(low, high), unit);

/** 1, 2 and 5 of each power of ten; only the powers where that would be too many. */
function logTicks(low: number, high: number): readonly number[] {
  const powers: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) powers.push(10 ** power);
  const inside = (steps: readonly number[]): readonly number[] =>
    powers.flatMap((power) => steps.map((step) => step * power)).filter((value) => value >= low && value <= high);
  const fine = inside([1, 2, 5]);
  // Between two powers there may be none of them.
  if (fine.length < 2)
    return scaleLinear()
      .domain([low, high])
      .ticks(4)
      .filter((value) => value > 0);
  return fine.length <= 7 ? fine : inside([1]);
}

import {
  differenceFrom,
  formatChange,
  formatDifference,
  formatNumber,
  formatQuantity,
  median,
  smallestBase,
  type Difference,
  type Estimate,
  type Unit,
} from '@perfkeel/core';
import { isRatio } from './effect.ts';

/** How a change between these rounds is told, as `differenceFrom`; `undefined` also when nothing is known of base. */
export function differenceOf(unit: Unit, base: readonly number[], head: readonly number[]): Difference | undefined {
  if (base.length === 0 || isRatio(unit, base, head)) return undefined;
  const size = Math.abs(median(base));
  return differenceFrom(unit, size, size < smallestBase(unit));
}

/** `+14.6 %`; as a difference `+99.0 points` or `+56 B/op`. */
export function describeChange(ratio: number, difference?: Difference): string {
  if (difference === undefined) return formatChange(ratio);
  return formatDifference(ratio * difference.whole, difference.unit);
}

/** `+14.6 % [+11.2 %, +18.1 %]`, `+99.0 points [+98.1, +99.5]`, `+56 B/op [+52 B/op, +60 B/op]`. */
export function describeEffect(
  { value, lo, hi }: Pick<Estimate, 'value' | 'lo' | 'hi'>,
  difference?: Difference,
): string {
  const said = describeChange(value, difference);
  const end = (ratio: number): string => describeChange(ratio, difference).replace(' points', '');
  return Number.isFinite(hi) ? `${said} [${end(lo)}, ${end(hi)}]` : said;
}

/** A difference without its sign, as a limit is written: `0.25 points`, `64 B/op`. */
export function describeSize(value: number, unit: Unit): string {
  if (unit !== 'ratio') return formatQuantity(value, unit);
  const points = formatNumber(value * 100);
  return `${points} point${points === '1' ? '' : 's'}`;
}

/** How much a limit leaves: `5 %`; where changes are differences, what that comes to, `0.8 B/op (5 % of 16 B/op)`. */
export function describeLimit(limit: number, difference?: Difference): string {
  const share = `${Number((limit * 100).toPrecision(6))} %`;
  if (difference === undefined) return share;
  return `${describeSize(limit * difference.whole, difference.unit)} (${share} of ${formatQuantity(difference.whole, difference.unit)})`;
}

import { median, readQuantity, usageError, type Comparison, type Quantity } from '@perfkeel/core';
import { describeChange, describeLimit, describeSize, differenceOf } from '../compare/difference.ts';

/**
 * How large a change may be that is accepted; of any size when both are absent. One that reports tell as no more than this
 * is meant, too: whoever accepts `+3.0 points` read that number, and not the 3.04 behind it.
 */
export interface AcceptedSize {
  /** The largest change that is meant, relative to base and without sign; absent when any is. */
  readonly max?: number | undefined;
  /** The same as a difference, in the unit of the metric: 0.03 `ratio` are 3 points of a share. Other units are not meant. */
  readonly maxDifference?: Quantity | undefined;
}

const points = /^(\d+(?:\.\d+)?)\s*points?$/;

/** A size without its sign, whether typed or copied from a report, which has its own minus and groups digits: `−1 234 B`. */
const unsigned = (text: string): string =>
  text
    .trim()
    .replace(/^[+−-]/, '')
    .trim()
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, '');

function pointsIn(size: string): number | undefined {
  const [, share] = points.exec(size) ?? [];
  return share === undefined ? undefined : Number(share) / 100;
}

/**
 * Reads `+12%`, a change relative to base, or a difference as reports tell it: `+3 points` of a share, `+64B/op`, `+5ms`.
 * The sign is for people.
 *
 * @throws PerfError `bad-quantity`, exit code 2
 */
export function parseMax(text: string): AcceptedSize {
  const size = unsigned(text);
  const share = pointsIn(size);
  if (share !== undefined) return { maxDifference: { value: share, unit: 'ratio' } };
  const quantity = readQuantity(size);
  // A bare number is more often a forgotten sign than a count.
  if (quantity === undefined || quantity.unit === 'count' || quantity.value < 0) {
    throw usageError(`${JSON.stringify(text)} is no size of a change`, {
      code: 'bad-quantity',
      hint: 'Write +12% of base, or a difference as the report tells it: "+3 points", +64B/op, +5ms.',
    });
  }
  return quantity.unit === 'ratio' ? { max: quantity.value } : { maxDifference: quantity };
}

/** `12 %`, `3 points`, `64 B/op`; `undefined` when any size is meant. */
export function describeMax({ max, maxDifference }: AcceptedSize): string | undefined {
  const bounds = [
    ...(max === undefined ? [] : [describeLimit(max)]),
    ...(maxDifference === undefined ? [] : [describeSize(maxDifference.value, maxDifference.unit)]),
  ];
  return bounds.length === 0 ? undefined : bounds.join(' and ');
}

/** Sums of decimals are off in their last digit: in binary, 0.53 is more than 0.03 above 0.5. */
const rounding = 1 + 1e-9;

/** NaN, of a side without values, is within nothing. */
function isWithin(size: number, told: string, most: number): boolean {
  const words = unsigned(told);
  return Math.min(size, pointsIn(words) ?? readQuantity(words)?.value ?? size) <= most * rounding;
}

/** Why a change is not of an accepted size, in words; `undefined` when it is. */
export function exceeding(comparison: Comparison, { max, maxDifference }: AcceptedSize): string | undefined {
  if (max === undefined && maxDifference === undefined) return undefined;
  const { effect, unit, base, head, metric } = comparison;
  if (effect === undefined) {
    return `a change of unknown size is not within the ${describeMax({ max, maxDifference })} accepted`;
  }
  const difference = differenceOf(unit, base, head);
  const size = Math.abs(effect.value);
  const told = describeChange(effect.value, difference);
  const unitOfSize = difference?.whole ?? 1;
  if (max !== undefined && !isWithin(size * unitOfSize, told, max * unitOfSize)) {
    return `${told} is more than the ${describeLimit(max, difference)} accepted`;
  }
  if (maxDifference === undefined) return undefined;
  const most = describeSize(maxDifference.value, maxDifference.unit);
  if (maxDifference.unit !== unit) {
    return `${told} of ${metric} has another unit than the ${most} accepted`;
  }
  const whole = difference?.whole ?? Math.abs(median(base));
  const toldDifference = describeChange(effect.value, { unit, whole });
  if (isWithin(size * whole, toldDifference, maxDifference.value)) return undefined;
  return `${toldDifference} is more than the ${most} accepted`;
}

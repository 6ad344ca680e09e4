import { formatChange, median, smallestBase, type Comparison, type Estimate, type Unit } from '@perfkeel/core';
import { formatEffect } from './words.ts';

type Effect = Pick<Estimate, 'value' | 'lo' | 'hi'>;

/** A change as people are told it. */
export interface ShownEffect extends Effect {
  /** Whether it is a difference in points of a share, 1 being 100 points, and not relative to base. */
  readonly points: boolean;
}

/**
 * A relative change as it is; that of a share as the difference in points that it is, since from nothing to everything is
 * not `+10 000 %` of anything.
 *
 * @param base the median of the rounds of base
 */
export function shownEffect({ value, lo, hi }: Effect, unit: Unit, base: number | undefined): ShownEffect {
  if (unit !== 'ratio' || base === undefined) return { value, lo, hi, points: false };
  const scale = Math.max(Math.abs(base), smallestBase(unit));
  return { value: value * scale, lo: lo * scale, hi: hi * scale, points: true };
}

export const effectShown = ({ effect, unit, base }: Comparison): ShownEffect | undefined =>
  effect && shownEffect(effect, unit, base.length > 0 ? median(base) : undefined);

/** `+14.2 % [10.7, 17.7]`, or `+99.0 points [97.1, 100]`. */
export function shownWords(effect: ShownEffect): string {
  if (!effect.points) return formatEffect(effect);
  const bare = (share: number): string => formatChange(share).replace(/^\+| %$/g, '');
  const { lo, hi } = effect;
  const isBounded = Number.isFinite(lo) && Number.isFinite(hi);
  return `${sizeWords(effect)} ${isBounded ? `[${bare(lo)}, ${bare(hi)}]` : '[no interval]'}`;
}

/** `+14.2 %`, `+99.0 points`. */
export const sizeWords = ({ value, points }: ShownEffect): string =>
  points ? formatChange(value).replace(' %', ' points') : formatChange(value);

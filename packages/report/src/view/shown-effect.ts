import {
  differenceFrom,
  formatChange,
  formatDifference,
  isSmallBase,
  median,
  type Comparison,
  type Estimate,
  type Unit,
} from '@perfkeel/core';
import { formatEffect } from './words.ts';

type Effect = Pick<Estimate, 'value' | 'lo' | 'hi'>;

/** A change, and whether base was too small for it to be relative to base. */
export interface GivenEffect extends Effect {
  readonly smallBase?: true | undefined;
}

/** A change as people are told it. What is drawn of it is relative, as the limits are that it is held against. */
export interface ShownEffect extends Effect {
  /** In words it is a difference; absent when it is relative to base. */
  readonly difference?: { readonly unit: Unit; readonly value: number; readonly lo: number; readonly hi: number };
}

/**
 * A relative change as it is; that of a share as the difference in points that it is, since from nothing to everything is
 * not `+10 000 %` of anything; and that from next to nothing as the difference, for the same reason.
 *
 * @param base the median of the rounds of base
 */
export function shownEffect(given: GivenEffect, unit: Unit, base: number | undefined): ShownEffect {
  const { value, lo, hi } = given;
  const isSmall = given.smallBase === true;
  const difference = base === undefined && !isSmall ? undefined : differenceFrom(unit, base ?? 0, isSmall);
  if (difference === undefined) return { value, lo, hi };
  const { whole } = difference;
  return { value, lo, hi, difference: { unit, value: value * whole, lo: lo * whole, hi: hi * whole } };
}

/** A change with what is known of its base. */
export const givenEffect = (effect: Estimate): GivenEffect => {
  const { value, lo, hi } = effect;
  return { value, lo, hi, ...(isSmallBase(effect) ? { smallBase: true } : {}) };
};

export const effectShown = ({ effect, unit, base }: Comparison): ShownEffect | undefined =>
  effect && shownEffect(givenEffect(effect), unit, base.length > 0 ? median(base) : undefined);

/** `+14.2 % [10.7, 17.7]`, `+99.0 points [97.1, 100]` or `+56 B/op [52 B/op, 60 B/op]`. */
export function shownWords(effect: ShownEffect): string {
  const { difference } = effect;
  if (!difference) return formatEffect(effect);
  const bare = (value: number): string => formatDifference(value, difference.unit).replace(/^\+| points$/g, '');
  const { lo, hi } = difference;
  const isBounded = Number.isFinite(lo) && Number.isFinite(hi);
  return `${sizeWords(effect)} ${isBounded ? `[${bare(lo)}, ${bare(hi)}]` : '[no interval]'}`;
}

/** `+14.2 %`, `+99.0 points`, `+56 B/op`. */
export const sizeWords = ({ value, difference }: ShownEffect): string =>
  difference ? formatDifference(difference.value, difference.unit) : formatChange(value);

import {
  formatChange,
  formatMinutes,
  formatNumber,
  formatQuantity,
  type Estimate,
  type Run,
  type Unit,
} from '@perfkeel/core';

/** `1 objective`, `2 objectives`. */
export const plural = (count: number, noun: string): string =>
  `${formatNumber(count)} ${count === 1 ? noun : `${noun}s`}`;

/** `850 ms`, `12.3 s`, `4m 12s`, `1h 03m`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'unknown time';
  return ms < 59_950 ? formatQuantity(ms * 1e6, 'ns') : formatMinutes(ms / 1000);
}

/** How long a run took; empty where nobody knows, as of many an imported one. */
export const tookWords = ({ durationMs }: Pick<Run, 'durationMs'>): readonly string[] =>
  durationMs === 0 ? [] : [formatDuration(durationMs)];

/** `[112 ms, 126 ms]`; an open end says so. */
export function formatInterval({ lo, hi }: Pick<Estimate, 'lo' | 'hi'>, unit: Unit): string {
  if (lo === -Infinity && hi === Infinity) return 'no interval';
  if (hi === Infinity) return `at least ${formatQuantity(lo, unit)}`;
  if (lo === -Infinity) return `at most ${formatQuantity(hi, unit)}`;
  return `[${formatQuantity(lo, unit)}, ${formatQuantity(hi, unit)}]`;
}

const percentBound = (ratio: number): string => {
  const percent = ratio * 100;
  const digits = Math.abs(percent) >= 100 ? 0 : 1;
  const text = Math.abs(percent).toFixed(digits);
  return percent < 0 && text !== '0.0' ? `−${text}` : text;
};

/** Whether both ends of a relative change are known: below -100 % there is nothing to know. */
export const isBounded = ({ lo, hi }: Pick<Estimate, 'lo' | 'hi'>): boolean => lo > -1 && Number.isFinite(hi);

/** A relative change with its interval: `+190 % [180, 200]`. */
export function formatEffect(effect: Pick<Estimate, 'value' | 'lo' | 'hi'>): string {
  const interval = isBounded(effect) ? `[${percentBound(effect.lo)}, ${percentBound(effect.hi)}]` : '[no interval]';
  return `${formatChange(effect.value)} ${interval}`;
}

/** A share as people write it, in two digits: `25 %`, `6.7 %`. */
export const formatShare = (share: number): string => formatQuantity(Number(share.toPrecision(2)), 'ratio');

/** `a`, `a and b`, `a, b and c`. */
export const enumerate = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** `p50`, `p99.9`; the ends are `min` and `max`. */
export function quantileName(q: number): string {
  if (q <= 0) return 'min';
  if (q >= 1) return 'max';
  return `p${Number((q * 100).toPrecision(8))}`;
}

import { usageError } from './errors.ts';
import type { Bytes, Nanos, PerSecond, Unit } from './units.ts';
import { describeValue } from './wording.ts';

const durationUnits = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const;
const sizeUnits = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const perUnits = { op: 1, s: 1, m: 60, h: 3600 } as const;

type DurationUnit = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h';
type SizeUnit = keyof typeof sizeUnits;

/** `'200ms'`, `'1.5s'`, `'10m'`. */
export type DurationText = `${number}${DurationUnit}`;
/** `'64B'`, `'1.5MB'`, `'512MiB'`. */
export type SizeText = `${number}${SizeUnit}`;
/** `'100/s'`, `'6000/m'`. */
export type RateText = `${number}/${'s' | 'm' | 'h'}`;
/** `'0.1%'`. */
export type PercentText = `${number}%`;

/** A number with its base unit: what every quantity text becomes. */
export interface Quantity {
  readonly value: number;
  readonly unit: Unit;
}

const number = String.raw`(-?(?:\d+(?:_\d{3})*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)`;
const pattern = (tail: string): RegExp => new RegExp(`^\\s*${number}\\s*${tail}\\s*$`);
const durationPattern = pattern('(ns|us|µs|ms|s|m|h)');
const ratePattern = pattern(String.raw`\/\s*(s|m|h)`);
const growthPattern = pattern(String.raw`(B|KB|MB|GB|KiB|MiB|GiB)\s*\/\s*(op|s|m|h)`);
const sizePattern = pattern('(B|KB|MB|GB|KiB|MiB|GiB)');
const percentPattern = pattern('%');
const plainPattern = pattern('');

const toNumber = (digits: string): number => Number(digits.replaceAll('_', ''));

/** Tries one form of quantity; `undefined` when the text has another form. */
type Reader = (text: string) => Quantity | undefined;

const readers: readonly Reader[] = [
  (text) => {
    const [, n, unit] = durationPattern.exec(text) ?? [];
    return n && unit
      ? { value: toNumber(n) * durationUnits[unit as keyof typeof durationUnits], unit: 'ns' }
      : undefined;
  },
  (text) => {
    const [, n, per] = ratePattern.exec(text) ?? [];
    return n && per ? { value: toNumber(n) / perUnits[per as 's'], unit: '1/s' } : undefined;
  },
  (text) => {
    const [, n, size, per] = growthPattern.exec(text) ?? [];
    if (!n || !size || !per) return undefined;
    const value = (toNumber(n) * sizeUnits[size as SizeUnit]) / perUnits[per as 's'];
    return { value, unit: per === 'op' ? 'B/op' : 'B/s' };
  },
  (text) => {
    const [, n, size] = sizePattern.exec(text) ?? [];
    return n && size ? { value: toNumber(n) * sizeUnits[size as SizeUnit], unit: 'B' } : undefined;
  },
  (text) => {
    const [, n] = percentPattern.exec(text) ?? [];
    return n ? { value: toNumber(n) / 100, unit: 'ratio' } : undefined;
  },
  (text) => {
    const [, n] = plainPattern.exec(text) ?? [];
    return n ? { value: toNumber(n), unit: 'count' } : undefined;
  },
];

/** Reads `'200ms'`, `'100/s'`, `'64MB'`, `'64B/op'`, `'0.1%'` or a plain number; `undefined` for anything else. */
export function readQuantity(text: string): Quantity | undefined {
  for (const read of readers) {
    const quantity = read(text);
    if (quantity && Number.isFinite(quantity.value)) return quantity;
  }
  return undefined;
}

function expectQuantity(text: string, unit: Unit, example: string, what: string): number {
  const quantity = typeof text === 'string' ? readQuantity(text) : undefined;
  if (quantity?.unit === unit && quantity.value >= 0) return quantity.value;
  throw usageError(`${describeValue(text)} is not ${what}`, {
    code: 'bad-quantity',
    hint: `Write ${what} such as ${JSON.stringify(example)}.`,
    excerpt: typeof text === 'string' ? text : undefined,
  });
}

/** @throws PerfError `bad-quantity` when the text is not a duration. */
export const parseDuration = (text: string): Nanos => expectQuantity(text, 'ns', '30s', 'a duration') as Nanos;

/** @throws PerfError `bad-quantity` when the text is not a rate. */
export const parseRate = (text: string): PerSecond => expectQuantity(text, '1/s', '100/s', 'a rate') as PerSecond;

/** @throws PerfError `bad-quantity` when the text is not a size. */
export const parseSize = (text: string): Bytes => expectQuantity(text, 'B', '64MB', 'a size') as Bytes;

/** A share: `'5%'` is 0.05. @throws PerfError `bad-quantity` when the text is not a percentage. */
export const parsePercent = (text: string): number => expectQuantity(text, 'ratio', '5%', 'a percentage');

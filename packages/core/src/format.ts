import type { Unit } from './units.ts';

const timeSteps = [
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
] as const;
const sizeSteps = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'KB'],
  [1, 'B'],
] as const;

/** Where three significant digits of a step become 1000 and belong to the next: 999.5 ns are 1 µs. */
const roundsUp = 0.9995;

const minus = '−';
const unknown = 'n/a';

/** Groups of three, with spaces: 12 345. */
const grouped = (whole: number): string =>
  BigInt(whole)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');

/** A finite number from 0 upwards. */
function magnitudeText(magnitude: number): string {
  if (magnitude < 1e-9) return '0';
  if (magnitude >= 100) return grouped(Math.round(magnitude));
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(magnitude)));
  const text = magnitude.toFixed(decimals);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/**
 * Three significant digits without an exponent; from 100 upwards whole numbers, in groups of three. Below a billionth
 * is 0; infinite is ∞, and `NaN` is n/a.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return unknown;
  const text = Number.isFinite(value) ? magnitudeText(Math.abs(value)) : '∞';
  return value < 0 && text !== '0' ? `${minus}${text}` : text;
}

const withUnit = (value: number, unit: string): string => `${formatNumber(value)}${Number.isFinite(value) ? unit : ''}`;

function scaled(value: number, steps: readonly (readonly [number, string])[], per = ''): string {
  const [size, name] = steps.find(([step]) => Math.abs(value) >= step * roundsUp) ?? steps[steps.length - 1]!;
  return withUnit(value / size, ` ${name}${per}`);
}

/** A value in its base unit as people write it: `16_300_000, 'ns'` becomes `16.3 ms`. */
export function formatQuantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'ns':
      return scaled(value, timeSteps);
    case 'B':
      return scaled(value, sizeSteps);
    case 'B/op':
    case 'B/s':
      return scaled(value, sizeSteps, unit.slice(1));
    case '1/s':
      return withUnit(value, '/s');
    case 'ratio':
      return withUnit(value * 100, ' %');
    case 'count':
      return formatNumber(value);
  }
}

/** A relative change with its sign: `0.1423` becomes `+14.2 %`, and nothing at all `0.0 %`. */
export function formatChange(ratio: number): string {
  if (Number.isNaN(ratio)) return unknown;
  const percent = Math.abs(ratio * 100);
  const text = percent === Infinity ? '∞' : percent >= 99.95 ? grouped(Math.round(percent)) : percent.toFixed(1);
  const sign = text === '0.0' ? '' : ratio < 0 ? minus : '+';
  return `${sign}${text} %`;
}

/** A difference with its sign: `+56 B/op`; of shares in points, `+99.0 points`, and `+0.05 points` below a tenth of one. */
export function formatDifference(value: number, unit: Unit): string {
  const sign = value > 0 ? '+' : '';
  if (unit !== 'ratio') return `${sign}${formatQuantity(value, unit)}`;
  // Errors of less than one in a thousand are news, too.
  const isSmall = Math.abs(value) < 0.001 && value !== 0;
  const small = (): string => sign + formatNumber(Number((value * 100).toPrecision(2)));
  return `${isSmall ? small() : formatChange(value).replace(' %', '')} points`;
}

/** `4m 12s`, `8h 00m`: for a minute and more, as clocks say it; nobody counts the seconds of hours. */
export function formatMinutes(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60 ? `${minutes}m ${two(whole % 60)}s` : `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

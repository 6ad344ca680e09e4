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

/** Three significant digits without an exponent; whole numbers above a thousand stay whole. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}

function scaled(value: number, steps: readonly (readonly [number, string])[]): string {
  const [size, name] = steps.find(([step]) => Math.abs(value) >= step * 0.9995) ?? steps[steps.length - 1]!;
  return `${formatNumber(value / size)} ${name}`;
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
      return `${scaled(value, sizeSteps)}/${unit.slice(2)}`;
    case '1/s':
      return `${formatNumber(value)}/s`;
    case 'ratio':
      return `${formatNumber(value * 100)} %`;
    case 'count':
      return formatNumber(value);
  }
}

/** A relative change with its sign: `0.1423` becomes `+14.2 %`. */
export function formatChange(ratio: number): string {
  const percent = ratio * 100;
  const digits = Math.abs(percent) >= 100 ? 0 : 1;
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(digits)} %`;
}

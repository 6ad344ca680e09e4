import { inspect } from 'node:util';

const longest = 60;

/** Values are the same when they are written the same: a database hands 7 back as `7`, `7n` or `'7'`. */
export function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const whole = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity, breakLength: Infinity };
  // The space keeps an object apart from a text that looks like it.
  return ` ${inspect(value, { ...whole, sorted: true, compact: true })}`;
}

/** A value as it may stand in a sentence. */
export function showValue(value: unknown): string {
  const text = inspect(value, { depth: 3, maxArrayLength: 8, maxStringLength: longest, breakLength: Infinity });
  const line = text.replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

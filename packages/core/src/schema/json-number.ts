import { z } from 'zod';

/** The numbers that JSON cannot write, as the strings that stand for them in files. */
const unwritable = ['Infinity', '-Infinity', 'NaN'] as const;

/** Any number; in JSON a number or one of three strings. */
export const jsonNumber = z.union([z.number(), z.literal([...unwritable]).transform(Number)]);

/** A whole number from 0 upwards. */
export const count = z.int().min(0);

/**
 * A deep copy in which infinite numbers and `NaN` are the strings that `parseRun` reads back, ready for
 * `JSON.stringify`, which would make them `null`. Absent and `undefined` fields are left out; `-0` becomes 0 in JSON.
 *
 * @param value plain data: objects, arrays, strings, numbers, booleans, null; typed arrays become arrays
 */
export function toJsonable(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toJsonable);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, toJsonable);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, toJsonable(field)]));
}

import { PerfError } from '@perfkeel/core';

/** Deeper than any record; a cycle is deeper still. */
const deepest = 64;

function refuse(path: string, what: string): never {
  throw new PerfError(`cannot write ${path || 'the value'} as JSON: it is ${what}`, {
    code: 'not-encodable',
    hint: 'A record holds plain objects, arrays, strings, numbers, booleans and null.',
  });
}

/**
 * The one JSON text of plain data: keys in ascending order, absent for `undefined`, two spaces of indentation, lists of
 * numbers on one line. The same data gives the same bytes, whoever built it in whatever order.
 *
 * JSON has no infinite numbers and no `NaN`: they become the strings `"Infinity"`, `"-Infinity"` and `"NaN"`, which the
 * schema of the record turns back. `-0` stays `-0`.
 *
 * @throws PerfError `not-encodable` with the path, for everything that is not plain data.
 */
export const canonicalJson = (value: unknown): string => `${write(value, '', '', 0)}\n`;

function write(value: unknown, path: string, indent: string, depth: number): string {
  if (depth > deepest) return refuse(path.slice(0, 80), 'nested too deeply, or part of itself');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      return writeNumber(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, path, indent, depth) : writeObject(value, path, indent, depth);
    default:
      return refuse(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Arrays of numbers, and of pairs of numbers, read best on one line. */
const isFlat = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Array.isArray(value) && value.every(isFlat));

function writeArray(items: readonly unknown[], path: string, indent: string, depth: number): string {
  const inner = `${indent}  `;
  // Array.from visits the holes of a sparse array, which map would pass over.
  const parts = Array.from(items, (item, i) => write(item, `${path}[${i}]`, inner, depth + 1));
  if (items.every(isFlat)) return `[${parts.join(', ')}]`;
  return `[\n${parts.map((part) => inner + part).join(',\n')}\n${indent}]`;
}

function writeObject(value: object, path: string, indent: string, depth: number): string {
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (kind !== 'Object') return refuse(path, `a ${kind}`);
  const inner = `${indent}  `;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => {
      const text = write(field, path === '' ? key : `${path}.${key}`, inner, depth + 1);
      return `${inner}${JSON.stringify(key)}: ${text}`;
    });
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

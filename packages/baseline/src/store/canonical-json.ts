import { PerfError } from '@perfkeel/core';

/** Deeper than any record; a cycle is deeper still. */
const deepest = 64;

/** The way to what is being written: a stack, since a text for every value would cost more than writing it. */
type Way = (string | number)[];

const placeOf = (way: Way): string =>
  way
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');

function refuse(way: Way, what: string): never {
  throw new PerfError(`cannot write ${placeOf(way).slice(0, 200) || 'the value'} as JSON: it is ${what}`, {
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
export const canonicalJson = (value: unknown): string => `${write(value, [], '')}\n`;

function write(value: unknown, way: Way, indent: string): string {
  if (way.length > deepest) return refuse(way.slice(0, 20), 'nested too deeply, or part of itself');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      return writeNumber(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, way, indent) : writeObject(value, way, indent);
    default:
      return refuse(way, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function writeAt(value: unknown, step: string | number, way: Way, indent: string): string {
  way.push(step);
  const text = write(value, way, indent);
  way.pop();
  return text;
}

/** Arrays of numbers, and of pairs of numbers, read best on one line. */
const isFlat = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Array.isArray(value) && value.every(isFlat));

function writeArray(items: readonly unknown[], way: Way, indent: string): string {
  const inner = `${indent}  `;
  // Array.from visits the holes of a sparse array, which map would pass over.
  const parts = Array.from(items, (item, i) =>
    typeof item === 'number' ? writeNumber(item) : writeAt(item, i, way, inner),
  );
  if (items.every(isFlat)) return `[${parts.join(', ')}]`;
  return `[\n${parts.map((part) => inner + part).join(',\n')}\n${indent}]`;
}

function writeObject(value: object, way: Way, indent: string): string {
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    const kind = Object.prototype.toString.call(value).slice(8, -1);
    if (kind !== 'Object') return refuse(way, `a ${kind}`);
  }
  const inner = `${indent}  `;
  const fields: string[] = [];
  for (const key of sortedKeys(value)) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field !== undefined) fields.push(`${inner}${JSON.stringify(key)}: ${writeAt(field, key, way, inner)}`);
  }
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${indent}}`;
}

/** Sorting thousands of short lists that are in order already would be a tenth of the work. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if (keys[i]! < keys[i - 1]!) return keys.sort();
  return keys;
}

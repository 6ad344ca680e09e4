/** Reads a value found at a path, and throws `Refused` for anything else than it expects. */
export type Reader<T> = (value: unknown, path: string) => T;

/** Why a value was refused, with where it was. Never leaves this folder. */
export class Refused extends Error {}

const refuse = (path: string, expected: string): never => {
  throw new Refused(`${path === '' ? 'the file' : path} is not ${expected}`);
};

/** A text of at most so many characters. */
export const textUpTo =
  (most: number): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && value.length <= most ? value : refuse(path, `a text of at most ${most} characters`);

/** A text that a pattern matches as a whole. */
export const textLike =
  (pattern: RegExp, what: string): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(path, what);

/** One of some texts. */
export const oneOf =
  <T extends string>(...allowed: readonly T[]): Reader<T> =>
  (value, path) =>
    allowed.find((one) => one === value) ?? refuse(path, `one of ${allowed.join(', ')}`);

/** What is true, or absent. */
export const onlyTrue: Reader<true> = (value, path) => (value === true ? value : refuse(path, 'true'));

const unwritable: Readonly<Record<string, number>> = { Infinity, '-Infinity': -Infinity, NaN };

/** Any number; those that JSON cannot write are texts. */
export const anyNumber: Reader<number> = (value, path) =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && Object.hasOwn(unwritable, value)
      ? unwritable[value]!
      : refuse(path, 'a number');

/** A whole number from 0 to a billion. */
export const wholeNumber: Reader<number> = (value, path) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 1e9
    ? (value as number)
    : refuse(path, 'a whole number');

export const listOf =
  <T>(item: Reader<T>, most: number): Reader<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= most
      ? value.map((one, i) => item(one, `${path}[${i}]`))
      : refuse(path, `a list of at most ${most}`);

type Fields<T> = { readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> };

/** An object with these fields and no other; those that are named in `optional` may be absent. */
export const objectOf =
  <T>(fields: Fields<T>, optional: readonly (keyof T & string)[] = []): Reader<T> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object');
    const given = value as Readonly<Record<string, unknown>>;
    const foreign = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
    if (foreign !== undefined)
      return refuse(`${path}.${foreign.slice(0, 40).replace(/[^\w.-]/g, '?')}`, 'a known field');
    const entries = (Object.keys(fields) as (keyof T & string)[])
      .filter((name) => Object.hasOwn(given, name) || !optional.includes(name))
      .map((name) => [name, fields[name](given[name], path === '' ? name : `${path}.${name}`)]);
    return Object.fromEntries(entries) as T;
  };

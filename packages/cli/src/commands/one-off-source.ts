/** A word of TypeScript that is written as it stands. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What the options of a declaration consist of. */
export type Written =
  string | number | boolean | RegExp | Code | readonly Written[] | { readonly [name: string]: Written | undefined };

/** A declaration before it is text. */
export interface OneOff {
  readonly noun: 'load' | 'capacity' | 'leak' | 'startup';
  readonly name: string;
  readonly options: Readonly<Record<string, Written | undefined>>;
}

/** The perf file that declares it: what `--write` writes, and what is measured without it. */
export function oneOffSource({ noun, name, options }: OneOff): string {
  const nouns = Object.values(options).some((value) => value instanceof Code && value.text.startsWith('target('))
    ? [noun, 'target']
    : [noun];
  return [
    `import { ${nouns.join(', ')} } from 'perfkeel';`,
    '',
    `${noun}(${literal(name)}, {`,
    ...entriesOf(options).map(([key, value]) => `  ${key}: ${literal(value)},`),
    '});',
    '',
  ].join('\n');
}

const entriesOf = (options: Readonly<Record<string, Written | undefined>>): [string, Written][] =>
  Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[keyOf(key), value]]));

function keyOf(key: string): string {
  // As a plain key it would name what the object inherits from.
  if (key === '__proto__') return `['__proto__']`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key);
}

/** A value in the syntax of TypeScript. */
export function literal(value: Written): string {
  if (value instanceof Code) return value.text;
  if (typeof value === 'string') return quoted(value);
  if (value instanceof RegExp) return String(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  const entries = entriesOf(value).map(([key, each]) => `${key}: ${literal(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const isList = (value: Written): value is readonly Written[] => Array.isArray(value);

/** In single quotes where that needs no escapes. The separators of lines may stand in a string, but not everywhere else. */
const quoted = (text: string): string =>
  /^[^'\\\p{Cc}\u2028\u2029]*$/u.test(text)
    ? `'${text}'`
    : JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

/** `target({ … })`. */
export const targetCode = (options: Readonly<Record<string, Written | undefined>>): Code =>
  new Code(`target(${literal(options)})`);

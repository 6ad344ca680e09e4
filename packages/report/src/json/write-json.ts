/**
 * A value as JSON: keys in alphabetical order, two blanks of indent, lists of numbers on one line, so that equal values
 * are equal text. What JSON has no number for is a string: `"Infinity"`, `"-Infinity"`, `"NaN"`. Fields without a value
 * are left out.
 *
 * @returns text that ends in a newline
 */
export const writeJson = (value: unknown): string => `${write(value, '')}\n`;

function write(value: unknown, indent: string): string {
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return writeList(value, indent);
  if (typeof value === 'object' && value !== null) return writeObject(value as Record<string, unknown>, indent);
  return JSON.stringify(value) ?? 'null';
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));

function writeList(values: readonly unknown[], indent: string): string {
  if (values.every((value) => typeof value === 'number')) return `[${values.map(numberText).join(', ')}]`;
  const inner = `${indent}  `;
  return `[\n${values.map((value) => inner + write(value, inner)).join(',\n')}\n${indent}]`;
}

function writeObject(value: Readonly<Record<string, unknown>>, indent: string): string {
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  if (keys.length === 0) return '{}';
  const inner = `${indent}  `;
  const fields = keys.map((key) => `${inner}${JSON.stringify(key)}: ${write(value[key], inner)}`);
  return `{\n${fields.join(',\n')}\n${indent}}`;
}

import { greatestOf } from './extent.ts';

/** `VectorStore search [orama, size=500]`: a family, and what tells its members apart. */
const ofFamily = /^(.+) \[(.+)\]$/su;

/**
 * Names of alternatives that stand under their common name anyway: of members of one family only what differs between them.
 * Any others stay as they are.
 */
export function shortNames(names: readonly string[]): readonly string[] {
  const parsed = names.map((name) => ofFamily.exec(name));
  const [first] = parsed;
  if (names.length < 2 || !parsed.every((match) => match !== null && match[1] === first![1])) return names;
  const parts = parsed.map((match) => match![2]!.split(', '));
  const most = greatestOf(parts.map(({ length }) => length));
  if (parts.some(({ length }) => length !== most)) return parsed.map((match) => match![2]!);
  const differs = parts[0]!.map((part, i) => parts.some((other) => other[i] !== part));
  const short = parts.map((own) => own.filter((_, i) => differs[i]).join(', '));
  return new Set(short).size === names.length ? short : names;
}

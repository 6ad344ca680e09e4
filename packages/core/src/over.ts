import { badOption } from './bad-option.ts';
import type { ParameterValue, Variant } from './variant.ts';

/** The values of each parameter that a noun makes one declaration for: `{ size: [1, 10, 100] }`. */
export type Over = Readonly<Record<string, readonly ParameterValue[]>>;

/** One value of each parameter. */
export type ParametersOf<O> = { readonly [K in keyof O]: O[K] extends readonly (infer Value)[] ? Value : never };

/** A member of a family, before it is declared. */
export interface Member {
  /** `parse [size=10, shape=flat]` */
  readonly name: string;
  readonly variant: Variant;
}

/** More declarations of one noun than this are a slip of the finger: each is several processes. */
const mostMembers = 1000;

/** What a name in brackets can hold without becoming another one. */
const parameterName = /^[\p{L}][\p{L}\p{N}_-]*$/u;

/**
 * Every combination of the values, the last parameter varying fastest.
 *
 * @throws PerfError `bad-option`, exit code 2, with the parameter as `excerpt`.
 */
export function membersOf(family: string, over: Over): readonly Member[] {
  const parameters = checkedParameters(over);
  const count = parameters.reduce((product, [, values]) => product * values.length, 1);
  if (count > mostMembers) {
    throw badOption('over', count, `at most ${mostMembers} combinations`, 'Leave some values out.');
  }
  const combinations = parameters.reduce<readonly Record<string, ParameterValue>[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return combinations.map((combination) => ({
    name: `${family} [${Object.entries(combination)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ')}]`,
    variant: { family, parameters: combination },
  }));
}

function checkedParameters(over: Over): readonly (readonly [string, readonly ParameterValue[]])[] {
  const example = 'Write over: { size: [1, 10, 100] }.';
  if (typeof over !== 'object' || over === null || Array.isArray(over)) {
    throw badOption('over', over, 'an object of lists', example);
  }
  const parameters = Object.entries(over);
  if (parameters.length === 0) throw badOption('over', over, 'at least one parameter', example);
  for (const [name, values] of parameters) {
    if (!parameterName.test(name)) throw badOption('over', name, 'a word as the name of a parameter', example);
    checkValues(name, values);
  }
  return parameters;
}

function checkValues(name: string, values: readonly ParameterValue[]): void {
  const example = `Write over: { ${name}: [1, 10, 100] }.`;
  if (!(values instanceof Array) || values.length === 0) {
    throw badOption(name, values, 'a list with at least one value', example);
  }
  const texts = new Set<string>();
  for (const value of values as readonly unknown[]) {
    const plain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!plain) throw badOption(name, value, 'numbers, strings or booleans', example);
    // 1 and '1' would make the same name, and results are found again by it.
    if (texts.has(String(value))) throw badOption(name, value, 'each value once', 'Leave the second one out.');
    texts.add(String(value));
  }
}

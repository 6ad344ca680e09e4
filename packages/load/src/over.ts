import { usageError, type ParameterValue, type PerfError, type Variant } from '@perfkeel/core';
import { shown } from './shown.ts';

/** The values of each parameter that a noun makes one declaration for: `{ size: [1, 10, 100] }`. */
export type Over = Readonly<Record<string, readonly ParameterValue[]>>;

/** One value of each parameter. */
export type ParametersOf<O> = { readonly [K in keyof O]: O[K] extends readonly (infer Value)[] ? Value : never };

/** A member of a family, before it is declared. */
export interface Member {
  /** `upload [size=10, kind=flat]` */
  readonly name: string;
  readonly variant: Variant;
}

/** More declarations of one noun than this are a slip of the finger: each is several processes. */
const mostMembers = 1000;

/** What a name in brackets can hold without becoming another one. */
const parameterName = /^\p{L}[\p{L}\p{N}_-]*$/u;

const wrong = (message: string, excerpt: string, hint: string): PerfError =>
  usageError(message, { code: 'bad-option', hint, excerpt });

/**
 * Every combination of the values, the last parameter varying fastest.
 *
 * @throws PerfError `bad-option`, exit code 2, with the parameter as `excerpt`.
 */
export function membersOf(family: string, over: Over): readonly Member[] {
  const parameters = checkedParameters(over);
  const count = parameters.reduce((product, [, values]) => product * values.length, 1);
  if (count > mostMembers) {
    throw wrong(`\`over\` makes ${count} combinations, of at most ${mostMembers}`, 'over', 'Leave some values out.');
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

function checkedParameters(over: unknown): readonly (readonly [string, readonly ParameterValue[]])[] {
  const hint = 'Write over: { size: [1, 10, 100] }.';
  if (typeof over !== 'object' || over === null || Array.isArray(over) || Object.keys(over).length === 0) {
    throw wrong(`\`over\` is ${shown(over)}; expected an object of lists`, 'over', hint);
  }
  return Object.entries(over).map(([name, values]: [string, unknown]) => {
    if (!parameterName.test(name)) throw wrong(`a parameter cannot be called ${shown(name)}`, 'over', hint);
    return [name, checkedValues(name, values)] as const;
  });
}

function checkedValues(name: string, values: unknown): readonly ParameterValue[] {
  const hint = `Write over: { ${name}: [1, 10, 100] }.`;
  if (!Array.isArray(values) || values.length === 0) {
    throw wrong(`\`${name}\` is ${shown(values)}; expected a list with at least one value`, name, hint);
  }
  const texts = new Set<string>();
  for (const value of values as readonly unknown[]) {
    const plain = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
    if (!plain) throw wrong(`\`${name}\` has ${shown(value)}; expected numbers, strings or booleans`, name, hint);
    // 1 and '1' would make the same name, and results are found again by it.
    if (texts.has(String(value)))
      throw wrong(`\`${name}\` has ${shown(value)} twice`, name, 'Leave the second one out.');
    texts.add(String(value));
  }
  return values as readonly ParameterValue[];
}

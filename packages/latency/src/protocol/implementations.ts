import { describeValue, usageError, type PerfError } from '@perfkeel/core';
import type { Contract, Create, Implementation, NamedImplementation } from './contract.ts';

/** Implementations as they are written: a function that makes one, or an object with more about it. */
export type Implementations<T, F> = Readonly<Record<string, Create<T, F> | Implementation<T, F>>>;

const example = 'Write implementedBy({ mine: () => new Mine() }).';
const options = ['create', 'dispose', 'skip', 'expected'];

/** @throws PerfError `bad-implementation`, exit code 2, with the name as `excerpt`. */
export function readImplementations<T, F>(
  contract: Contract<T, F>,
  written: Implementations<T, F>,
): readonly NamedImplementation<T, F>[] {
  const entries = typeof written === 'object' && written !== null ? Object.entries(written) : [];
  if (entries.length === 0) throw bad(`${contract.name} is implemented by nothing`, example, 'implementedBy');
  return entries.map(([name, one]) => {
    const implementation = typeof one === 'function' ? { create: one } : one;
    const problem = problemOf(name, implementation) ?? problemOfUse(contract, name, implementation);
    if (problem) throw problem;
    return { ...implementation, name };
  });
}

function problemOf<T, F>(name: string, implementation: Implementation<T, F>): PerfError | undefined {
  if (name.trim() === '') return bad('an implementation has no name', example, "''");
  if (typeof implementation !== 'object' || implementation === null) {
    return bad(`the implementation ${name} is ${describeValue(implementation)}`, example, name);
  }
  const { create, dispose, skip, expected } = implementation;
  const stranger = Object.keys(implementation).find((key) => !options.includes(key));
  if (stranger !== undefined) {
    return bad(
      `the implementation ${name} has no option "${stranger}"`,
      `Its options are ${options.join(', ')}.`,
      stranger,
    );
  }
  if (typeof create !== 'function') return bad(`the implementation ${name} has no create`, example, name);
  if (dispose !== undefined && typeof dispose !== 'function') {
    return bad(
      `dispose of ${name} is ${describeValue(dispose)}`,
      'Write dispose: (store) => store.close().',
      'dispose',
    );
  }
  if (skip !== undefined && typeof skip !== 'string') {
    return bad(
      `skip of ${name} is ${describeValue(skip)}; expected a reason in words, or undefined`,
      "Write skip: library ? undefined : 'it is not installed'.",
      'skip',
    );
  }
  return expected === undefined || expected === 'fail'
    ? undefined
    : bad(`expected of ${name} is ${describeValue(expected)}`, "The only thing to expect is 'fail'.", 'expected');
}

function problemOfUse<T, F>(
  { properties, name: contract }: Contract<T, F>,
  name: string,
  { expected }: Implementation<T, F>,
): PerfError | undefined {
  if (expected === undefined || properties.length > 0) return undefined;
  return bad(
    `${name} is expected to fail, and ${contract} has no property that could`,
    'Declare a property.',
    'expected',
  );
}

const bad = (message: string, hint: string, excerpt: string): PerfError =>
  usageError(message, { code: 'bad-implementation', hint, excerpt });

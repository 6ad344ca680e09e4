import { PerfError } from '@perfkeel/core';
import type { Answer, Invariant } from '../invariant.ts';
import type { OperationHistory } from '../operation.ts';
import { showValue } from '../value-text.ts';

/** `undefined` when the invariant holds, and otherwise a counterexample in words, or several. */
export type FindCounterexample<Value> = (history: OperationHistory<Value>) => string | readonly string[] | undefined;

/**
 * An invariant of your own. It has to be pure: it also judges the control.
 *
 * @throws PerfError `bad-counterexample` while it examines, when the function returns something else.
 * @example
 * custom('read your writes', ({ operations }) =>
 *   operations.some(({ value }) => value?.read !== value?.written) ? 'a write was not read back' : undefined);
 */
export function custom<Value = Answer>(name: string, find: FindCounterexample<Value>): Invariant<Value> {
  return {
    name,
    readsBack: false,
    examine(history) {
      const violations = textsOf(name, find(history)).map((message) => ({ message, operations: [] }));
      return { violations, examined: history.operations.length };
    },
  };
}

/** In plain JavaScript `true` is easily returned for "it holds", and a promise by an async function. */
function textsOf(name: string, found: unknown): readonly string[] {
  const list: unknown = typeof found === 'string' ? [found] : (found ?? []);
  if (Array.isArray(list) && list.every((text) => typeof text === 'string')) return list;
  throw new PerfError(`the invariant "${name}" returned ${showValue(found)}`, {
    code: 'bad-counterexample',
    hint: 'Return undefined when it holds, and a counterexample in words when it does not.',
  });
}

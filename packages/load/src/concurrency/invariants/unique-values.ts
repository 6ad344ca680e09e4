import { whoAll, type Answer, type Invariant, type Select } from '../invariant.ts';
import { answered, type Operation } from '../operation.ts';
import { keyOf, showValue } from '../value-text.ts';

/**
 * No two operations are answered with the same value, such as an identifier that was handed out. Values are the same
 * when they are written the same. O(n).
 *
 * @param of picks the value out of an answer; `undefined` is no value. @default the answer itself
 */
export function uniqueValues<Value = Answer>(of: Select<Value, unknown> = (value) => value): Invariant<Value> {
  return {
    name: 'unique values',
    readsBack: false,
    examine(history) {
      const holders = new Map<string, { readonly value: unknown; readonly operations: Operation[] }>();
      let examined = 0;
      for (const operation of answered(history)) {
        const value = of(operation.value as Value);
        if (value === undefined) continue;
        examined += 1;
        const key = keyOf(value);
        const holder = holders.get(key);
        if (holder === undefined) holders.set(key, { value, operations: [operation] });
        else holder.operations.push(operation);
      }
      const violations = [...holders.values()]
        .filter(({ operations }) => operations.length > 1)
        .map(({ value, operations }) => ({
          message: `${showValue(value)} was given ${operations.length} times: to ${whoAll(operations)}`,
          operations: operations.map(({ index }) => index),
        }));
      return { violations, examined };
    },
  };
}

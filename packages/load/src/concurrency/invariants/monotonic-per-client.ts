import type { Answer, Invariant, Select, Violation } from '../invariant.ts';
import { answered, type Operation } from '../operation.ts';
import { showValue } from '../value-text.ts';

type Ordered = number | bigint | string | Date;

/**
 * No client is answered with less than it was answered with before: a read never goes back behind an earlier one (a
 * session guarantee, not an order between clients). O(n log n).
 *
 * @param of picks what must not go back; `undefined` leaves the operation out. @default the answer itself
 * @param options.strictly whether the same value again is going back. @default false
 */
export function monotonicPerClient<Value = Answer>(
  of: Select<Value, Ordered> = (value) => value as Ordered,
  { strictly = false }: { readonly strictly?: boolean } = {},
): Invariant<Value> {
  return {
    name: 'monotonic per client',
    readsBack: false,
    examine(history) {
      const highest = new Map<number, { readonly operation: Operation; readonly value: Ordered }>();
      const violations: Violation[] = [];
      let examined = 0;
      // What a client knew before it asked: its operations do not overlap.
      const ordered = [...answered(history)].sort((a, b) => a.callAt - b.callAt || a.index - b.index);
      for (const operation of ordered) {
        const value = of(operation.value as Value);
        if (value === undefined) continue;
        const before = highest.get(operation.client);
        if (before !== undefined) examined += 1;
        const back = before !== undefined && (strictly ? value <= before.value : value < before.value);
        if (back) violations.push(goesBack(before.operation, before.value, operation, value));
        if (before === undefined || value > before.value) highest.set(operation.client, { operation, value });
      }
      return { violations, examined };
    },
  };
}

const goesBack = (before: Operation, high: Ordered, operation: Operation, value: Ordered): Violation => ({
  message: `client ${operation.client} was answered ${showValue(high)} in burst ${before.burst}, and ${showValue(value)} in burst ${operation.burst}`,
  operations: [before.index, operation.index],
});

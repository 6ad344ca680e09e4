import { who, whoAll, type Answer, type Invariant, type Violation } from '../invariant.ts';
import type { OperationHistory, Operation } from '../operation.ts';
import { keyOf, showValue } from '../value-text.ts';

export interface ExactlyOnceOptions<Value, Item> {
  /**
   * The identity of an operation, known before it answers: its idempotency key. @default its `index`, which `op` gets
   */
  readonly key?: (operation: Operation<Value>) => unknown;
  /** The same, in an item of what was read back. @default the item */
  readonly in?: (item: Item) => unknown;
}

/**
 * Every acknowledged operation took effect exactly once, and every other one at most once, however often it was tried.
 * O(n).
 */
export function exactlyOnce<Value = Answer, Item = unknown>({
  key = ({ index }) => index,
  in: inItem = (item) => item,
}: ExactlyOnceOptions<Value, Item> = {}): Invariant<Value> {
  return {
    name: 'exactly once',
    readsBack: true,
    examine(history: OperationHistory<Value>) {
      const effects = new Map<string, number>();
      for (const item of history.readBack ?? []) {
        const found = keyOf(inItem(item as Item));
        effects.set(found, (effects.get(found) ?? 0) + 1);
      }
      const violations: Violation[] = [];
      for (const [name, operations] of byKey(history, key)) {
        const violation = judge(operations, effects.get(name) ?? 0, key);
        if (violation !== undefined) violations.push(violation);
      }
      return { violations, examined: history.operations.length };
    },
  };
}

function byKey<Value>(
  { operations }: OperationHistory<Value>,
  key: (operation: Operation<Value>) => unknown,
): Map<string, Operation<Value>[]> {
  const groups = new Map<string, Operation<Value>[]>();
  for (const operation of operations) {
    const name = keyOf(key(operation));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [operation]);
    else group.push(operation);
  }
  return groups;
}

/** Operations that share a key are one operation: the first decides, the others have to find that it was done. */
function judge<Value>(
  operations: readonly Operation<Value>[],
  effects: number,
  key: (operation: Operation<Value>) => unknown,
): Violation | undefined {
  const indices = operations.map(({ index }) => index);
  const name = showValue(key(operations[0]!));
  if (effects > 1) {
    return { message: `${name} took effect ${effects} times, asked for by ${whoAll(operations)}`, operations: indices };
  }
  const acknowledged = operations.find(({ outcome }) => outcome === 'ok');
  if (effects === 1 || acknowledged === undefined) return undefined;
  return { message: `${name} was acknowledged to ${who(acknowledged)}, and took no effect`, operations: indices };
}

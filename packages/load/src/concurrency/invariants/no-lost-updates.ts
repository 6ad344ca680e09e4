import { who, type Answer, type Invariant } from '../invariant.ts';
import { answered, type Operation } from '../operation.ts';
import { keyOf, showValue } from '../value-text.ts';

export interface NoLostUpdatesOptions<Value, Item> {
  /** What an acknowledged operation must have left behind. @default its answer */
  readonly of?: (value: Value, operation: Operation<Value>) => unknown;
  /** The same, in an item of what was read back. @default the item */
  readonly in?: (item: Item) => unknown;
}

/**
 * What was acknowledged is there when everything has ended: no update was overwritten by another one. Operations that
 * failed, or whose outcome is unknown, may have left something behind or not. O(n).
 */
export function noLostUpdates<Value = Answer, Item = unknown>({
  of = (value) => value,
  in: inItem = (item) => item,
}: NoLostUpdatesOptions<Value, Item> = {}): Invariant<Value> {
  return {
    name: 'no lost updates',
    readsBack: true,
    examine(history) {
      const present = new Set((history.readBack ?? []).map((item) => keyOf(inItem(item as Item))));
      const acknowledged = answered(history).flatMap((operation) => {
        const value = of(operation.value as Value, operation);
        return value === undefined ? [] : [{ operation, value }];
      });
      const lost = acknowledged.filter(({ value }) => !present.has(keyOf(value)));
      return {
        violations: lost.map(({ operation, value }) => ({
          message: `${showValue(value)} was acknowledged to ${who(operation)}, and is not there at the end`,
          operations: [operation.index],
        })),
        examined: acknowledged.length,
      };
    },
  };
}

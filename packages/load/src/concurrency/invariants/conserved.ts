import { formatNumber } from '@perfkeel/core';
import type { Answer, Finding, Invariant } from '../invariant.ts';
import type { OperationHistory, Operation } from '../operation.ts';

export interface ConservedOptions<Value, Item> {
  /** The total before the first operation. @default 0 */
  readonly initial?: number;
  /**
   * What an operation adds to the total when it takes effect. It is also asked of operations whose outcome is unknown,
   * and have no value. @default 0: operations move things, and add nothing
   */
  readonly change?: (operation: Operation<Value>) => number;
  /** The total of what was read back. @default the sum of the items */
  readonly total?: (items: readonly Item[]) => number;
  /** How far off the total may be, for sums of fractions. @default 0 */
  readonly within?: number;
}

/**
 * The total at the end is the total at the beginning and what the acknowledged operations added to it: money that is
 * moved stays, and of a thousand increments a thousand are there. An operation whose outcome is unknown may have added
 * or not, so the total may lie between. O(n).
 */
export function conserved<Value = Answer, Item = number>({
  initial = 0,
  change = () => 0,
  total = (items) => items.reduce((sum, item) => sum + Number(item), 0),
  within = 0,
}: ConservedOptions<Value, Item> = {}): Invariant<Value> {
  return {
    name: 'conserved',
    readsBack: true,
    examine(history) {
      const { low, high } = bounds(history, change, initial);
      if (Number.isNaN(low + high)) return undecided(history, 'what the operations add is not a number');
      const found = total((history.readBack ?? []) as readonly Item[]);
      if (!Number.isFinite(found)) return undecided(history, `the total that was read back is ${String(found)}`);
      const held = found >= low - within && found <= high + within;
      const expected = low === high ? formatTotal(low) : `between ${formatTotal(low)} and ${formatTotal(high)}`;
      const message = `the total is ${formatTotal(found)} at the end, and ${expected} was to be conserved`;
      return { violations: held ? [] : [{ message, operations: [] }], examined: history.operations.length };
    },
  };
}

const undecided = ({ operations }: OperationHistory, why: string): Finding => ({
  violations: [],
  examined: operations.length,
  undecided: why,
});

/** Exact where three digits would hide that one of a thousand is missing. */
const formatTotal = (value: number): string => (Number.isInteger(value) ? String(value) : formatNumber(value));

/** What the total may be: every operation without an answer may have happened, or not. */
function bounds<Value>(
  { operations }: OperationHistory<Value>,
  change: (operation: Operation<Value>) => number,
  initial: number,
): { low: number; high: number } {
  let [low, high] = [initial, initial];
  for (const operation of operations) {
    if (operation.outcome === 'error') continue;
    const added = change(operation);
    const certain = operation.outcome === 'ok';
    low += certain ? added : Math.min(added, 0);
    high += certain ? added : Math.max(added, 0);
  }
  return { low, high };
}

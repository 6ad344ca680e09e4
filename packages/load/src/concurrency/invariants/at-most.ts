import { describeValue, usageError } from '@perfkeel/core';
import { whoAll, type Answer, type Invariant } from '../invariant.ts';
import { answered } from '../operation.ts';

/**
 * Not more than `limit` operations succeed: ten seats are sold ten times, whoever asks at the same time. O(n).
 *
 * @param limit a whole number from 0 upwards
 * @param counts which answers count. @default all of them: what was refused has thrown
 * @throws PerfError `bad-invariant`, exit code 2, when the limit is none.
 */
export function atMost<Value = Answer>(
  limit: number,
  counts: (value: Value) => boolean = () => true,
): Invariant<Value> {
  if (!Number.isInteger(limit) || limit < 0) {
    throw usageError(`at most ${describeValue(limit)} operations cannot be counted`, {
      code: 'bad-invariant',
      hint: 'The limit is a whole number from 0 upwards: atMost(10).',
      excerpt: 'atMost',
    });
  }
  return {
    name: `at most ${limit}`,
    readsBack: false,
    examine(history) {
      const all = answered(history);
      const counted = all.filter(({ value }) => counts(value as Value));
      // Who came first is not known: the one that ended last is one too many, whatever the order was.
      const ordered = [...counted].sort((a, b) => a.returnAt - b.returnAt || a.index - b.index);
      const surplus = ordered.slice(limit);
      if (surplus.length === 0) return { violations: [], examined: all.length };
      const message = `${counted.length} operations succeeded where at most ${limit} may; the last were ${whoAll(surplus)}`;
      return { violations: [{ message, operations: surplus.map(({ index }) => index) }], examined: all.length };
    },
  };
}

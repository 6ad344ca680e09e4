import { who, type Answer, type Invariant, type Select, type Violation } from '../invariant.ts';
import { answered, type Operation } from '../operation.ts';
import { showValue } from '../value-text.ts';

/** From and to, such as the first and the last number of a block. */
export type Range = readonly [from: number | bigint, to: number | bigint];

interface Held {
  readonly operation: Operation;
  readonly range: Range;
}

/**
 * No two operations are answered with ranges that overlap, such as blocks of numbers that were reserved. O(n log n).
 *
 * @param of picks the range out of an answer; `undefined` is no range
 * @param options.end whether the second number belongs to the range. @default 'included'
 */
export function disjointRanges<Value = Answer>(
  of: Select<Value, Range>,
  { end = 'included' }: { readonly end?: 'included' | 'excluded' } = {},
): Invariant<Value> {
  return {
    name: 'disjoint ranges',
    readsBack: false,
    examine(history) {
      const held = answered(history).flatMap((operation): Held[] => {
        const range = of(operation.value as Value);
        return range === undefined ? [] : [{ operation, range }];
      });
      const sound = held.filter(({ range }) => isSound(range, end));
      const unsound = held.filter(({ range }) => !isSound(range, end)).map(noRange);
      return { violations: [...unsound, ...overlapping(sound, end)], examined: held.length };
    },
  };
}

const isNumber = (value: unknown): boolean => typeof value === 'bigint' || Number.isFinite(value);

function isSound(range: Range, end: 'included' | 'excluded'): boolean {
  if (!Array.isArray(range) || range.length !== 2 || !range.every(isNumber)) return false;
  const [from, to] = range as Range;
  return end === 'included' ? from <= to : from < to;
}

const noRange = ({ operation, range }: Held): Violation => ({
  message: `${showValue(range)}, given to ${who(operation)}, is no range`,
  operations: [operation.index],
});

/** In the order of their beginnings a range can only reach into the one that ends last so far. */
function overlapping(held: readonly Held[], end: 'included' | 'excluded'): Violation[] {
  const ordered = [...held].sort(({ range: [a] }, { range: [b] }) => (a < b ? -1 : a > b ? 1 : 0));
  const violations: Violation[] = [];
  let furthest: Held | undefined;
  for (const next of ordered) {
    const [from, to] = next.range;
    const reaches =
      furthest !== undefined && (end === 'included' ? furthest.range[1] >= from : furthest.range[1] > from);
    if (reaches) violations.push(overlap(furthest!, next));
    if (furthest === undefined || to > furthest.range[1]) furthest = next;
  }
  return violations;
}

const overlap = (first: Held, second: Held): Violation => ({
  message: `${showRange(second.range)}, given to ${who(second.operation)}, overlaps ${showRange(first.range)} of ${who(first.operation)}`,
  operations: [first.operation.index, second.operation.index],
});

const showRange = ([from, to]: Range): string => `${from} to ${to}`;

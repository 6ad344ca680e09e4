import { formatQuantity, type Warning } from '@perfkeel/core';

/** Up to here most of what was measured is the call itself. Minima on both sides: interference only ever adds. */
const indistinguishable = 1.5;

/** The warning `at-the-floor` when the fastest batch is no slower than an empty function's would be. */
export function atTheFloor(timePerOperation: readonly number[], floor: number): readonly Warning[] {
  const fastest = Math.min(...timePerOperation);
  if (fastest > floor * indistinguishable) return [];
  const [measured, empty] = [fastest, floor].map((ns) => formatQuantity(ns, 'ns'));
  return [
    {
      code: 'at-the-floor',
      message:
        `${measured} per operation cannot be told from an empty function (${empty} here): ` +
        'do more per operation, or return a value that depends on the work',
      // A time that is mostly the call's own is no miss of the function.
      forbids: 'fail',
    },
  ];
}

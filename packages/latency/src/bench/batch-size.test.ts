import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nanos, type PerfError } from '@perfkeel/core';
import { batchTarget, calibrateBatch } from './batch-size.ts';

/** The sizes that are tried when an operation takes `perOperation` ns in its n-th batch. */
function sizes(perOperation: (batch: number) => number, batches: number): number[] {
  const calibration = calibrateBatch(nanos(1e6));
  return Array.from({ length: batches }, (_, batch) => {
    const { size } = calibration;
    calibration.observe(nanos(size * perOperation(batch)));
    return size;
  });
}

describe('the length of a batch', () => {
  test.each([
    ['300ms', 300e6, 1e6],
    ['1s, exactly a thousand batches', 1e9, 1e6],
    ['10s, still a thousand batches', 10e9, 10e6],
  ])('for %s', (_, time, target) => {
    expect(batchTarget(nanos(time), { granularity: nanos(50), cost: nanos(50) })).toBe(target);
  });
});

test('a clock that is coarse or slow asks for a hundred times its error', () => {
  const target = (granularity: number, cost: number) =>
    batchTarget(nanos(300e6), { granularity: nanos(granularity), cost: nanos(cost) });
  expect(target(5000, 5000)).toBe(1e6);
  expect(target(1e6, 50)).toBe(100_005_000);
  expect(target(100, 20_000)).toBe(2_010_000);
});

describe('calibration', () => {
  test('grows tenfold up to a length that can be believed, then aims', () => {
    expect(sizes(() => 100, 8)).toEqual([1, 10, 100, 1000, 10_000, 10_000, 10_000, 10_000]);
    expect(sizes(() => 30, 8)).toEqual([1, 10, 100, 1000, 10_000, 33_334, 33_334, 33_334]);
  });

  test('one slow operation is a batch of its own', () => {
    expect(sizes(() => 50e6, 3)).toEqual([1, 1, 1]);
  });

  test('a clock too coarse to see one operation', () => {
    const coarse = calibrateBatch(nanos(1e6));
    for (let i = 0; i < 4; i++) coarse.observe(nanos(0));
    expect(coarse.size).toBe(10_000);
  });

  test('a clock that does not move at all ends it', () => {
    const still = calibrateBatch(nanos(1e6));
    expect(() => {
      for (let i = 0; i < 8; i++) still.observe(nanos(0));
    }).toThrow(expect.objectContaining({ code: 'clock-stands-still' }) as PerfError);
  });

  test('a hiccup does not make the batch smaller', () => {
    expect(sizes((batch) => (batch === 6 ? 50_000 : 100), 9).at(-1)).toBe(10_000);
  });

  test('it follows code that the engine has made faster', () => {
    expect(sizes((batch) => (batch < 8 ? 1000 : 100), 16).at(-1)).toBe(10_000);
  });

  test('whatever an operation takes, its batch ends up at the target or is one operation', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 1e10, noNaN: true }), (perOperation) => {
        const size = sizes(() => perOperation, 20).at(-1)!;
        expect(size * perOperation).toBeGreaterThanOrEqual(1e6 - 1);
        if (size > 1) expect(size * perOperation).toBeLessThan(1e6 + perOperation + 1);
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { createRng } from '@perfkeel/core';
import { operation, type Told } from '../../test/support/history.ts';
import { measureOverlap } from './overlap.ts';

const at = (...times: readonly Told['at'][]): ReturnType<typeof operation>[] =>
  times.map((time, index) => operation(index, '', { at: time! }));

it('counts pairs that were under way at the same time', () => {
  expect(measureOverlap(at([0, 10], [1, 5], [6, 9], [9, 20]))).toEqual({
    mostInFlight: 2,
    pairs: 6,
    overlapping: 3,
    share: 0.5,
  });
});

it('takes the end of one at the beginning of another for one after the other', () => {
  expect(measureOverlap(at([0, 1], [1, 2], [2, 3]))).toMatchObject({ mostInFlight: 1, overlapping: 0 });
  // What ran without a pause has no length on a coarse clock.
  expect(measureOverlap(at([1, 1], [1, 1], [1, 1]))).toMatchObject({ mostInFlight: 1, overlapping: 0 });
  expect(measureOverlap(at([0, 5], [0, 5], [0, 5]))).toMatchObject({ mostInFlight: 3, share: 1 });
});

it('sees no pairs between bursts, and none with an unknown outcome', () => {
  const apart = [operation(0, '', { at: [0, 9], burst: 0 }), operation(1, '', { at: [0, 9], burst: 1 })];
  expect(measureOverlap(apart)).toMatchObject({ pairs: 0, overlapping: 0, share: NaN });
  const unknown = [operation(0, '', { at: [0, 9] }), operation(1, '', { at: [0, 9], outcome: 'unknown' })];
  expect(measureOverlap(unknown)).toEqual({ mostInFlight: 1, pairs: 1, overlapping: 0, share: 0 });
});

it('agrees with looking at every pair', () => {
  const rng = createRng(3);
  for (let round = 0; round < 200; round++) {
    const times = Array.from({ length: 12 }, (): [number, number] => {
      const begin = Math.floor(rng() * 30);
      return [begin, begin + 1 + Math.floor(rng() * 12)];
    });
    let slow = 0;
    times.forEach(([a, b], i) => times.slice(i + 1).forEach(([c, d]) => (slow += a < d && c < b ? 1 : 0)));
    expect(measureOverlap(at(...times)).overlapping).toBe(slow);
  }
});

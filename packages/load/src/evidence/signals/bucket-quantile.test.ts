import { describe, expect, it } from 'vitest';
import { bucketQuantile } from './bucket-quantile.ts';

const inf = Infinity;

describe('a quantile of buckets', () => {
  it.each<[string, [number, number][], number, number]>([
    [
      'in the middle of a bucket',
      [
        [1, 0],
        [2, 10],
        [inf, 10],
      ],
      0.5,
      1.5,
    ],
    [
      'from zero in the first one',
      [
        [4, 8],
        [inf, 8],
      ],
      0.25,
      1,
    ],
    [
      'on a bound',
      [
        [1, 5],
        [2, 10],
        [inf, 10],
      ],
      0.5,
      1,
    ],
    [
      'above the last bound it is that bound',
      [
        [1, 5],
        [2, 6],
        [inf, 100],
      ],
      0.99,
      2,
    ],
    [
      'over empty buckets',
      [
        [1, 5],
        [2, 5],
        [3, 5],
        [4, 10],
        [inf, 10],
      ],
      0.75,
      3.5,
    ],
    [
      'in any order',
      [
        [inf, 10],
        [2, 10],
        [1, 0],
      ],
      0.5,
      1.5,
    ],
    [
      'with a count that went down for a moment',
      [
        [1, 5],
        [2, 4],
        [3, 10],
        [inf, 10],
      ],
      1,
      3,
    ],
    [
      'below zero',
      [
        [-1, 10],
        [inf, 10],
      ],
      0.5,
      -1,
    ],
    [
      'of nothing',
      [
        [1, 0],
        [inf, 0],
      ],
      0.5,
      NaN,
    ],
    [
      'without the last bucket',
      [
        [1, 5],
        [2, 10],
      ],
      0.5,
      NaN,
    ],
    ['without buckets', [], 0.5, NaN],
  ])('%s', (_, buckets, q, expected) => {
    expect(bucketQuantile(new Map(buckets), q)).toBe(expected);
  });
});

import fc from 'fast-check';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { decodeHdr, encodeHdr } from './hdr.ts';
import { cellCount, cellOf, highestOf, highestValue, lowestOf } from './histogram-layout.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** The other implementation, with the same layout. */
function reference(values: readonly number[], digits: 1 | 2 | 3 | 4 | 5 = 3, lowest = 1): JsHistogram {
  const histogram = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: lowest,
    highestTrackableValue: highestValue,
    numberOfSignificantValueDigits: digits,
  }) as JsHistogram;
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

function ours(values: readonly number[]): Histogram {
  const histogram = createHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** Small numbers, numbers of any size, and those at the edges of cells and machine words. */
const edges = [0, 1, 2047, 2048, 4095, 4096, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 48, 2 ** 52, highestValue];
const value = fc.oneof(
  fc.nat(5000),
  fc.nat(2 ** 31 - 1),
  fc.maxSafeNat(),
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -2, max: 2 }))
    .map(([edge, by]) => Math.min(Math.max(edge + by, 0), highestValue)),
);
const values = fc.array(value, { maxLength: 60 });

describe('the layout is that of hdr-histogram-js', () => {
  const other = reference([]);

  it('has as many cells', () => {
    expect(other.countsArrayLength).toBe(cellCount);
  });

  it('has the same cells, one by one', () => {
    for (let cell = 0; cell < cellCount; cell++) {
      const [lowest, highest] = [lowestOf(cell), highestOf(cell)];
      const theirs = [other.valueFromIndex(cell), other.countsArrayIndex(lowest), other.countsArrayIndex(highest)];
      if (theirs[0] !== lowest || theirs[1] !== cell || theirs[2] !== cell)
        expect(theirs).toEqual([lowest, cell, cell]);
    }
  });

  it('puts any value into the same cell', () => {
    fc.assert(
      fc.property(value, (value) => {
        expect(cellOf(value)).toBe(other.countsArrayIndex(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a histogram agrees with hdr-histogram-js', () => {
  it('in its counts and quantiles', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const [mine, other] = [ours(values), reference(values)];
        expect(mine.count).toBe(other.totalCount);
        for (const percentile of [1, 10, 25, 50, 75, 90, 95, 99, 99.9]) {
          const got = mine.quantile(percentile / 100);
          const theirs = other.getValueAtPercentile(percentile);
          // The same cell; ours is exact at the ends where theirs answers with the end of the cell.
          expect(cellOf(got)).toBe(cellOf(theirs));
          if (got !== mine.min && got !== mine.max) expect(got).toBe(theirs);
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe('encodeHdr and decodeHdr', () => {
  it('are read and written by hdr-histogram-js as its own', () => {
    fc.assert(
      fc.property(values, (values) => {
        const mine = ours(values);
        const read = decodeFromCompressedBase64(encodeHdr(mine), 64) as JsHistogram;
        const theirs = reference(values);
        expect(read.totalCount).toBe(values.length);
        for (const percentile of [0, 50, 99, 100]) {
          expect(read.getValueAtPercentile(percentile)).toBe(theirs.getValueAtPercentile(percentile));
        }
        expect(decodeHdr(encodeIntoCompressedBase64(theirs)).toData().cells).toEqual(mine.toData().cells);
      }),
      { numRuns: 40 },
    );
  });

  it('give back every cell and count', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 2 ** 40 }), (values, times) => {
        const { cells, count, ...rest } = ours(values).toData();
        const many = { ...rest, count: count * times, cells: cells.map((n, i) => (i % 2 === 0 ? n : n * times)) };
        const back = decodeHdr(encodeHdr(many)).toData();
        expect([back.cells, back.count]).toEqual([many.cells, many.count]);
      }),
      { numRuns: 40 },
    );
  });

  it('lose the exact ends and sum, but only within a cell', () => {
    const mine = ours([1_000_001, 2_000_003, 5_000_009]);
    const back = decodeHdr(encodeHdr(mine));
    expect(back.min).toBe(lowestOf(cellOf(1_000_001)));
    expect(back.max).toBe(highestOf(cellOf(5_000_009)));
    expect(Math.abs(back.mean / mine.mean - 1)).toBeLessThan(0.001);
  });

  it('take plain data as well, and nothing at all', () => {
    const mine = ours([5, 70_000]);
    expect(encodeHdr(mine.toData())).toBe(encodeHdr(mine));
    expect(decodeHdr(encodeHdr(createHistogram())).toData()).toEqual(createHistogram().toData());
  });

  it.each([
    ['fewer digits', 2, 1],
    ['more digits', 5, 1],
    ['another lowest value', 3, 1000],
  ] as const)('read another layout and keep its quantiles: %s', (_, digits, lowest) => {
    const values = Array.from({ length: 500 }, (_, i) => 1000 + i * i * 1013);
    const other = reference(values, digits, lowest);
    const back = decodeHdr(encodeIntoCompressedBase64(other));
    expect(back.count).toBe(500);
    for (const percentile of [10, 50, 90, 99]) {
      const theirs = other.getValueAtPercentile(percentile);
      expect(cellOf(back.quantile(percentile / 100))).toBe(cellOf(theirs));
    }
  });

  it('read what another implementation wrote: the one value 42', () => {
    // From the tests of hdr-histogram-js; its compression shows that hdr-histogram-js did not write it.
    const text = 'HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM=';
    expect(decodeHdr(text).toData()).toEqual({ layout: 'hdr-3', count: 1, min: 42, max: 42, sum: 42, cells: [42, 1] });
  });

  it.each([
    ['nothing', ''],
    ['no base64', 'not base64!'],
    ['something else', 'aGVsbG8gd29ybGQ='],
    [
      'the older encoding V1',
      'HISTIgAAAFd42pNpmazIwMAYxgABTBDKT4GBgdnNYMcCBvsPUBkeBkYGZqA8MwMbAzsDC5DFBCTZgJCDQY1BjkGLQZRBlUEPCB8zWDCYMxgDZZkZhgJgHDibAY8JB/A=',
    ],
    ['half of one', encodeHdr(ours([1, 5, 7000])).slice(0, 24)],
  ])('refuse %s', (_, text) => {
    const error = failureOf(() => decodeHdr(text));
    expect(error).toMatchObject({ code: 'corrupt-histogram', exitCode: 4 });
    expect(error.message).toMatch(/^this is not an HdrHistogram: ./);
    expect(error.hint).toContain('HISTFAAA');
  });
});

describe('adding histograms', () => {
  // Sums stay exact below 2^53, so values do too.
  const histogram = fc.array(fc.oneof(fc.nat(5000), fc.nat(2 ** 40)), { maxLength: 40 }).map(ours);
  const sum = (...parts: Histogram[]) => createHistogram(...parts).toData();

  it('is associative and commutative, with the empty one as identity', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        expect(sum(createHistogram(a, b), c)).toEqual(sum(a, createHistogram(b, c)));
        expect(sum(a, b)).toEqual(sum(b, a));
        expect(sum(a, createHistogram())).toEqual(a.toData());
      }),
      { numRuns: 50 },
    );
  });

  it('is the same as recording everything into one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 40)), fc.array(fc.nat(2 ** 40)), (a, b) => {
        expect(sum(ours(a), ours(b))).toEqual(ours([...a, ...b]).toData());
      }),
      { numRuns: 50 },
    );
  });
});

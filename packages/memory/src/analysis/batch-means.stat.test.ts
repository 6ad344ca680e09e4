import { createRng, deriveSeed, theilSenSlope } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { normal } from '../../test/support/series.ts';
import { withBatchMeans } from './batch-means.ts';

const runs = 400;
const truth = 100;
const xs = Array.from({ length: 24 }, (_, i) => 1000 * (i + 1));

/** Shares of 99 % intervals that hold the truth: Sen's, and with batch means. `memory` is what one round has of the last. */
function coverage(memory: number): readonly [sen: number, batches: number] {
  let [sen, batches] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const rng = createRng(deriveSeed(51, run));
    let drift = 0;
    const ys = xs.map((x) => truth * x + (drift = memory * drift + 5000 * normal(rng)));
    const slope = theilSenSlope(xs, ys, 0.99);
    const wide = withBatchMeans(slope, xs, ys);
    expect(wide.lo).toBeLessThanOrEqual(slope.lo);
    expect(wide.hi).toBeGreaterThanOrEqual(slope.hi);
    if (slope.lo <= truth && truth <= slope.hi) sen++;
    if (wide.lo <= truth && truth <= wide.hi) batches++;
  }
  return [sen / runs, batches / runs];
}

test.each([
  ['nothing', 0, 0.97, 1],
  ['a part that fades', 0.7, 0, 0.85],
  ['all, as of what an engine adds', 1, 0, 0.5],
])('the interval holds the slope in 97 % of runs when of the noise of a round there is later %s', (_, ...row) => {
  const [memory, leastOfSen, mostOfSen] = row;
  const [sen, batches] = coverage(memory);
  expect(sen).toBeGreaterThanOrEqual(leastOfSen);
  expect(sen).toBeLessThanOrEqual(mostOfSen);
  expect(batches).toBeGreaterThanOrEqual(0.97);
});

test('without noise it is as narrow as it was', () => {
  const ys = xs.map((x) => truth * x);
  const { value, lo, hi } = withBatchMeans(theilSenSlope(xs, ys, 0.99), xs, ys);
  expect([value, lo, hi]).toEqual([truth, truth, truth]);
});

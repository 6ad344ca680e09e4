import { expect, test } from 'vitest';
import { analyzeLeakSeries } from './analyze-leak-series.ts';
import { engineLearning } from './engine-learning.ts';

/** KB that a server of which nothing leaks gained from round to round, while others used the machine. */
const learned = `2 1 16 -2 3 1 1 0 -2 3 -2 2 -2 6 2 2 -4 1 -1 1 3 5 0 1 6 0 3 -2 0 0 6 -2 3 0 -3 2 2 1 -1 4 2 -2 15 0 2 7 2`;

const seriesBy = (steps: readonly number[], perRound: number) => {
  let heap = 4e6;
  return [0, ...steps].map((step, i) => ({ iterations: 260 + i * perRound, heap: (heap += step) }));
};

test('a server that is still learning in its first requests is not called a leak', () => {
  const points = seriesBy(
    learned.split(' ').map((kb) => 1000 * Number(kb)),
    32,
  );
  expect(analyzeLeakSeries(points).verdict).toBe('leak');
  const learning = engineLearning(points.at(-1)!.iterations);
  expect(analyzeLeakSeries(points, { learning })).toMatchObject({ verdict: 'inconclusive', reason: 'decelerating' });
});

test.each([
  ['regular, however little it is', 264, 6],
  ['more than an engine learns', 10_240, 3],
])('growth that is %s is a leak from the first iterations on', (_, bytes, perRound) => {
  const points = seriesBy(
    Array.from({ length: 47 }, (__, i) => bytes * perRound + (i % 3) * 100),
    perRound,
  );
  expect(analyzeLeakSeries(points, { learning: engineLearning(300) }).verdict).toBe('leak');
});

test('after twenty thousand iterations nothing is put down to learning', () => {
  expect([engineLearning(19_999), engineLearning(20_000)]).toEqual([131_072, 0]);
});

import { expect, test } from 'vitest';
import { isRefill } from './refill.ts';

const kb = 1024;
const climb = (from: number, to: number, points = 10): number[] =>
  Array.from({ length: points }, (_, i) => kb * (from + ((to - from) * i) / (points - 1)));

const rows: [gloss: string, level: number[], startedAt: number, growth: number, expected: boolean][] = [
  ['a cache on its second way up', [...climb(100, 500), ...climb(120, 480)], 100, 360, true],
  ['one whose peak fell between two samples', [...climb(100, 500), ...climb(120, 570)], 100, 400, true],
  ['one that was full before the first sample', climb(520, 500, 2).concat(climb(120, 450)), 100, 330, true],
  ['higher than ever', [...climb(100, 500), ...climb(120, 900)], 100, 780, false],
  ['a small dip on the way up', [...climb(100, 800), ...climb(740, 790)], 100, 700, false],
  ['nothing ever fell', climb(100, 900, 20), 100, 800, false],
  ['what was there before the first iteration went', [...climb(500, 500), ...climb(120, 450)], 500, 330, false],
  ['noise below the floor', [...climb(100, 120), ...climb(100, 118)], 100, 18, false],
];

test.each(rows)('%s: %o', (_, level, startedAt, growth, expected) => {
  expect(isRefill(level, startedAt * kb, growth * kb, 32 * kb)).toBe(expected);
});

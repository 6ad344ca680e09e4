import { expect, test } from 'vitest';
import { unevenRounds } from './uneven-rounds.ts';

test('rounds are whole, at least 1, within a quarter of their mean, and the same each time', () => {
  for (const mean of [1, 2, 7, 1000, 123_456]) {
    const rounds = unevenRounds(mean, 48);
    expect(rounds).toEqual(unevenRounds(mean, 48));
    for (const round of rounds) {
      expect(Number.isInteger(round) && round >= 1).toBe(true);
      expect(Math.abs(round - mean)).toBeLessThanOrEqual(mean / 4 + 0.5);
    }
    const total = rounds.reduce((sum, round) => sum + round, 0);
    expect(Math.abs(total / (48 * mean) - 1)).toBeLessThan(0.06);
  }
});

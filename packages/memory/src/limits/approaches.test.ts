import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { ApproachWatch, cleanUpsOf } from './approaches.ts';

const uses = [10, 69, 71, 69, 72, 96, 99, 86, 40, 35, 88, 60].map((used, i) => ({ at: nanos(i * 1e9), used }));

describe('the approach to a limit', () => {
  const watch = new ApproachWatch(100);
  const approaches = uses.flatMap((use) => watch.see(use));

  it('is told once for each share and climb', () => {
    expect(approaches.map(({ at, share }) => [at / 1e9, share])).toEqual([
      [2, 0.7],
      [5, 0.85],
      [5, 0.95],
      [10, 0.7],
      [10, 0.85],
    ]);
  });

  it('tells what was cleaned up, and how soon', () => {
    const cleanUps = cleanUpsOf(approaches, uses);
    expect(cleanUps[1]).toMatchObject({ share: 0.85, used: 96, highest: 99, lowest: 35, took: 3e9 });
    expect(cleanUps[4]).toMatchObject({ share: 0.85, highest: 88, lowest: 60, took: 1e9 });
    const [stuck] = cleanUpsOf(approaches.slice(0, 1), uses.slice(0, 3));
    expect(stuck).toMatchObject({ highest: 71, lowest: 71 });
    expect(stuck).not.toHaveProperty('took');
  });
});

import { describe, expect, it } from 'vitest';
import { growthOf } from './memory-growth.ts';

/** A reading for each hundred calls. */
const readings = (bytes: (n: number) => number) =>
  Array.from({ length: 20 }, (_, n) => [(n + 1) * 100, bytes(n + 1)] as const);

describe('growthOf', () => {
  it('is a slope for a thousand, with what would have been seen', () => {
    const growth = growthOf(
      readings((n) => 5e7 + n * 4096 + (n % 2) * 1000),
      [],
    );
    expect(growth?.perThousand.value).toBeCloseTo(40_960, -3);
    expect(growth).toMatchObject({ done: 2000, settling: false });
    expect(growth!.perThousand.lo).toBeGreaterThan(0);
    expect(growth!.resolution).toBeGreaterThan(0);
    expect(growth!.resolution).toBeLessThan(10_000);
  });

  it('is none where nothing moves', () => {
    const growth = growthOf(
      readings(() => 5e7),
      [],
    );
    expect([growth?.perThousand.value, growth?.resolution, growth?.settling]).toEqual([0, 0, false]);
  });

  it('says so when it is on its way to an end', () => {
    expect(
      growthOf(
        readings((n) => 5e7 + 1e6 * (1 - 0.8 ** n)),
        [],
      )?.settling,
    ).toBe(true);
    expect(growthOf(readings(() => 1).slice(0, 1), [])).toBeUndefined();
  });
});

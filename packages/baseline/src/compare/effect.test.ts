import { describe, expect, it } from 'vitest';
import { effectOf } from './effect.ts';

const base = [100, 101, 102, 103];

describe('the effect', () => {
  it('of positive numbers is a ratio: twice as much is +100 %', () => {
    const effect = effectOf(
      'ns',
      base,
      base.map((value) => value * 2),
      0.95,
    );
    expect(effect.value).toBeCloseTo(1, 10);
    expect(effect.lo).toBeCloseTo(200 / 103 - 1, 10);
    expect(effect.hi).toBeCloseTo(206 / 100 - 1, 10);
    expect(effect.confidence).toBeCloseTo(1 - 2 / 70, 10);
    expect(effect.method).toBe('Hodges-Lehmann ratio, rank interval');
  });

  it.each([
    ['no failures at all, to three in a thousand', 'ratio', [0, 0, 0, 0], [0.003, 0.003, 0.003, 0.003], 0.3],
    ['two per cent of failures, to four', 'ratio', [0.02, 0.02, 0.02, 0.02], [0.04, 0.04, 0.04, 0.04], 1],
    ['a tenth of a byte more than nothing', 'B/op', [0.1, 0, -0.1, 0], [0.1, 0.1, 0.1, 0.1], 0.1 / 16],
    ['growth that fell below zero', 'B/op', [32, 32, 32, 32], [-32, -32, -32, -32], -2],
    ['a system that stopped answering', '1/s', [50, 50, 50, 50], [0, 0, 0, 0], -1],
  ] as const)('is finite where numbers may vanish: %s', (_what, unit, from, to, value) => {
    const effect = effectOf(unit, from, to, 0.95);
    expect(effect.value).toBeCloseTo(value, 12);
    expect(effect.method).toBe('Hodges-Lehmann shift relative to base, rank interval');
  });

  it('has no upper bound when there are too few rounds', () => {
    expect(effectOf('ns', [1, 1, 1], [2, 2, 2], 0.95)).toMatchObject({ value: 1, lo: -1, hi: Infinity });
    expect(effectOf('B/op', [0, 0, 0], [16, 16, 16], 0.95)).toMatchObject({ value: 1, lo: -Infinity, hi: Infinity });
  });
});

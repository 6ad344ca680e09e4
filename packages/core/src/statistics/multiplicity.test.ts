import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from './multiplicity.ts';

describe('benjaminiHochberg', () => {
  it('agrees with the example of the paper: the four smallest of fifteen are rejected at 5 %', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    const adjusted = benjaminiHochberg(p);
    expect(adjusted.filter((value) => value <= 0.05)).toHaveLength(4);
    // n p / rank, each at most its successor.
    expect(adjusted.slice(0, 5).map((value) => value.toFixed(5))).toEqual([
      '0.00150',
      '0.00300',
      '0.00950',
      '0.03562',
      '0.06030',
    ]);
  });

  it('leaves a single p value as it is, and says nothing about none', () => {
    expect(benjaminiHochberg([0.03])).toEqual([0.03]);
    expect(benjaminiHochberg([])).toEqual([]);
    expect(benjaminiHochberg([NaN, 0.01])).toEqual([1, 0.02]);
  });

  it('rejects what the step-up rule rejects, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (p) => {
        const ascending = [...p].sort((a, b) => a - b);
        const k = ascending.findLastIndex((value, i) => (value * p.length) / (i + 1) <= 0.05);
        const limit = k < 0 ? -1 : ascending[k]!;
        expect(benjaminiHochberg(p).map((value) => value <= 0.05)).toEqual(p.map((value) => value <= limit));
      }),
    );
  });
});

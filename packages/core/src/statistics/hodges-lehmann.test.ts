import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmannRatio, hodgesLehmannShift } from './hodges-lehmann.ts';

// Hollander and Wolfe, "Nonparametric Statistical Methods", table 4.1: permeability of a membrane at term and earlier.
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('hodgesLehmannShift', () => {
  it('agrees with the published example: -0.305 with the 96 % interval (-0.76, 0.15)', () => {
    const shift = hodgesLehmannShift(atTerm, earlier, 0.96);
    expect(shift.value).toBeCloseTo(-0.305, 10);
    expect(shift.lo).toBeCloseTo(-0.76, 10);
    expect(shift.hi).toBeCloseTo(0.15, 10);
    expect(shift.confidence).toBeCloseTo(0.96, 3);
  });

  it('is the median of all differences', () => {
    fc.assert(
      fc.property(sample, sample, (base, head) => {
        const differences = head.flatMap((h) => base.map((b) => h - b)).sort((a, b) => a - b);
        const middle = (differences.length - 1) / 2;
        const wanted = (differences[Math.floor(middle)]! + differences[Math.ceil(middle)]!) / 2;
        expect(hodgesLehmannShift(base, head).value).toBeCloseTo(wanted, 6);
      }),
    );
  });

  it('changes sign with its sides, and moves with one of them', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -1000, max: 1000 }), (base, head, by) => {
        const shift = hodgesLehmannShift(base, head);
        const turned = hodgesLehmannShift(head, base);
        const moved = hodgesLehmannShift(
          base,
          head.map((value) => value + by),
        );
        expect(turned.value + shift.value).toBeCloseTo(0, 6);
        if (Number.isFinite(shift.lo)) expect(turned.hi + shift.lo).toBeCloseTo(0, 6);
        expect(moved.value - shift.value).toBeCloseTo(by, 6);
      }),
    );
  });

  it('lies between its bounds', () => {
    fc.assert(
      fc.property(sample, sample, (base, head) => {
        const { lo, value, hi } = hodgesLehmannShift(base, head);
        expect(lo <= value && value <= hi).toBe(true);
      }),
    );
  });

  it.each([
    ['one side empty', [], [1, 2], NaN, 0],
    ['three and three cannot reach 95 %', [1, 2, 3], [2, 3, 4], 1, 0.9],
  ])('bounds nothing with too little: %s', (_, base, head, value, confidence) => {
    const shift = hodgesLehmannShift(base, head);
    expect(shift).toMatchObject({ value, lo: -Infinity, hi: Infinity });
    expect(shift.confidence).toBeCloseTo(confidence, 12);
  });
});

describe('hodgesLehmannRatio', () => {
  it('says 0.1 for ten per cent more, whatever the unit', () => {
    const base = [100, 104, 98, 101, 99];
    for (const unit of [1e-9, 1, 1e9]) {
      const { value, lo, hi } = hodgesLehmannRatio(
        base.map((x) => x * unit),
        base.map((x) => x * unit * 1.1),
      );
      expect(value).toBeCloseTo(0.1, 10);
      expect(lo).toBeLessThan(0.1);
      expect(hi).toBeGreaterThan(0.1);
    }
  });

  it('bounds a change from below by -1 when the sample is too small', () => {
    expect(hodgesLehmannRatio([1, 2], [2, 4])).toMatchObject({ lo: -1, hi: Infinity });
  });

  it.each([
    ['zero', [1, 0, 2], [1, 2, 3]],
    ['negative', [1, 2, 3], [1, -2, 3]],
    ['no number', [1, NaN, 3], [1, 2, 3]],
  ])('has no ratio of numbers that are not above 0: %s', (_, base, head) => {
    const ratio = hodgesLehmannRatio(base, head);
    expect(ratio).toMatchObject({ value: NaN, lo: -1, hi: Infinity, confidence: 0 });
    expect(ratio.warnings.map(({ code }) => code)).toEqual(['not-positive']);
  });
});

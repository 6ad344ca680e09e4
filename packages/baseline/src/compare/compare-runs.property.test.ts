import { rankInterval, type Comparison } from '@perfkeel/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benchRun } from '../../test/runs-of-rounds.ts';
import { compareRuns } from './compare-runs.ts';

const time = fc.double({ min: 1, max: 1e4, noNaN: true });
const nearTime = fc.double({ min: 90, max: 115, noNaN: true });
const rounds = fc.oneof(
  fc.array(nearTime, { minLength: 1, maxLength: 12 }),
  fc.array(time, { minLength: 1, maxLength: 12 }),
);

const compared = (base: readonly number[], head: readonly number[]): Comparison =>
  compareRuns(benchRun('BASE', base), benchRun('HEAD', head)).comparisons[0]!;

/** Whether two changes undo each other, infinite ones included. */
const undo = (there: number, back: number): boolean => {
  const [a, b] = [Math.log1p(there), Math.log1p(back)];
  return a === -b || Math.abs(a + b) <= 1e-9;
};

describe('a comparison', () => {
  it('of swapped runs says the opposite', () => {
    fc.assert(
      fc.property(rounds, rounds, (a, b) => {
        const [there, back] = [compared(a, b), compared(b, a)];
        expect(undo(there.effect!.value, back.effect!.value)).toBe(true);
        expect(undo(there.effect!.hi, back.effect!.lo)).toBe(true);
        expect(undo(there.effect!.lo, back.effect!.hi)).toBe(true);
        if (there.decision === 'regressed') {
          // +5 % one way is -4.8 % the other way, which may be less than matters.
          const matters = Math.abs(back.effect!.value) >= 0.05;
          if (matters) expect(back.decision).toBe('improved');
          else expect(['unchanged', 'inconclusive']).toContain(back.decision);
        }
        if (there.decision === 'improved') expect(back.decision).toBe('regressed');
      }),
    );
  });

  it('of a run with its own numbers never finds a change', () => {
    fc.assert(
      fc.property(rounds, (a) => {
        const { decision, effect } = compared(a, a);
        expect(effect!.value).toBeCloseTo(0, 9);
        expect(['unchanged', 'inconclusive']).toContain(decision);
      }),
    );
  });

  it('does not depend on the unit that is measured in, nor on the order of rounds', () => {
    fc.assert(
      fc.property(rounds, rounds, fc.constantFrom(0.25, 8, 1024), (a, b, factor) => {
        const plain = compared(a, b);
        const other = compared(
          a.map((value) => value * factor),
          b.map((value) => value * factor).reverse(),
        );
        expect(Math.log1p(other.effect!.value)).toBeCloseTo(Math.log1p(plain.effect!.value), 9);
      }),
    );
  });

  it('calls no change what is not shown by an interval beyond 0 and a size that matters', () => {
    fc.assert(
      fc.property(rounds, rounds, (a, b) => {
        const { decision, effect, verdict } = compared(a, b);
        const { value, lo, hi } = effect!;
        const exists = rankInterval(a.length, b.length, 0.95).cut !== undefined;
        const shown = exists && (lo > 0 || hi < 0) && Math.abs(value) >= 0.05;
        expect(['regressed', 'improved'].includes(decision)).toBe(shown);
        expect(verdict.kind === 'inconclusive').toBe(decision === 'inconclusive');
        if (decision === 'inconclusive') expect(verdict.needs).toMatch(/rounds? a side/);
      }),
    );
  });
});

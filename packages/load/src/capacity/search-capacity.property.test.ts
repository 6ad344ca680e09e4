import fc from 'fast-check';
import { expect, it } from 'vitest';
import { searchGoal, simulate } from '../../test/support/simulated-search.ts';

const range = fc
  .tuple(fc.double({ min: 0.1, max: 5000, noNaN: true }), fc.double({ min: 1.01, max: 5000, noNaN: true }))
  .map(([low, factor]) => ({ low, high: low * factor }));
const width = fc.double({ min: 0.005, max: 1, noNaN: true });

it('without noise the bounds hold the capacity, as close as they are asked to be', () => {
  const place = fc.double({ min: -0.3, max: 1.3, noNaN: true });
  fc.assert(
    fc.property(range, width, place, ({ low, high }, width, place) => {
      const capacity = low * (high / low) ** place;
      const goal = searchGoal({ low, high, width, budget: Infinity });
      const { lower, upper, guess, reason, trials, verified } = simulate(goal, ({ rate }) =>
        rate <= capacity ? 'good' : 'bad',
      );
      expect(lower <= capacity && capacity < upper).toBe(true);
      expect(lower <= guess && guess <= upper).toBe(true);
      expect(trials.every(({ rate }) => rate >= low && rate <= high)).toBe(true);
      if (reason === 'found') {
        // Loads have four digits.
        expect(upper / lower).toBeLessThanOrEqual((1 + width) * 1.001 + 0.001);
        expect(verified).toBe(true);
      } else expect(reason).toBe(capacity < low ? 'below' : 'above');
    }),
    { numRuns: 500, seed: 4 },
  );
});

const coarse = fc.double({ min: 0.05, max: 1, noNaN: true });

it('ends, whatever the trials say', () => {
  const outcomes = fc.array(fc.constantFrom('good' as const, 'bad' as const, 'doubtful' as const, 'invalid' as const), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(range, coarse, outcomes, ({ low, high }, width, outcomes) => {
      const goal = searchGoal({ low, high, width, budget: 1e15 });
      const { lower, upper, trials } = simulate(goal, (_, index) => outcomes[index % outcomes.length]!);
      expect(lower < upper).toBe(true);
      expect(trials.length).toBeLessThan(3000);
    }),
    { numRuns: 300, seed: 5 },
  );
});

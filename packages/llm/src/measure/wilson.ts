import { normalQuantile, type Estimate } from '@perfkeel/core';

const z = normalQuantile(0.975);

/**
 * A share with its 95 % interval (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927):
 * all shares that a score test would not reject. Unlike value ± z·se it says something of 20 in 20: 83.9 to 100 %.
 *
 * @returns `NaN` in [0, 1] when there are no trials
 */
export function wilsonShare(events: number, trials: number): Estimate {
  const common = { confidence: 0.95, method: `Wilson score interval, ${events} of ${trials}`, warnings: [] };
  if (trials === 0) return { value: NaN, lo: 0, hi: 1, ...common };
  const value = events / trials;
  const centre = (value + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((value * (1 - value)) / trials + z ** 2 / (4 * trials ** 2));
  return {
    value,
    // At the ends the formula gives 0 and 1 but for rounding.
    lo: events === 0 ? 0 : centre - half,
    hi: events === trials ? 1 : centre + half,
    ...common,
  };
}

/**
 * The trials from which on an observed `share` has its whole Wilson interval on its side of `limit`: 73 without a loss for
 * 95 %. Infinite when the two are equal.
 */
export function wilsonTrials(share: number, limit: number): number {
  const trials = (z ** 2 * limit * (1 - limit)) / (share - limit) ** 2;
  // At the limit itself the interval still touches it.
  return Math.floor(trials) + 1;
}

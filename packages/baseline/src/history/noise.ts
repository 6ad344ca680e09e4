import { quantile, sorted } from '@perfkeel/core';

/** How much the points of a history scatter about their level, whatever the level does. */
export interface Noise {
  /** Standard deviation of a point about its level. */
  readonly sigma: number;
  /**
   * How much less a mean of neighbours says than one of independent points: the factor on its variance, from 1 upwards.
   */
  readonly inflation: number;
}

/** Differences of normal values: their quantiles as multiples of the standard deviation of a value. */
const [atHalf, atFourFifths] = [0.6744897501960817 * Math.SQRT2, 1.2815515655446004 * Math.SQRT2];

/** A neighbour that says all the same, as in a random walk, must not silence every change. */
const mostCorrelation = 0.7;

const distances = (values: readonly number[], lag: number): number[] =>
  sorted(values.slice(lag).map((value, i) => Math.abs(value - values[i]!)));

/** The mean square of differences, of which those beyond four standard deviations count as just that. */
function clippedSquare(ascending: readonly number[], sigma: number): number {
  const most = 4 * Math.SQRT2 * sigma;
  return ascending.reduce((sum, value) => sum + Math.min(value, most) ** 2, 0) / ascending.length;
}

/**
 * Noise from differences between neighbours, which a change of level meets once only. The larger of what the median and
 * the fourth fifth of them say: values that jump between two modes look calm to the median alone.
 *
 * Correlation between neighbours from the ratio of differences at lag 2 and lag 1, which steps do not disturb (Chakar,
 * Lebarbier, Lévy-Leduc and Robin, "A robust approach for estimating change-points in the mean of an AR(1) process",
 * Bernoulli 23, 2017, section 2), less what chance alone makes of it.
 *
 * @param least the smallest sigma that is believed: identical values have noise all the same, it was only not seen
 */
export function noiseOf(values: readonly number[], least: number): Noise {
  const [first, second] = [distances(values, 1), distances(values, 2)];
  if (second.length === 0) return { sigma: least, inflation: 1 };
  const [inner, outer] = [quantile(first, 0.5) / atHalf, quantile(first, 0.8) / atFourFifths];
  const near = outer > 1.4 * inner ? outer : (inner + outer) / 2;
  const ratio = clippedSquare(second, inner) / (clippedSquare(first, inner) || Infinity) - 1;
  const correlation = Math.min(mostCorrelation, Math.max(0, ratio - 2 / Math.sqrt(values.length)));
  return {
    sigma: Math.max(least, near / Math.sqrt(1 - correlation)),
    inflation: (1 + correlation) / (1 - correlation),
  };
}

import { normalQuantile } from '../statistics/normal.ts';
import type { Rng } from '../rng.ts';

/** A distribution whose truth is known: what an estimator is held against. */
export interface ReferenceDistribution {
  readonly name: string;
  /** One independent draw. */
  draw(rng: Rng): number;
  /** The true quantile, `q` in (0, 1). */
  quantile(q: number): number;
}

/** Uniform in (0, 1): never 0, whose quantile is infinite in many distributions. */
const open = (rng: Rng): number => rng() + 2 ** -33;

/** A distribution that is known by its quantile function: drawn by inversion. */
const byInversion = (name: string, quantile: (q: number) => number): ReferenceDistribution => ({
  name,
  quantile,
  draw: (rng) => quantile(open(rng)),
});

export const normal = (mean = 0, deviation = 1): ReferenceDistribution =>
  byInversion('normal', (q) => mean + deviation * normalQuantile(q));

/** The exponential of a normal: how times of a busy service often look. `mu` and `sigma` are of the logarithm. */
export const logNormal = (mu = 0, sigma = 0.5): ReferenceDistribution =>
  byInversion('log-normal', (q) => Math.exp(mu + sigma * normalQuantile(q)));

export const exponential = (mean = 1): ReferenceDistribution =>
  byInversion('exponential', (q) => -mean * Math.log1p(-q));

/** Pareto from 1 upwards. At the default shape 1.5 the mean exists and the variance does not. */
export const heavyTailed = (shape = 1.5): ReferenceDistribution =>
  byInversion('heavy-tailed', (q) => (1 - q) ** (-1 / shape));

/** Two narrow humps, such as a cache hit and a miss: uniform in 1 ± 0.1 with the share, else in 10 ± 1. */
export const bimodal = (share = 0.8): ReferenceDistribution =>
  byInversion('bimodal', (q) => (q < share ? 0.9 + 0.2 * (q / share) : 9 + 2 * ((q - share) / (1 - share))));

/** One of each kind, for tests that must hold whatever the distribution. */
export const referenceDistributions: readonly ReferenceDistribution[] = [
  normal(100, 5),
  logNormal(),
  exponential(),
  heavyTailed(),
  bimodal(),
];

/** `size` independent draws. */
export const drawSample = (distribution: ReferenceDistribution, size: number, rng: Rng): number[] =>
  Array.from({ length: size }, () => distribution.draw(rng));

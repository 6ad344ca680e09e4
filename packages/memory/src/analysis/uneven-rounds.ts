import { createRng } from '@perfkeel/core';

/** Rounds are longer or shorter than their mean by up to this share. */
const spread = 0.25;
/** Always the same lengths, so that two measurements of one plan do the same. */
const seed = 20;

/**
 * Lengths of rounds about a mean, a whole number and at least 1 each.
 *
 * Looked at in equal steps, what comes and goes every 5000 iterations seems to grow slowly when a step is 5100 of them
 * (aliasing). Steps of random lengths meet it at a random place, and a rhythm becomes what it is: noise that is bounded
 * (Shapiro and Silverman, "Alias-free sampling of random noise", 1960).
 *
 *     in cache   /|  /|  /|  /|  /|  /|
 *               / | / | / | / | / | / |
 *     equal    .    .    .    .    .      a slow rise
 *     uneven   .   .      .   .     .     up and down
 */
export function unevenRounds(mean: number, rounds: number): number[] {
  const rng = createRng(seed);
  return Array.from({ length: rounds }, () => Math.max(1, Math.round(mean * (1 + spread * (2 * rng() - 1)))));
}

import { createRng, type DurationText, type Nanos } from '@perfkeel/core';

/**
 * How long a client waits between an answer and its next request: always the same, any time between two with the same
 * chance, or exponentially distributed around a mean, as pauses of people roughly are.
 */
export type ThinkTimeOptions =
  DurationText | { readonly from: DurationText; readonly to: DurationText } | { readonly mean: DurationText };

/** A think time in nanoseconds. */
export type ThinkTime =
  | { readonly kind: 'uniform'; readonly from: Nanos; readonly to: Nanos }
  | { readonly kind: 'exponential'; readonly mean: Nanos };

/** A longer pause of an exponential think time is cut here: one in twenty thousand. */
const longestMeans = 10;

/** Draws think times; the same seed gives the same ones in the same order. */
export function thinkTimes(think: ThinkTime, seed: number): () => Nanos {
  const rng = createRng(seed);
  if (think.kind === 'exponential') {
    return () => Math.min(-Math.log(1 - rng()) * think.mean, longestMeans * think.mean) as Nanos;
  }
  const { from, to } = think;
  return from === to ? () => from : () => (from + rng() * (to - from)) as Nanos;
}

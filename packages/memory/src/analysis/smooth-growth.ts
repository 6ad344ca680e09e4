import { median, theilSenSlope, type Estimate } from '@perfkeel/core';
import type { Increments } from './increments.ts';

/**
 * The smooth part of a series, looked at in its last half, where warm-up is over:
 *
 *     |----- settles -----|--- earlier ---|--- last ---|
 *     0                  n/2            3n/4           n
 */
export interface SmoothGrowth {
  /** Bytes gained over the last half. */
  readonly bytes: number;
  /** Iterations of the last half. */
  readonly span: number;
  /** Of the last half, 99 %. */
  readonly slope: Estimate;
  readonly earlier: Estimate;
  readonly last: Estimate;
  /** Iterations of the last quarter. */
  readonly lastSpan: number;
  /** Whether every part of the last half grew, not one of them alone. */
  readonly even: boolean;
  /** Mean step of the last half in its own standard errors: a random walk reaches 3 once in 740 times. */
  readonly drift: number;
  /** Whether the very last rounds added next to nothing: a cache that has just been filled. */
  readonly stopped: boolean;
}

const confidence = 0.99;
const blocks = 4;
/** Each block must rise by this share of the mean rise: one late step is not growth. */
const leastShare = 0.25;
const leastDrift = 3;
/** Rounds at the end of which each must add so small a share of what it should, and standard deviations that are missing. */
const lastRounds = 3;
const stoppedShare = 0.25;
const leastMissing = 6;

const middlesOf = (values: readonly number[]): number[] =>
  Array.from({ length: blocks }, (_, i) =>
    median(values.slice(Math.floor((i * values.length) / blocks), Math.floor(((i + 1) * values.length) / blocks))),
  );

/** Per iteration: on a busy machine a load completes many times as much in one round as in the next. */
function growsEvenly(iterations: readonly number[], values: readonly number[]): boolean {
  const [at, middles] = [middlesOf(iterations), middlesOf(values)];
  const mean = (middles.at(-1)! - middles[0]!) / (at.at(-1)! - at[0]!);
  const rates = middles.slice(1).map((middle, i) => (middle - middles[i]!) / (at[i + 1]! - at[i]!));
  return mean > 0 && rates.every((rate) => rate >= leastShare * mean);
}

/** A leak arrives with every round. One fall, such as code that the engine drops, is in the way of one round only. */
function hasStopped({ iterations, smooth, noise }: Increments, slope: number): boolean {
  const from = smooth.length - 1 - lastRounds;
  const due = iterations.slice(from).map((at) => slope * (at - iterations[from]!));
  const gained = smooth.slice(from).map((bytes) => bytes - smooth[from]!);
  const small = gained.every((bytes, i) => i === 0 || bytes - gained[i - 1]! <= stoppedShare * (due[i]! - due[i - 1]!));
  return small && due.at(-1)! - gained.at(-1)! > leastMissing * noise;
}

export function smoothGrowth(increments: Increments): SmoothGrowth {
  const { iterations, smooth, noise } = increments;
  const end = smooth.length;
  const half = Math.floor(end / 2);
  const quarter = Math.floor((3 * end) / 4);
  const slopeOf = (from: number, to: number): Estimate =>
    theilSenSlope(iterations.slice(from, to), smooth.slice(from, to), confidence);
  const bytes = smooth[end - 1]! - smooth[half]!;
  const slope = slopeOf(half, end);
  return {
    bytes,
    span: iterations[end - 1]! - iterations[half]!,
    slope,
    earlier: slopeOf(half, quarter),
    last: slopeOf(quarter, end),
    lastSpan: iterations[end - 1]! - iterations[quarter]!,
    even: growsEvenly(iterations.slice(half), smooth.slice(half)),
    drift: bytes / Math.sqrt(end - 1 - half) / noise,
    stopped: hasStopped(increments, slope.value),
  };
}

/** Growth that neither stops nor fades, and is no random walk: the mark of a leak. */
export function isPersistent(growth: SmoothGrowth, smallest: number): boolean {
  const { slope, earlier, last, even, drift, stopped } = growth;
  const lasts = slope.lo > smallest && last.lo > smallest / 2 && last.value >= 0.4 * earlier.value;
  return lasts && even && drift >= leastDrift && !stopped;
}

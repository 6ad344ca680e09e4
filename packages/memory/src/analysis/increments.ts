import { median } from '@perfkeel/core';
import type { LeakPoint } from '../memory-sample.ts';
import { withoutLumps } from './engine-lumps.ts';

/** One sudden step upwards, `bytes` above the usual growth of a round. */
export interface Jump {
  readonly iterations: number;
  readonly bytes: number;
}

/** A leak series, taken apart. All arrays have one entry a point. */
export interface Increments {
  readonly iterations: readonly number[];
  /** Live bytes as they were read. */
  readonly raw: readonly number[];
  /** Live bytes, without lumps of the engine and spikes that last for one point. */
  readonly level: readonly number[];
  /** The level without its jumps; begins at 0. */
  readonly smooth: readonly number[];
  readonly jumps: readonly Jump[];
  /** Standard deviation of what one round adds, in bytes, about what its iterations usually add. */
  readonly noise: number;
  /** The least growth that counts, in bytes: above the noise, and above what an engine does by itself. */
  readonly floor: number;
}

/** Turns a median absolute deviation into the standard deviation of a normal distribution. */
const madToSigma = 1.4826;

const differences = (values: readonly number[]): number[] => values.slice(1).map((value, i) => value - values[i]!);

/** Running median of three (Tukey, "Exploratory Data Analysis", 1977): removes lone spikes, keeps every step. */
function despiked(values: readonly number[]): number[] {
  return values.map((value, i) =>
    i === 0 || i === values.length - 1 ? value : median([values[i - 1]!, value, values[i + 1]!]),
  );
}

/**
 * Splits growth into jumps and a smooth part. Only rises are taken out: a fall is memory given back, and without it
 * every cache that is emptied now and then would look like a leak.
 */
export function splitIncrements(points: readonly LeakPoint[], minimumFloor: number): Increments {
  const iterations = points.map((point) => point.iterations);
  const raw = points.map(({ heap }) => heap);
  const rounds = differences(iterations);
  const quarter = Math.floor(raw.length / 4);
  const rises = differences(raw);
  const rate = median(rises.map((rise, i) => rise / rounds[i]!).slice(quarter));
  const deviation = median(rises.map((rise, i) => Math.abs(rise - rate * rounds[i]!)).slice(quarter));
  const noise = madToSigma * deviation;
  const floor = Math.max(minimumFloor, 6 * noise);
  const usually = iterations.map((at) => rate * at);
  const level = despiked(withoutLumps(raw, usually));
  const jumps: Jump[] = [];
  const smooth = [0];
  differences(level).forEach((rise, i) => {
    const usual = rate * rounds[i]!;
    const excess = rise - usual;
    const isJump = excess > Math.max(floor / 4, 10 * deviation);
    if (isJump) jumps.push({ iterations: iterations[i + 1]!, bytes: excess });
    smooth.push(smooth[i]! + (isJump ? usual : rise));
  });
  return { iterations, raw, level, smooth, jumps, noise, floor };
}

import { hodgesLehmannRatio, quantile, sorted, type Estimate } from '@perfkeel/core';

/**
 * - `steady`: whatever changed is shown to be smaller than `sameWithin`
 * - `faster`, `slower`: the newer batches are shown to differ by more than that
 * - `unclear`: the batches vary too much to show either
 * - `too-few`: not enough batches to say anything
 */
export type Trend = 'steady' | 'faster' | 'slower' | 'unclear' | 'too-few';

/** Whether a series of times had stopped changing. */
export interface Steadiness {
  readonly trend: Trend;
  /** How much longer the newer part took than the older, as a ratio: -0.1 is 10 % less. Absent with too few batches. */
  readonly change?: Estimate | undefined;
}

/** A change below this is steady: the smallest that a comparison warns of by default. */
export const sameWithin = 0.05;
/** The exact rank interval of four against four reaches 95 %; of three against three it does not. */
const fewestPerPart = 4;
/** More blocks than this narrow the interval little, and each then holds too few batches to shed its outliers. */
const mostBlocks = 10;
/** Other programs only ever add time, so of a block its low quartile is taken. */
const undisturbed = 0.25;

/**
 * Compares the older with the newer part of a series of times.
 *
 *     batches   1 2 3 4 5 6 | 7 8 9 10 11 12
 *     blocks    [   ] [   ] | [   ]  [     ]    the low quartile of each block stands for it
 *
 * Steady means that the 95 % interval of their ratio (Hodges-Lehmann, rank interval) lies within ±5 %: sameness is shown
 * and not assumed from the lack of a visible difference. Ranks and low quartiles, and not the coefficient of variation
 * of Georges et al. ("Statistically Rigorous Java Performance Evaluation", 2007, section 4), since one hiccup of the
 * machine lifts that above any limit. As in Barrett et al. ("Virtual Machine Warmup Blows Hot and Cold", 2017,
 * section 4), levels of stretches are compared, code may get slower as well as faster, and it may never settle.
 *
 * @param times above 0, in the order in which they were measured
 */
export function steadiness(times: readonly number[]): Steadiness {
  const older = Math.floor(times.length / 2);
  if (older < fewestPerPart) return { trend: 'too-few' };
  const change = hodgesLehmannRatio(
    inBlocks(times.slice(0, older), mostBlocks),
    inBlocks(times.slice(older), mostBlocks),
  );
  return { trend: trendOf(change), change };
}

/**
 * Looks for another level anywhere in a series, and not for sameness: the largest change that is shown between what is
 * before and what is behind a step, wherever it is put. A step in the first or last fifth can stay unseen.
 */
export function shownChange(times: readonly number[]): Steadiness | undefined {
  const blocks = inBlocks(times, 2 * mostBlocks);
  let largest: Steadiness | undefined;
  for (let step = fewestPerPart; step <= blocks.length - fewestPerPart; step++) {
    const change = hodgesLehmannRatio(blocks.slice(0, step), blocks.slice(step));
    const trend = trendOf(change);
    if (trend !== 'faster' && trend !== 'slower') continue;
    if (sizeOf(change) > sizeOf(largest?.change)) largest = { trend, change };
  }
  return largest;
}

/** The same for twice and for half as long. */
const sizeOf = (change: Estimate | undefined): number => Math.abs(Math.log1p(change?.value ?? 0));

function trendOf({ lo, hi }: Estimate): Trend {
  if (lo >= -sameWithin && hi <= sameWithin) return 'steady';
  if (hi < -sameWithin) return 'faster';
  if (lo > sameWithin) return 'slower';
  return 'unclear';
}

/** Neighbouring batches in blocks of about equal length. */
function inBlocks(times: readonly number[], most: number): number[] {
  const count = Math.min(most, times.length);
  const edge = (block: number): number => Math.round((block * times.length) / count);
  return Array.from({ length: count }, (_, block) =>
    quantile(sorted(times.slice(edge(block), edge(block + 1))), undisturbed),
  );
}

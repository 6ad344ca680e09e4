import {
  hodgesLehmannRatio,
  median,
  quantile,
  rankTest,
  signedRankShift,
  signedRankTest,
  sorted,
  type Estimate,
  type Unit,
} from '@perfkeel/core';
import type { Direction } from './change.ts';
import { effectOf, isRatio } from './effect.ts';
import type { RoundValues } from './round-values.ts';

/**
 * What of the error each of two intervals may use: that over all rounds of both sides, and that over pairs of rounds
 * that were measured next to each other. Pairs need more rounds, and nothing else holds when the machine drifts.
 */
const shares = { all: 0.7, pairs: 0.3 };

/** The values of rounds that both sides have: rounds of one number were measured next to each other. */
export function pairsOf(base: RoundValues, head: RoundValues): readonly (readonly [number, number])[] {
  const other = new Map(head.rounds.map((round, i) => [round, head.values[i]!]));
  return base.rounds.flatMap((round, i) => {
    const value = other.get(round);
    return value === undefined ? [] : [[base.values[i]!, value] as const];
  });
}

/**
 * The relative change between sides that were measured in turns: what lies in both of two intervals, the rank interval
 * over all rounds and the signed rank interval over pairs, each with a share of the error, so that both together have the
 * confidence. The estimate is that of the narrower one. Where numbers may vanish, the first alone.
 */
export function effectInTurns(unit: Unit, base: RoundValues, head: RoundValues, confidence: number): Estimate {
  if (!isRatio(unit, base.values, head.values)) return effectOf(unit, base.values, head.values, confidence);
  const alpha = 1 - confidence;
  const all = hodgesLehmannRatio(base.values, head.values, 1 - alpha * shares.all);
  const pairs = signedRankShift(logRatios(base, head), 1 - alpha * shares.pairs);
  const ofPairs = { value: Math.expm1(pairs.value), lo: Math.expm1(pairs.lo), hi: Math.expm1(pairs.hi) };
  if (!Number.isFinite(pairs.hi)) return all;
  const narrower = all.hi - all.lo <= ofPairs.hi - ofPairs.lo ? all : ofPairs;
  const [lo, hi] = [Math.max(all.lo, ofPairs.lo), Math.min(all.hi, ofPairs.hi)];
  const method = 'Hodges-Lehmann ratio, rank intervals over rounds and over pairs';
  // Both hold the truth at once, or one of them is wrong; then the narrower one by itself claims less.
  if (lo > hi) return { ...all, value: narrower.value, lo: narrower.lo, hi: narrower.hi, confidence, method };
  return { ...all, value: Math.min(hi, Math.max(lo, narrower.value)), lo, hi, confidence, method };
}

const logRatios = (base: RoundValues, head: RoundValues): number[] =>
  pairsOf(base, head).map(([from, to]) => Math.log(to / from));

/** The two-sided p value of a change in one direction, of both tests with their shares of the error. */
export function pInTurns(unit: Unit, base: RoundValues, head: RoundValues, direction: Direction): number {
  const { larger, smaller } = rankTest(base.values, head.values);
  const all = 2 * (direction > 0 ? larger : smaller);
  if (!isRatio(unit, base.values, head.values)) return Math.min(1, all);
  const { above, below } = signedRankTest(logRatios(base, head));
  return Math.min(1, all / shares.all, (2 * (direction > 0 ? above : below)) / shares.pairs);
}

/** Rounds on each side of one from which the level of the machine at that time is taken. */
const reach = 2;

/**
 * Which quantile of a side stands for its best rounds: of six it lies between the best and the second. When another
 * program runs beside half of the rounds of head, by chance, 1 of 1000 simulated sessions of identical code calls it
 * changed, and with the quartile 11 of 1000. The best round alone hangs on its luck: it misses 2 to 10 % of all changes more.
 */
const bestShare = 0.15;

/**
 * How far the best rounds moved, as a ratio, with what the machine did to both sides taken out: the level of each time is
 * the running median of the better round of each pair.
 */
export function movedFloor(unit: Unit, base: RoundValues, head: RoundValues): number {
  const pairs = pairsOf(base, head).map(([from, to]) => [Math.log(from), Math.log(to)] as const);
  const sign = unit === 'ns' ? 1 : -1;
  const better = pairs.map(([from, to]) => sign * Math.min(sign * from, sign * to));
  const levels = better.map((_, i) => median(better.slice(Math.max(0, i - reach), i + reach + 1)));
  const floor = (side: 0 | 1): number =>
    sign * quantile(sorted(pairs.map((pair, i) => sign * (pair[side] - levels[i]!))), bestShare);
  return Math.expm1(floor(1) - floor(0));
}

import { median, type Estimate, smallestBase } from '@perfkeel/core';
import { smallBase } from './effect.ts';
import { studentP, studentQuantile } from './student-t.ts';

/** What one round counted: how many of its trials were events. */
export interface RoundCount {
  readonly events: number;
  readonly trials: number;
}

/** A change of a share, and how often the same code would show one as large. */
export interface CountEffect {
  readonly effect: Estimate;
  readonly p: number;
}

/** With two rounds a side, an outage that hits whole rounds looks like a change too often: once in eight times. */
const fewestRounds = 3;

/** Rounds that differ this much more than chance lets them are what is counted, and not what they hold. */
const mostDispersion = 3;

/** What of the error is used: the same rounds choose between counts and ranks, and both together are to keep to it. */
const usedError = 0.8;

/**
 * The change of a share between two sets of rounds that counted, relative to the share of base as `effectOf` has it. Ranks
 * of four rounds never say more than p = 0.029, whatever 800 requests say.
 *
 * Rounds differ by more than chance: the variance is that of counts times the dispersion that the rounds of each side
 * show (Pearson's statistic by its degrees of freedom, 1 at least; McCullagh and Nelder, Generalized Linear Models, 4.5),
 * with the quantile of Student's t, around proportions with one success and one failure more (Agresti and Caffo 2000).
 * No p value is below 2^(1 - rounds of both sides): so often rounds that fail as a whole, every other one, part by chance.
 *
 * @returns `undefined` where ranks of rounds are to decide: fewer than three rounds a side, rounds far apart, nothing counted
 */
export function countEffect(
  base: readonly RoundCount[],
  head: readonly RoundCount[],
  confidence: number,
): CountEffect | undefined {
  if (Math.min(base.length, head.length) < fewestRounds) return undefined;
  const [from, to] = [totalOf(base), totalOf(head)];
  const events = from.events + to.events;
  if (events === 0 || events === from.trials + to.trials) return undefined;
  const df = base.length + head.length - 2;
  const dispersion = Math.max(1, (pearson(base, from) + pearson(head, to)) / df);
  if (dispersion > mostDispersion) return undefined;
  const middle = adjusted(to).share - adjusted(from).share;
  const error = Math.sqrt(dispersion * (adjusted(from).variance + adjusted(to).variance));
  const half = studentQuantile(1 - usedError * (1 - confidence), df) * error;
  const [lo, hi] = [Math.max(-1, middle - half), Math.min(1, middle + half)];
  const value = Math.min(hi, Math.max(lo, to.events / to.trials - from.events / from.trials));
  const shares = base.map(shareOf);
  const scale = Math.max(median(shares), smallestBase('ratio'));
  const warnings = smallBase('ratio', shares);
  const method = 'difference of shares relative to base, quasi-binomial over rounds';
  const p = Math.max(Math.min(1, studentP(middle / error, df) / usedError), 2 ** (1 - base.length - head.length));
  return { effect: { value: value / scale, lo: lo / scale, hi: hi / scale, confidence, method, warnings }, p };
}

const shareOf = ({ events, trials }: RoundCount): number => events / trials;

const totalOf = (counts: readonly RoundCount[]): RoundCount => ({
  events: counts.reduce((sum, { events }) => sum + events, 0),
  trials: counts.reduce((sum, { trials }) => sum + trials, 0),
});

/** Pearson's statistic of rounds about their common share; 0 where all or nothing happened. */
function pearson(counts: readonly RoundCount[], total: RoundCount): number {
  const share = shareOf(total);
  const variance = share * (1 - share);
  if (variance === 0) return 0;
  return counts.reduce((sum, count) => sum + (count.trials * (shareOf(count) - share) ** 2) / variance, 0);
}

function adjusted({ events, trials }: RoundCount): { readonly share: number; readonly variance: number } {
  const share = (events + 1) / (trials + 2);
  return { share, variance: (share * (1 - share)) / (trials + 2) };
}

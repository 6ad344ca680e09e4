import { benjaminiHochberg, type Comparison } from '@perfkeel/core';
import type { TestedComparison } from './compare-benchmark.ts';
import { inconclusive } from './decide.ts';
import { leastRounds, moreRounds, roundsOfBoth } from './rounds-needed.ts';

const undecided = ['too-few-rounds', 'interval-too-wide'];

/** What may not be compared is no test: numbers of another machine, which differ surely, would vouch for others. */
const isTested = ({ comparison: { effect, decision, verdict } }: TestedComparison): boolean =>
  effect !== undefined && (decision !== 'inconclusive' || verdict.reasons.some(({ code }) => undecided.includes(code)));

/**
 * Holds the share of false changes over all metrics of a comparison (Benjamini and Hochberg): of 300 metrics of the same
 * code, 15 intervals at 95 % exclude 0. What is no longer sure among so many is inconclusive. Metrics that moved together
 * pay nothing for each other: the correction is that of the least sure of them.
 *
 * Rounds that are too few to decide, whatever they show, are told how many could.
 */
export function correctedForMany(
  all: readonly TestedComparison[],
  confidence: number,
  imported = false,
): readonly Comparison[] {
  const tested = all.filter(isTested);
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
  const least = leastRounds(confidence, tested.length);
  return all.map((each) => {
    const { comparison } = each;
    const { decision, verdict } = comparison;
    if (verdict.reasons.some(({ code }) => code === 'too-few-rounds')) {
      return { ...comparison, verdict: { ...verdict, needs: roundsOfBoth(least, imported) } };
    }
    const p = adjusted[tested.indexOf(each)] ?? 0;
    if ((decision !== 'regressed' && decision !== 'improved') || p <= (1 - confidence) * (1 + 1e-9)) return comparison;
    const message = `${verdict.reasons[0]?.message ?? ''}, which is not sure enough among ${tested.length} metrics`;
    const rounds = Math.min(comparison.base.length, comparison.head.length);
    const needs = rounds < least ? roundsOfBoth(least, imported) : moreRounds(1, 'at least ');
    return { ...comparison, ...inconclusive('too-many-metrics', message, needs) };
  });
}

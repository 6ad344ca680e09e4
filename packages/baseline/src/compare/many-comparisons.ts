import { benjaminiHochberg, rankTest, type Comparison } from '@perfkeel/core';
import { inconclusive } from './decide.ts';
import { moreRounds } from './rounds-needed.ts';

const undecided = ['too-few-rounds', 'interval-too-wide'];

/** What may not be compared is no test: numbers of another machine, which differ surely, would vouch for others. */
const isTested = ({ effect, decision, verdict }: Comparison): boolean =>
  effect !== undefined && (decision !== 'inconclusive' || verdict.reasons.some(({ code }) => undecided.includes(code)));

/**
 * Holds the share of false changes over all metrics of a comparison (Benjamini and Hochberg): of 300 metrics of the same
 * code, 15 intervals at 95 % exclude 0. What is no longer sure among so many is inconclusive.
 */
export function correctedForMany(comparisons: readonly Comparison[], confidence: number): readonly Comparison[] {
  const tested = comparisons.filter(isTested);
  const adjusted = benjaminiHochberg(tested.map(({ base, head }) => rankTest(base, head).either));
  return comparisons.map((comparison) => {
    const changed = comparison.decision === 'regressed' || comparison.decision === 'improved';
    const p = adjusted[tested.indexOf(comparison)] ?? 0;
    if (!changed || p <= (1 - confidence) * (1 + 1e-9)) return comparison;
    const said = comparison.verdict.reasons[0]?.message ?? '';
    const message = `${said}, which is not sure enough among ${tested.length} metrics`;
    return { ...comparison, ...inconclusive('too-many-metrics', message, moreRounds(1, 'at least ')) };
  });
}

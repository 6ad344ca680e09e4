import { usageError, type ComparisonReport, type Run } from '@perfkeel/core';
import { interruptions, isImported, otherEnvironment, planWarnings, plansInBoth, shortRun } from './comparability.ts';
import { compareBenchmark } from './compare-benchmark.ts';
import { withoutTimesOfFailures } from './failing-work.ts';
import { correctedForMany } from './many-comparisons.ts';
import { resolvePolicy, type ComparisonPolicy } from './policy.ts';
import { sideOf, verdictOf } from './report-parts.ts';
import { environmentNotes, separateSessions } from './session-spread.ts';

/**
 * Holds two stored runs against each other: each benchmark that both planned, each metric that decides, one number a
 * round, with an interval over rounds. Pure.
 *
 * The interval is that of the Mann-Whitney test around the Hodges-Lehmann estimate; of shares that rounds counted, that
 * of the counts, as long as rounds differ by little more than chance. Times of work that fails are not compared. The false discovery rate is held over
 * all metrics. Runs of different classes of machines are not compared at all, except for counts that no machine changes;
 * between hosts of one class, or other conditions on one host, intervals of times and rates are widened.
 *
 * Stored runs were measured in two sessions, and the rounds of one session share whatever it did to them, which no
 * interval over rounds holds: with sessions that differ by 3 % and five rounds that differ by 2 %, nearly half of all
 * intervals of the same code exclude 0. Hence the warning `separate-sessions` in every report; `compareSides` is for
 * both sides in one session.
 *
 * @param policy what is left out is 5 % to warn, 10 % to fail, 95 % confidence
 * @throws PerfError `same-run` or `bad-policy`, exit code 2. Noisy or missing data are inconclusive instead.
 */
export function compareRuns(base: Run, head: Run, policy?: Partial<ComparisonPolicy>): ComparisonReport {
  if (base.id === head.id) {
    throw usageError(`base and head are the same run, ${base.id}`, {
      code: 'same-run',
      hint: 'Name two runs: perfkeel compare <base> <head>.',
    });
  }
  const resolved = resolvePolicy(policy);
  const compared = plansInBoth(base, head).map((pair) => compareBenchmark({ base, head }, pair, resolved));
  const tested = compared.flatMap((benchmark) => benchmark.comparisons);
  const imported = isImported(base) || isImported(head);
  const comparisons = withoutTimesOfFailures(correctedForMany(tested, resolved.confidence, imported), head);
  const reservations = [otherEnvironment(base, head), shortRun(base, head)].filter((r) => r !== undefined);
  return {
    method: 'stored',
    base: sideOf(base),
    head: sideOf(head),
    comparisons,
    warnings: [
      ...reservations.map(({ code, message }) => ({ code, message })),
      ...interruptions(base, head),
      ...planWarnings(base, head),
      ...compared.flatMap((benchmark) => benchmark.warnings),
      ...environmentNotes({ base, head }),
      separateSessions,
    ],
    verdict: verdictOf(comparisons),
  };
}

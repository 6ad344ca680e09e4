import { join, usageError, type Comparison, type ComparisonReport, type Run, type Verdict } from '@perfkeel/core';
import {
  interruptions,
  otherEnvironment,
  planWarnings,
  plansInBoth,
  separateSessions,
  shortRun,
} from './comparability.ts';
import { compareBenchmark } from './compare-benchmark.ts';
import { resolvePolicy, type ComparisonPolicy } from './policy.ts';

/**
 * Holds two runs against each other: each benchmark that both planned, each metric that decides, one number a round,
 * with an interval over rounds. Pure.
 *
 * The interval is that of the Mann-Whitney test around the Hodges-Lehmann estimate. Each comparison has the confidence
 * of the policy by itself; nothing corrects for how many there are.
 *
 * That confidence is the confidence of independent rounds. Stored runs were measured in two sessions, and the rounds of
 * one session share whatever it did to them, which no interval over rounds holds: with sessions that differ by 3 % and
 * five rounds that differ by 2 %, nearly half of all intervals of the same code exclude 0. Hence the warning
 * `separate-sessions` in every report.
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
  const compared = plansInBoth(base, head).map((pair) => compareBenchmark(base, head, pair, resolved));
  const comparisons = compared.flatMap((benchmark) => benchmark.comparisons);
  const reservations = [otherEnvironment(base, head), shortRun(base, head)].filter((r) => r !== undefined);
  return {
    base: { id: base.id, label: labelOf(base) },
    head: { id: head.id, label: labelOf(head) },
    comparisons,
    warnings: [
      ...reservations.map(({ code, message }) => ({ code, message })),
      ...interruptions(base, head),
      ...planWarnings(base, head),
      ...compared.flatMap((benchmark) => benchmark.warnings),
      separateSessions,
    ],
    verdict: verdictOf(comparisons),
  };
}

/** Rolled up, a reason no longer stands beside its benchmark. */
function named({ benchmark, verdict }: Comparison): Verdict {
  const reasons = verdict.reasons.map(({ code, message }) => ({ code, message: `${benchmark}: ${message}` }));
  return { ...verdict, reasons };
}

/** Nothing in common is no pass: nothing is known about change. */
function verdictOf(comparisons: readonly Comparison[]): Verdict {
  if (comparisons.length > 0) return join(comparisons.map(named));
  const message = 'the runs have no benchmark in common that can be compared';
  return {
    kind: 'inconclusive',
    reasons: [{ code: 'nothing-in-common', message }],
    needs: 'a base run of the same benchmarks',
  };
}

/** Branch and commit when they are known, else the id; `*` for what was not committed. */
function labelOf({ id, provenance: { branch, sha, dirty } }: Run): string {
  const names = [branch, sha?.slice(0, 7)].filter((name) => name !== undefined && name !== '');
  return names.length > 0 ? names.join(' ') + (dirty ? '*' : '') : id;
}

import type { Comparison, ComparisonReport, Reason } from '@perfkeel/core';
import { verdictOf } from '../compare/report-parts.ts';
import type { Acceptance } from './acceptance.ts';
import { exceeding } from './accepted-size.ts';
import { matchesPattern } from './match-pattern.ts';

/**
 * Lets regressions that were accepted pass, and says so. Pure.
 *
 * It is then `accepted`, with the reason `accepted` first and the verdict `pass`. It goes on failing, with the reason
 * `acceptance-expired` or `acceptance-exceeded`, when its acceptance no longer holds or is for less. Of several
 * acceptances that name it the one counts that lets it pass. Acceptances that name nothing here become a warning, since
 * a misspelt one would be missed otherwise.
 *
 * @param today the day, `2026-11-21`, UTC
 */
export function applyAcceptances(
  report: ComparisonReport,
  acceptances: readonly Acceptance[],
  today: string,
): ComparisonReport {
  if (acceptances.length === 0) return report;
  const comparisons = report.comparisons.map((comparison) => accept(comparison, acceptances, today));
  const changed = comparisons.some((comparison, i) => comparison !== report.comparisons[i]);
  const idle = acceptances.filter(
    ({ pattern }) => !report.comparisons.some((comparison) => matchesPattern(pattern, comparison)),
  );
  const warnings = idle.map(({ id, pattern }) => ({
    code: 'acceptance-unused',
    message: `the acceptance ${id} names nothing that was compared: ${JSON.stringify(pattern)}`,
  }));
  return {
    ...report,
    comparisons,
    warnings: [...report.warnings, ...warnings],
    verdict: changed ? verdictOf(comparisons) : report.verdict,
  };
}

function accept(comparison: Comparison, acceptances: readonly Acceptance[], today: string): Comparison {
  if (comparison.decision !== 'regressed' || comparison.verdict.kind === 'pass') return comparison;
  const outcomes = acceptances
    .filter(({ pattern }) => matchesPattern(pattern, comparison))
    .map((acceptance) => outcomeOf(comparison, acceptance, today));
  const best = outcomes.find(({ code }) => code === 'accepted') ?? outcomes[0];
  if (!best) return comparison;
  const reasons = [best, ...comparison.verdict.reasons];
  if (best.code !== 'accepted') return { ...comparison, verdict: { ...comparison.verdict, reasons } };
  return { ...comparison, decision: 'accepted', verdict: { ...comparison.verdict, kind: 'pass', reasons } };
}

function outcomeOf(comparison: Comparison, acceptance: Acceptance, today: string): Reason {
  const { id, reason, expires } = acceptance;
  if (expires !== undefined && today > expires) {
    return { code: 'acceptance-expired', message: `${id}: accepted until ${expires} only: ${reason}` };
  }
  const why = exceeding(comparison, acceptance);
  if (why !== undefined) return { code: 'acceptance-exceeded', message: `${id}: ${why}: ${reason}` };
  return { code: 'accepted', message: `${id}: ${reason}` };
}

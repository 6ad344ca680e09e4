import { compareSides, type SidesReport } from '@perfkeel/baseline';
import { joinKinds, pass, type ComparisonReport, type Run, type Verdict } from '@perfkeel/core';
import type { Change } from '../config.ts';
import type { MeasuredSides, PreparedSides, Side } from '@perfkeel/runner';

export interface ToReport {
  readonly sides: Pick<PreparedSides, 'base' | 'head' | 'chosen' | 'notCompared' | 'remarks'>;
  readonly measured: MeasuredSides;
  readonly change: Change;
  /** The command that measures this again. */
  readonly reproduce: string;
  /** Whether the budget was a part of one for several projects. */
  readonly sharedBudget?: boolean | undefined;
  /** Lets pass what was accepted. */
  readonly accept?: ((report: ComparisonReport) => ComparisonReport) | undefined;
}

/** The report of two sides: what was measured, what was not, and why. */
export function reportSides({
  sides,
  measured,
  change,
  reproduce,
  sharedBudget,
  accept = asIs,
}: ToReport): SidesReport {
  const { identical, confirmation, spent } = measured;
  const compared = compareSides(
    {
      base: withIdentical(measured.base, sides.base, identical),
      head: withIdentical(measured.head, sides.head, identical),
      confirmation,
      identical: new Set(identical),
      why: sides.chosen.reason,
      reproduce,
      ...(spent.exhausted ? { spent: { ...spent, shared: sharedBudget } } : {}),
    },
    change,
  );
  const report = accept(compared);
  const notCompared = sides.notCompared.map(({ code, message }) => ({ code, message }));
  const { nodeFlags } = measured;
  const { neededBudgetMs } = compared;
  return {
    ...report,
    ...(nodeFlags.length > 0 ? { nodeFlags } : {}),
    warnings: [...notCompared, ...sides.remarks, ...report.warnings],
    verdict: verdictOf(report, sides.notCompared),
    ...(neededBudgetMs === undefined ? {} : { neededBudgetMs }),
  };
}

const asIs = (report: ComparisonReport): ComparisonReport => report;

/** What executes the same was planned, although nobody had to measure it. */
function withIdentical(run: Run, side: Side, identical: readonly string[]): Run {
  const known = new Set(run.plan.benchmarks.map(({ id }) => id));
  const missing = side.benchmarks.map(({ plan }) => plan).filter(({ id }) => identical.includes(id) && !known.has(id));
  return { ...run, plan: { ...run.plan, benchmarks: [...run.plan.benchmarks, ...missing] } };
}

/** What is not compared is no failure; that its work changed is worth a look. Only new benchmarks: nothing to say. */
function verdictOf({ comparisons, verdict }: ComparisonReport, notCompared: PreparedSides['notCompared']): Verdict {
  const rewritten = notCompared.filter(({ code }) => code === 'incomparable');
  const reasons = (rewritten.length > 0 ? rewritten : notCompared).map(({ code, message }) => ({ code, message }));
  if (comparisons.length === 0 && notCompared.length > 0) {
    return rewritten.length > 0 ? { kind: 'warn', reasons } : { ...pass, reasons };
  }
  if (rewritten.length === 0 || joinKinds(verdict.kind, 'warn') !== 'warn') return verdict;
  return { kind: 'warn', reasons: [...(verdict.kind === 'warn' ? verdict.reasons : []), ...reasons] };
}

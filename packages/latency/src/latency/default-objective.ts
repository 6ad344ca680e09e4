import { metrics, parseObjective, type Declaration } from '@perfkeel/core';

/**
 * What calls are held to when they promise something, but nothing about errors: times are those of calls that
 * succeeded. 59 calls without a failure show it.
 */
export const defaultErrorObjective = 'errors < 5%';

/** The same where one round has too few calls to show a share below 5 %: judged on what was seen. */
export const fewCallsErrorObjective = 'errors = 0';

/** ln(0.05) / ln(0.95), rounded up: with 95 % certainty fewer than 5 % fail when none of so many did. */
const enoughToShow = 59;

/** The objectives that count. A demonstration that must fail has to fail by what it says itself. */
export function withErrorObjective(
  { objectives, expected, metrics: measured }: Pick<Declaration, 'objectives' | 'expected' | 'metrics'>,
  samples: number,
): readonly string[] {
  if (objectives.length === 0 || expected === 'fail') return objectives;
  const scope = { metrics: measured, primary: metrics.responseTime.id };
  if (objectives.some((source) => parseObjective(source, scope).metric === metrics.errors.id)) return objectives;
  return [...objectives, samples < enoughToShow ? fewCallsErrorObjective : defaultErrorObjective];
}

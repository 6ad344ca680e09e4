import type { Declaration } from './declaration.ts';

/**
 * What a benchmark is held to when it promises nothing about errors: times are those of answers that were
 * good, and a server that answers everything with 500 is fast. 59 attempts without a failure show it.
 */
export const defaultErrorObjective = 'errors < 5%';

/** The same where one round has too few attempts to show a share below 5 %: judged on what was seen. */
export const fewErrorObjective = 'errors = 0';

/** ln(0.05) / ln(0.95), rounded up: with 95 % certainty fewer than 5 % fail when none of so many did. */
const enoughToShow = 59;

/**
 * The objectives that count. A demonstration that must fail has to fail by what it says itself.
 *
 * @param speaksOfErrors whether one of them is about errors
 * @param attempts of one round, as far as that is known in advance
 */
export function withErrorObjective(
  { objectives, expected }: Pick<Declaration, 'objectives' | 'expected'>,
  speaksOfErrors: boolean,
  attempts?: number,
): readonly string[] {
  if (speaksOfErrors || expected === 'fail') return objectives;
  const few = attempts !== undefined && attempts < enoughToShow;
  return [...objectives, few ? fewErrorObjective : defaultErrorObjective];
}

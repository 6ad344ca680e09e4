import type { Unit, Warning } from '@perfkeel/core';
import { waitingFailures } from './failure.ts';
import type { RequestResult } from './load-result.ts';
import { starvedCode } from './load-warnings.ts';

/**
 * What the doubts about a run forbid to conclude from one of its metrics.
 *
 * A machine that was too busy spoils times and rates, but hardly what was answered and what not. A generator without a
 * processor sends less than it should, and nothing gets more done by that: a rate that was reached was reached. What
 * failed has failed, and what was answered was answered; only an answer that nobody had the time to read looks as if it
 * had never come.
 */
export function bansOn(
  unit: Unit,
  warnings: readonly Warning[],
  { failures }: Pick<RequestResult, 'failures'>,
): readonly Warning[] {
  const waited = waitingFailures.some((kind) => failures[kind] > 0);
  return warnings.flatMap((warning): readonly Warning[] => {
    if (warning.forbids === undefined) return [];
    const isStarved = warning.code === starvedCode && warning.forbids === 'verdict';
    if (unit === '1/s' && isStarved) return [{ ...warning, forbids: 'fail' }];
    if (unit !== 'ratio') return [warning];
    if (isStarved) return waited ? [{ ...warning, forbids: 'fail' }] : [];
    return warning.forbids === 'verdict' ? [warning] : [];
  });
}

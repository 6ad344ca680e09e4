import type { Report } from '@perfkeel/core';
import type { ObjectiveRow } from '../view/objective-row.ts';
import { asksThePast } from '../view/other-clues.ts';
import { recommendationsOf } from '../view/recommendations.ts';
import type { TerminalOptions } from './terminal.ts';

/** What a screen has room to say of a missed objective. */
export interface ShortAdvice {
  readonly evidence?: string | undefined;
  readonly attempt?: string | undefined;
}

/** The short advice of each row that has some: the first of what was measured beside it, and the first thing to try. */
export type AdviceByRow = ReadonlyMap<string, ShortAdvice>;

const keyOf = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);

/** Several objectives of one benchmark are often missed for the same reason: it is told with the first of them. */
export function adviceByRow(
  report: Report,
  { stored, declared }: Pick<TerminalOptions, 'stored' | 'declared'>,
): AdviceByRow {
  const said = new Set<string>();
  const advice = new Map<string, ShortAdvice>();
  for (const { benchmark, objective, kind, evidence, attempts } of recommendationsOf(report)) {
    if (kind !== 'fail') continue;
    const hasPast = stored !== false && declared !== false;
    const possible = attempts.filter((attempt) => hasPast || !asksThePast(attempt));
    const news = ([first]: readonly string[]): string | undefined => {
      const key = keyOf(benchmark, first);
      if (first === undefined || said.has(key)) return undefined;
      said.add(key);
      return first;
    };
    advice.set(keyOf(benchmark, objective), { evidence: news(evidence), attempt: news(possible) });
  }
  return advice;
}

export const adviceFor = (advice: AdviceByRow, { benchmark, objective }: ObjectiveRow): ShortAdvice =>
  advice.get(keyOf(benchmark, objective)) ?? {};

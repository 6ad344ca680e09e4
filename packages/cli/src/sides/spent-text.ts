import { formatChange, formatQuantity, nanosFromMs } from '@perfkeel/core';
import type { Dependencies, Preparation, SidesSpent } from '@perfkeel/runner';

export interface Spent {
  readonly preparation: Preparation;
  readonly dependencies: Dependencies;
  readonly sides: SidesSpent;
}

/**
 * What comparing cost beside the rounds themselves, as a share of them. Installing and building are not counted: they
 * depend on the project.
 */
export function overheadOf({ preparation, dependencies, sides }: Spent): number {
  const { checkoutMs, dependenciesMs, declareMs } = preparation;
  const copied = dependencies === 'installed' ? 0 : dependenciesMs;
  return (checkoutMs + declareMs + copied + sides.totalMs - sides.roundsMs) / sides.roundsMs;
}

const time = (ms: number): string => formatQuantity(nanosFromMs(Math.round(ms)), 'ns');

/** Where the time went, as lines for people. */
export function spentText(spent: Spent): string {
  const { preparation, dependencies, sides } = spent;
  const lines = [
    `reading perf files ${time(preparation.declareMs)}`,
    `checking base out ${time(preparation.checkoutMs)}`,
    ...(dependencies === 'none' ? [] : [`packages ${dependencies} ${time(preparation.dependenciesMs)}`]),
    ...(preparation.buildMs > 0 ? [`building ${time(preparation.buildMs)}`] : []),
    `${sides.rounds} rounds ${time(sides.roundsMs)}, between them ${time(sides.totalMs - sides.roundsMs)}`,
    ...(sides.rounds > 0 ? [`beside the rounds, without building: ${formatChange(overheadOf(spent))}`] : []),
    ...(sides.exhausted ? ['the budget ended it'] : []),
  ];
  return `${lines.map((line) => `spent    ${line}`).join('\n')}\n`;
}

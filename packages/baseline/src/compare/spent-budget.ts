import { formatMinutes, formatQuantity } from '@perfkeel/core';
import { defaultPlan } from './comparison-plan.ts';

/** Of a comparison that its budget ended: how much that was, and how long things took. Milliseconds. */
export interface SpentBudget {
  readonly budgetMs: number;
  readonly totalMs: number;
  /** Of one round of each benchmark that was measured. */
  readonly roundMs: ReadonlyMap<string, number>;
  /** Whether it was a part of a budget for several comparisons: what they need together, only whoever started them knows. */
  readonly shared?: boolean | undefined;
}

/** What would decide what a budget has left open. */
export interface BudgetNeeds {
  readonly needs: string;
  /** About how much budget is enough, milliseconds; absent when nothing was measured that would tell. */
  readonly budgetMs?: number;
}

/** `the budget was spent`, `its part of the budget was spent`. */
export const spentWords = ({ shared }: SpentBudget): string =>
  `${shared ? 'its part of the budget' : 'the budget'} was spent`;

/** Rounds take longer at times. */
const margin = 1.25;
/** What of a budget is left to confirm what the first rounds showed when others still want first rounds. */
const confirmShare = 0.4;

const said = (ms: number): string => (ms <= 60_000 ? formatQuantity(ms * 1e6, 'ns') : formatMinutes(ms / 1000));

/** `a second set of rounds: the budget of 60 s was spent, --budget 3m would be about enough`, for the benchmarks that wait for it. */
export function confirmingNeeds(spent: SpentBudget, waiting: readonly string[]): BudgetNeeds {
  return enough(spent, confirmMs(spent, waiting), 'a second set of rounds');
}

/** The same for more first rounds: all benchmarks get them in turns, and a change that they show is to be confirmed. */
export function moreRoundsNeeds(spent: SpentBudget, benchmark: string, more: number, words: string): BudgetNeeds {
  const all = [...new Set([...spent.roundMs.keys(), benchmark])];
  return enough(spent, 2 * more * sum(spent, all) + confirmMs(spent, [benchmark]), words);
}

const confirmMs = (spent: SpentBudget, benchmarks: readonly string[]): number =>
  2 * (defaultPlan.confirmLooks[0] ?? 0) * sum(spent, benchmarks);

function sum({ roundMs }: SpentBudget, benchmarks: readonly string[]): number {
  return benchmarks.reduce((total, benchmark) => total + (roundMs.get(benchmark) ?? longest(roundMs)), 0);
}

/** What was never measured may take as long as what took longest. */
const longest = (roundMs: ReadonlyMap<string, number>): number => Math.max(0, ...roundMs.values());

function enough(spent: SpentBudget, missingMs: number, words: string): BudgetNeeds {
  const { totalMs, budgetMs, shared, roundMs } = spent;
  const ms = margin * Math.max(totalMs + missingMs, missingMs / confirmShare, budgetMs);
  const ended = `${shared ? 'its part of the budget,' : 'the budget of'} ${said(budgetMs)}${shared ? ',' : ''} was spent`;
  if (roundMs.size === 0) return { needs: `${words}: ${ended}` };
  return {
    needs: `${words}: ${ended}${shared ? '' : `, --budget ${budgetOption(ms)} would be about enough`}`,
    budgetMs: ms,
  };
}

/** A budget as one writes it, rounded up: `90s`, `4m`. */
export function budgetOption(ms: number): string {
  const seconds = 10 * Math.ceil(ms / 10_000);
  return seconds <= 90 ? `${seconds}s` : `${Math.ceil(seconds / 60)}m`;
}

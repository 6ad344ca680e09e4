import { formatMinutes, formatQuantity } from '@perfkeel/core';
import { defaultPlan } from './comparison-plan.ts';

/** Of a comparison that its budget ended: how much that was, and how long things took. Milliseconds. */
export interface SpentBudget {
  readonly budgetMs: number;
  readonly totalMs: number;
  /** Of one round of each benchmark that was measured. */
  readonly roundMs: ReadonlyMap<string, number>;
}

/** Rounds take longer at times. */
const margin = 1.25;
/** What of a budget is left to confirm what the first rounds showed when others still want first rounds. */
const confirmShare = 0.4;

const said = (ms: number): string => (ms <= 60_000 ? formatQuantity(ms * 1e6, 'ns') : formatMinutes(ms / 1000));

/** `a second set of rounds: the budget of 60 s was spent, --budget 3m would be about enough`, for the benchmarks that wait for it. */
export function confirmingNeeds(spent: SpentBudget, waiting: readonly string[]): string {
  return `a second set of rounds: ${enough(spent, confirmMs(spent, waiting))}`;
}

/** The same for more first rounds: all benchmarks get them in turns, and a change that they show is to be confirmed. */
export function moreRoundsNeeds(spent: SpentBudget, benchmark: string, more: number, words: string): string {
  const all = [...spent.roundMs.keys()];
  return `${words}: ${enough(spent, 2 * more * sum(spent, all) + confirmMs(spent, [benchmark]))}`;
}

const confirmMs = (spent: SpentBudget, benchmarks: readonly string[]): number =>
  2 * (defaultPlan.confirmLooks[0] ?? 0) * sum(spent, benchmarks);

function sum({ roundMs }: SpentBudget, benchmarks: readonly string[]): number {
  return benchmarks.reduce((total, benchmark) => total + (roundMs.get(benchmark) ?? longest(roundMs)), 0);
}

/** What was never measured may take as long as what took longest. */
const longest = (roundMs: ReadonlyMap<string, number>): number => Math.max(0, ...roundMs.values());

function enough({ totalMs, budgetMs }: SpentBudget, missingMs: number): string {
  const ms = margin * Math.max(totalMs + missingMs, missingMs / confirmShare, budgetMs);
  const seconds = 10 * Math.ceil(ms / 10_000);
  const budget = seconds <= 90 ? `${seconds}s` : `${Math.ceil(seconds / 60)}m`;
  return `the budget of ${said(budgetMs)} was spent, --budget ${budget} would be about enough`;
}

import {
  pass,
  rankInterval,
  type Better,
  type Decision,
  type Estimate,
  type Verdict,
  type Difference,
} from '@perfkeel/core';
import { describeEffect, describeLimit } from './difference.ts';
import type { ComparisonPolicy } from './policy.ts';
import type { BudgetNeeds } from './spent-budget.ts';
import { missingRounds, moreRounds, roundsThatWouldDecide } from './rounds-needed.ts';

/** What a comparison comes to. */
export interface Decided {
  readonly decision: Decision;
  readonly verdict: Verdict;
  /** About how much budget would decide it, milliseconds, when the budget ended it. */
  readonly budgetMs?: number | undefined;
}

/** Everything that a decision depends on. */
export interface Evidence {
  readonly effect: Estimate;
  readonly better: Better;
  /** Rounds of each side. */
  readonly base: number;
  readonly head: number;
  /** Whether rounds of any number have an interval, since what they counted gives it. */
  readonly counted?: boolean | undefined;
  /** How changes are told where per cent would mislead. */
  readonly difference?: Difference | undefined;
  /** What changed, in words: `p99 of response-time, 41.8 ms to 47.9 ms`. */
  readonly what: string;
}

export function inconclusive(code: string, message: string, needs: string | BudgetNeeds): Decided {
  const given = typeof needs === 'string' ? { needs } : needs;
  const verdict = { kind: 'inconclusive', reasons: [{ code, message }], needs: given.needs } as const;
  return { decision: 'inconclusive', verdict, ...('budgetMs' in given ? { budgetMs: given.budgetMs } : {}) };
}

/**
 * Whether a change is one: its interval excludes 0 and its size is at least `warn`; or it is none: its interval lies
 * inside ±warn. Everything else is inconclusive, with the rounds that would decide.
 *
 * A change for the worse fails when it is at least `fail` and its interval leaves no doubt that it is at least `warn`;
 * otherwise it warns.
 */
export function decide(evidence: Evidence, policy: ComparisonPolicy): Decided {
  const { effect, base, head, what, difference } = evidence;
  if (!evidence.counted && rankInterval(base, head, policy.confidence).cut === undefined) {
    const message = `${what}: ${base} and ${head} rounds are too few for an interval at ${describeLimit(policy.confidence)}`;
    return inconclusive('too-few-rounds', message, moreRounds(missingRounds(base, head, policy.confidence)));
  }
  const size = Math.abs(effect.value);
  if ((effect.lo > 0 || effect.hi < 0) && size >= policy.warn) return changed(evidence, policy);
  if (Math.max(Math.abs(effect.lo), Math.abs(effect.hi)) <= policy.warn)
    return { decision: 'unchanged', verdict: pass };
  const message = `${what}: ${describeEffect(effect, difference)} is neither surely a change nor surely below ${describeLimit(policy.warn, difference)}`;
  return inconclusive('interval-too-wide', message, roundsThatWouldDecide(effect, base, head, policy.warn));
}

function changed({ effect, better, what, difference }: Evidence, policy: ComparisonPolicy): Decided {
  const message = `${what}: ${describeEffect(effect, difference)}`;
  const worse = better === 'lower' ? effect.value > 0 : effect.value < 0;
  const decision = worse ? 'regressed' : 'improved';
  // The end of the interval that is nearer to no change.
  const near = Math.min(Math.abs(effect.lo), Math.abs(effect.hi));
  const fails = Math.abs(effect.value) >= policy.fail && near >= policy.warn;
  const kind = !worse ? 'pass' : fails ? 'fail' : 'warn';
  return { decision, verdict: { kind, reasons: [{ code: decision, message }] } };
}

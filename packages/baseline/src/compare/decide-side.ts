import { pass, type Comparison, type Decision, type Estimate, type Difference } from '@perfkeel/core';
import { isUnchanged, leastChange, mayMatter, shownChange, type Direction, type Look } from './change.ts';
import { describe } from './compare-benchmark.ts';
import { defaultPlan, stageConfidence } from './comparison-plan.ts';
import { lookOf, type Suspect } from './confirmation.ts';
import { inconclusive, type Decided } from './decide.ts';
import { describeEffect, describeLimit } from './difference.ts';
import { unevenDisturbance } from './disturbance.ts';
import type { ComparisonPolicy } from './policy.ts';
import { reservationOf } from './reservation.ts';
import { moreRounds, roundsMissing, roundsThatWouldDecide } from './rounds-needed.ts';
import {
  factsOf,
  gateDifference,
  pooled,
  valuesOf,
  type GateValues,
  type RunPair,
  type SideGate,
} from './side-gates.ts';
import { confirmingNeeds, moreRoundsNeeds, spentWords, type SpentBudget } from './spent-budget.ts';

/** What is known when a gate is decided. */
export interface SideEvidence {
  readonly screen: RunPair;
  readonly confirmation?: RunPair | undefined;
  readonly suspects: readonly Suspect[];
  readonly confirmed: ReadonlySet<SideGate>;
  /** Present when the budget ended the comparison. */
  readonly spent?: SpentBudget | undefined;
}

/** A comparison of two sides, with the budget that would decide it when the budget has ended it. */
export type SideComparison = Comparison & Pick<Decided, 'budgetMs'>;

/** A gate that nobody measured on either side is no news, unless it is the primary one. */
export function compareGate(gate: SideGate, evidence: SideEvidence, policy: ComparisonPolicy): SideComparison[] {
  const screen = valuesOf(evidence.screen, gate);
  if (screen.base.values.length + screen.head.values.length === 0 && !gate.primary) return [];
  const reservation = reservationOf(evidence.screen, gate.benchmark, screen);
  const first = lookOf(gate, screen, stageConfidence('screen', policy.confidence));
  if (!first) return [{ ...factsOf(gate, screen), ...nothingToCompare(gate, screen, evidence) }];
  if (reservation) {
    const message = `${describe(gate, screen)}: ${describeEffect(first.effect, gateDifference(gate, screen))}, but ${reservation.message}`;
    const refused = inconclusive(reservation.code, message, reservation.needs);
    return [{ ...factsOf(gate, screen), effect: stated(first.effect, policy), ...refused }];
  }
  const suspect = evidence.suspects.find((each) => each.gate === gate);
  return [suspect ? decideSuspect(suspect, first, evidence, policy) : decideOther(gate, screen, evidence, policy)];
}

/** The interval of a look, said as what it is: with those of all other looks it holds the truth with this confidence. */
const stated = (effect: Estimate, { confidence }: ComparisonPolicy): Estimate =>
  effect.confidence >= confidence ? { ...effect, confidence, method: `${effect.method}, over all looks` } : effect;

function decideSuspect(
  { gate, direction }: Suspect,
  first: Look,
  evidence: SideEvidence,
  policy: ComparisonPolicy,
): SideComparison {
  const { confirmation, confirmed, screen, spent } = evidence;
  const fresh = confirmation && valuesOf(confirmation, gate);
  const second = fresh && lookOf(gate, fresh, stageConfidence('confirm', policy.confidence));
  const screening = { base: first.base.values, head: first.head.values, effect: stated(first.effect, policy) };
  const seen = `${describeEffect(first.effect, gateDifference(gate, valuesOf(screen, gate)))} in ${rounds(first)} rounds a side`;
  if (!second || !fresh) {
    const values = valuesOf(screen, gate);
    const why = spent ? `: ${spentWords(spent)}` : '';
    const message = `${describe(gate, values)}: ${seen}, not confirmed by fresh rounds${why}`;
    const needs = spent ? confirmingNeeds(spent, waiting(evidence)) : 'a second set of rounds';
    const decided = inconclusive('not-confirmed', message, needs);
    return { ...factsOf(gate, values), effect: screening.effect, ...decided };
  }
  const facts = { ...factsOf(gate, fresh), effect: stated(second.effect, policy), screening };
  const what = `${describe(gate, fresh)}: ${describeEffect(second.effect, gateDifference(gate, fresh))}`;
  const refusal = confirmation && reservationOf(confirmation, gate.benchmark, fresh);
  if (refusal) return { ...facts, ...inconclusive(refusal.code, `${what}, but ${refusal.message}`, refusal.needs) };
  if (confirmed.has(gate)) {
    const said = `${what}, confirmed in ${rounds(second)} fresh rounds a side`;
    const uneven = confirmation && unevenDisturbance(confirmation, gate, direction);
    if (uneven) return { ...facts, ...inconclusive('not-valid', `${what}, but ${uneven}`, 'rounds without this') };
    return { ...facts, ...changed(gate, second, direction, said) };
  }
  if (isUnchanged(second)) return { ...facts, decision: 'unchanged', verdict: pass };
  const message = `${what} in ${rounds(second)} fresh rounds a side does not confirm ${seen}`;
  return { ...facts, ...undecided('not-confirmed', message, gate, second, spent) };
}

/** The benchmarks of which nothing that was suspected is confirmed yet. */
const waiting = ({ suspects, confirmed }: SideEvidence): string[] => [
  ...new Set(suspects.flatMap(({ gate }) => (confirmed.has(gate) ? [] : [gate.benchmark]))),
];

const rounds = ({ base, head }: Look): number => Math.min(base.values.length, head.values.length);

/** A change for the worse fails when it is nearer to the limit that fails than to the one that warns. */
function changed({ metric, limits }: SideGate, { effect }: Look, direction: Direction, message: string): Decided {
  const worse = metric.better === 'lower' ? direction > 0 : direction < 0;
  const decision: Decision = worse ? 'regressed' : 'improved';
  const fails = Math.abs(effect.value) >= (limits.warn + limits.fail) / 2;
  return {
    decision,
    verdict: { kind: !worse ? 'pass' : fails ? 'fail' : 'warn', reasons: [{ code: decision, message }] },
  };
}

/** Rounds of the second stage, which another metric of the benchmark asked for, make the interval narrower here. */
function decideOther(
  gate: SideGate,
  screen: GateValues,
  { confirmation, spent }: SideEvidence,
  policy: ComparisonPolicy,
): SideComparison {
  const confidence = stageConfidence('screen', policy.confidence);
  const fresh = freshRounds(gate, screen, confirmation);
  const values = fresh ? pooled(screen, fresh) : screen;
  const look = lookOf(gate, values, confidence)!;
  const facts = { ...factsOf(gate, values), effect: stated(look.effect, policy) };
  if (isUnchanged(look)) return { ...facts, decision: 'unchanged', verdict: pass };
  const { code, message } = whyOpen(look, gateDifference(gate, values));
  const what = `${describe(gate, values)}: ${describeEffect(look.effect, gateDifference(gate, values))} ${message}`;
  return { ...facts, ...undecided(code, what, gate, look, spent) };
}

/** Those of the second set that may be added to the first ones. */
function freshRounds(gate: SideGate, screen: GateValues, confirmation: RunPair | undefined): GateValues | undefined {
  if (confirmation === undefined) return undefined;
  const fresh = valuesOf(confirmation, gate);
  const alike = fresh.head.statistic === screen.head.statistic;
  return alike && !reservationOf(confirmation, gate.benchmark, fresh) ? fresh : undefined;
}

function whyOpen(look: Look, difference: Difference | undefined): { readonly code: string; readonly message: string } {
  const { lo, hi, value } = look.effect;
  const direction: Direction = lo > 0 ? 1 : hi < 0 ? -1 : 0;
  if (!Number.isFinite(hi) || lo === -1) {
    return { code: 'too-few-rounds', message: `in ${rounds(look)} rounds a side, too few for an interval` };
  }
  if (direction !== 0 && Math.abs(value) >= leastChange(look.limits) && shownChange(look) === 0) {
    return { code: 'uneven-rounds', message: 'shows in some rounds only, and the best ones of both sides are alike' };
  }
  if (direction !== 0 && shownChange(look) !== 0 && mayMatter(look, direction)) {
    return { code: 'not-confirmed', message: 'was seen only together with rounds of the second set' };
  }
  const limit = describeLimit(look.limits.warn, difference);
  return { code: 'interval-too-wide', message: `is neither surely a change nor surely below ${limit}` };
}

/** Undecided for want of rounds; where the budget was the reason, that and which one would be enough. */
function undecided(code: string, message: string, gate: SideGate, look: Look, spent: SpentBudget | undefined): Decided {
  const { more, words } = needed(look);
  // After the last look no budget brings more.
  const isLast = rounds(look) >= (defaultPlan.looks.at(-1) ?? 0);
  if (!spent || more === undefined || isLast) return inconclusive(code, message, words);
  const needs = moreRoundsNeeds(spent, gate.benchmark, more, words);
  return inconclusive(code, `${message}; ${spentWords(spent)}`, needs);
}

/** Rounds a side after which an interval says anything. */
const fewestRounds = defaultPlan.looks[0] ?? 6;

/** Rounds a side that would decide, as a number where anybody would measure so many, and as words. */
function needed(look: Look): { readonly more: number | undefined; readonly words: string } {
  const { effect, base, head, limits } = look;
  if (!Number.isFinite(effect.hi)) {
    const more = Math.max(1, fewestRounds - rounds(look));
    return { more, words: moreRounds(more) };
  }
  const given = [effect, base.values.length, head.values.length, limits.warn, leastChange(limits)] as const;
  return { more: roundsMissing(...given), words: roundsThatWouldDecide(...given) };
}

function nothingToCompare(
  { metric, benchmark }: SideGate,
  { base, head }: GateValues,
  { screen: runs, spent }: SideEvidence,
): Decided {
  if (base.statistic !== undefined && head.statistic !== undefined) {
    const message = `base gave the ${base.statistic} of ${metric.id}, and head its ${head.statistic}`;
    return inconclusive('incomparable', message, 'the same benchmark on both sides');
  }
  const sides = [base.values.length === 0 ? 'base' : '', head.values.length === 0 ? 'head' : ''].filter(Boolean);
  const which = sides.join(' and ');
  const failure = [...runs.base.failures, ...runs.head.failures].find((one) => one.benchmark === benchmark);
  const why = failure === undefined ? '' : `: ${failure.error.message}`;
  const message = `${which} measured no ${metric.id}${why}`;
  const words = `rounds of ${which} that measure it`;
  // The budget was over before its first round.
  const waits = spent !== undefined && failure === undefined && !spent.roundMs.has(benchmark);
  if (!waits) return inconclusive('no-values', message, words);
  const needs = moreRoundsNeeds(spent, benchmark, fewestRounds, words);
  return inconclusive('no-values', `${message}; ${spentWords(spent)}`, needs);
}

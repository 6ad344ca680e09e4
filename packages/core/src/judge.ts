import type { Estimate } from './estimate.ts';
import { estimateObjective } from './objective-estimate.ts';
import { formatQuantity } from './format.ts';
import type { Measurement } from './measurement.ts';
import { parseObjective, type ParsedObjective } from './objective.ts';
import type { BenchmarkPlan, Failure, Judgement } from './run.ts';
import type { Unit } from './units.ts';
import { join, pass, type Reason, type Verdict } from './verdict.ts';
import type { Ban, Warning } from './warning.ts';

/** How far past its limit a value may be, as a share of the limit. Up to `warn` passes, up to `fail` warns. */
export interface Tolerance {
  readonly warn: number;
  readonly fail: number;
}

/** A promise is a promise. */
export const strictTolerance: Tolerance = { warn: 0, fail: 0 };

/** Where an interval lies relative to a limit: wholly kept, wholly broken, or across it. */
type Position = 'kept' | 'broken' | 'across';

function position({ value, lo, hi }: Estimate, { comparator }: ParsedObjective, limit: number): Position {
  const keptBy = (x: number): boolean => {
    switch (comparator) {
      case '<':
        return x < limit;
      case '<=':
        return x <= limit;
      case '>':
        return x > limit;
      case '>=':
        return x >= limit;
      case '=':
        return x === limit;
    }
  };
  // An equality is judged on what was observed: no finite sample could bound it from both sides.
  if (comparator === '=') return keptBy(value) ? 'kept' : 'broken';
  if (keptBy(lo) && keptBy(hi)) return 'kept';
  return keptBy(lo) || keptBy(hi) ? 'across' : 'broken';
}

/** The limit, moved by a tolerance in the direction that forgives. */
function relaxed({ comparator, limit }: ParsedObjective, tolerance: number): number {
  if (comparator === '=') return limit;
  const allowance = Math.abs(limit) * tolerance;
  return comparator.startsWith('<') ? limit + allowance : limit - allowance;
}

function describe(estimate: Estimate, { unit, source }: ParsedObjective): string {
  const text = (value: number): string => formatQuantity(value, unit);
  return `${text(estimate.value)} [${text(estimate.lo)}, ${text(estimate.hi)}] against ${source}`;
}

/** More than this many times the data, and nobody will wait for them. */
const mostPatience = 100;

/** The rounds that would move the limit out of the interval: widths shrink with the root of the data. */
function whatWouldDecide(estimate: Estimate, limit: number, rounds: number): string | undefined {
  const { value, lo, hi } = estimate;
  // Only the side towards the limit has to come closer.
  const [distance, width] = value < limit ? [limit - value, hi - value] : [value - limit, value - lo];
  if (!Number.isFinite(width)) return undefined;
  const factor = (width / distance) ** 2;
  if (!(factor <= mostPatience)) return 'a limit further from what was measured; more rounds would hardly decide';
  // An interval that ends exactly at the limit still wants one more.
  const more = Math.max(1, Math.ceil(rounds * factor) - rounds);
  return `about ${more} more round${more === 1 ? '' : 's'}`;
}

const needsOf = (needs: string | undefined): Pick<Verdict, 'needs'> => (needs === undefined ? {} : { needs });

/**
 * Holds one estimate against one objective: an interval wholly on the good side passes, wholly on the bad side fails,
 * and across the limit is inconclusive, with what would decide it.
 *
 * @param rounds how many the estimate rests on; only words the advice
 */
export function judgeEstimate(
  estimate: Estimate,
  objective: ParsedObjective,
  tolerance: Tolerance = strictTolerance,
  rounds = 1,
): Verdict {
  const message = describe(estimate, objective);
  if ([estimate.value, estimate.lo, estimate.hi].some(Number.isNaN)) {
    return { kind: 'inconclusive', reasons: [{ code: 'not-a-number', message: `no number came out: ${message}` }] };
  }
  const at = (share: number): Position => position(estimate, objective, relaxed(objective, share));
  if (at(tolerance.warn) === 'kept') return pass;
  const reason = (code: string): readonly Reason[] => [{ code, message }];
  if (at(tolerance.fail) === 'kept') return { kind: 'warn', reasons: reason('within-tolerance') };
  if (at(tolerance.fail) === 'broken') return { kind: 'fail', reasons: reason('objective-missed') };
  const needs = estimate.warnings.find(({ code }) => code === 'too-few-samples')?.message;
  return {
    kind: 'inconclusive',
    reasons: reason(needs === undefined ? 'interval-across-limit' : 'too-few-samples'),
    ...needsOf(needs ?? whatWouldDecide(estimate, relaxed(objective, tolerance.fail), rounds)),
  };
}

/**
 * Judges one objective of a benchmark on everything that its rounds measured.
 *
 * @param doubts about the machine that all rounds share; they touch times and rates, not counts and bytes
 */
export function judgeObjective(
  plan: BenchmarkPlan,
  source: string,
  measurements: readonly Measurement[],
  tolerance: Tolerance = strictTolerance,
  doubts: readonly Warning[] = [],
): Judgement {
  const scope = { metrics: plan.metrics, primary: plan.quantiles ? plan.primary : undefined };
  const objective = parseObjective(source, scope);
  const rounds = measurements.filter(({ benchmark, metric }) => benchmark === plan.id && metric === objective.metric);
  const estimate = estimateObjective(
    objective,
    rounds.map(({ data }) => data),
  );
  const { metric, unit, comparator, limit } = objective;
  const base = { benchmark: plan.id, objective: source, metric, unit, comparator, limit };
  if (estimate === undefined) {
    const message = `${metric} has no values, so "${source}" cannot be judged`;
    return { ...base, verdict: { kind: 'inconclusive', reasons: [{ code: 'no-samples', message }] } };
  }
  const verdict = judgeEstimate(estimate, objective, tolerance, rounds.length);
  return { ...base, estimate, verdict: heldBack(verdict, rounds, timed.has(unit) ? doubts : []) };
}

/** The units in which a busy machine shows. */
const timed: ReadonlySet<Unit> = new Set(['ns', '1/s']);

/** What may not be concluded is not: numbers that carry a ban decide nothing, or at least break no promise. */
function heldBack(verdict: Verdict, rounds: readonly Measurement[], doubts: readonly Warning[]): Verdict {
  const spoilt = rounds.flatMap(({ round, warnings }) => warnings.map((warning) => ({ warning, round })));
  const banned = (ban: Ban): string[] => [
    ...doubts.filter(({ forbids }) => forbids === ban).map(({ message }) => message),
    ...perMessage(
      spoilt.filter(({ warning }) => warning.forbids === ban),
      rounds.map(({ round }) => round),
    ),
  ];
  const messages = banned('verdict');
  if (verdict.kind === 'fail' || verdict.kind === 'warn') messages.push(...banned('fail'));
  if (messages.length === 0) return verdict;
  return {
    kind: 'inconclusive',
    reasons: [...new Set(messages)].map((message) => ({ code: 'not-valid', message })),
    // Where something can be done about it, another run alone would not help.
    ...(isRemedied(rounds) ? {} : { needs: 'a run without this disturbance' }),
  };
}

const isRemedied = (rounds: readonly Measurement[]): boolean =>
  rounds.some(({ warnings }) =>
    warnings.some(({ forbids, remedies = [] }) => forbids !== undefined && remedies.length > 0),
  );

/** The same message with other numbers in every round is said once, with the rounds. */
function perMessage(
  spoilt: readonly { readonly warning: Warning; readonly round: number }[],
  rounds: readonly number[],
): string[] {
  const measured = new Set(rounds).size;
  // One that failed has no measurement, and keeps its number all the same.
  const of = Math.max(0, ...rounds) + 1;
  const codes = [...new Set(spoilt.map(({ warning }) => warning.code))];
  return codes.map((code) => {
    const all = spoilt.filter(({ warning }) => warning.code === code);
    const numbers = [...new Set(all.map(({ round }) => round + 1))];
    const { message } = all[0]!.warning;
    if (of < 2) return message;
    return `${message} (${numbers.length >= measured ? `and so in all ${measured} rounds` : inRounds(numbers, of)})`;
  });
}

/** Rounds that a line may name. */
const mostNamed = 6;

function inRounds(numbers: readonly number[], of: number): string {
  if (numbers.length === 1) return `in round ${numbers[0]} of ${of}`;
  if (numbers.length > mostNamed) return `and so in ${numbers.length} of ${of} rounds`;
  return `in rounds ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} of ${of}`;
}

/** A demonstration that must be caught passes when it fails, and fails when it passes. */
function turnRound(verdict: Verdict): Verdict {
  if (verdict.kind === 'fail') {
    return { kind: 'pass', reasons: [{ code: 'failed-as-expected', message: 'failed, as it says it must' }] };
  }
  if (verdict.kind !== 'pass' && verdict.kind !== 'warn') return verdict;
  return {
    kind: 'fail',
    reasons: [{ code: 'expected-to-fail', message: 'it says that it must fail, and it did not' }],
  };
}

/** The verdict of one benchmark: what could not be measured, then its objectives, then what was expected of it. */
export function judgeBenchmark(
  plan: BenchmarkPlan,
  judgements: readonly Judgement[],
  failures: readonly Failure[],
): Verdict {
  const broken: Verdict[] = failures
    .filter(({ benchmark }) => benchmark === plan.id)
    .map(({ error }) => ({
      kind: 'could-not-measure',
      reasons: [{ code: error.code, message: error.message }],
    }));
  const own = judgements.filter(({ benchmark }) => benchmark === plan.id).map(({ verdict }) => verdict);
  const verdict = join([pass, ...broken, ...own]);
  return plan.expected === 'fail' ? turnRound(verdict) : verdict;
}

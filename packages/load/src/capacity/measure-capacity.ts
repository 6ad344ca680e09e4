import { formatQuantity, perSecond, type Estimate, type PerSecond, type Warning } from '@perfkeel/core';
import { expectWitness } from '../evidence/evidence-options.ts';
import type { LoadContext, PlaceOptional, PlanContext } from '../generate-load.ts';
import type { AnyWork, FunctionWork, LoadWork } from '../load-options.ts';
import type { CsvRow } from '../work/read-csv.ts';
import { planCapacity, type CapacityPlan } from './capacity-plan.ts';
import type { CapacitySearchOptions } from './capacity-options.ts';
import type { CapacityResult, CapacityTrial, ShareResult } from './capacity-result.ts';
import { capacityWarnings } from './capacity-warnings.ts';
import { createTrialRunner, type TrialRunner } from './run-trial.ts';
import { searchCapacity, type SearchEnd } from './search-capacity.ts';
import { processClock } from '../process-clock.ts';

export type MeasureCapacityOptions<Row = CsvRow, State = undefined> = CapacitySearchOptions &
  ((LoadWork<Row, State> & LoadContext) | (AnyWork<Row> & FunctionWork<Row, State> & PlaceOptional));

/**
 * Searches the highest rate at which a url keeps its conditions, with no runner around.
 *
 * Trials run one after the other in this process; one whose generator was in doubt is repeated.
 *
 * @throws PerfError `bad-capacity` and what `generateLoad` throws; `target-died` when a trial was the end of the target
 * @example
 * const { capacity, lower, upper, limitedBy } = await measureCapacity({ url: 'http://127.0.0.1:3000',
 *   requests: { path: '/' }, between: ['50/s', '2000/s'], while: ['p99 < 200ms'] });
 */
export async function measureCapacity<Row = CsvRow, State = undefined>(
  options: MeasureCapacityOptions<Row, State>,
): Promise<CapacityResult> {
  const plan = planCapacity(options);
  expectWitness(plan.evidence, options.url === undefined ? undefined : { kind: 'url', url: options.url });
  return runCapacity(plan, options);
}

/** Searches what has been planned. */
export async function runCapacity(plan: CapacityPlan, context: PlanContext): Promise<CapacityResult> {
  context.signal?.throwIfAborted();
  const runner = createTrialRunner(plan, { ...context, clock: context.clock ?? processClock });
  const trials: CapacityTrial[] = [];
  const end = await search(plan, runner, trials, context.onProgress);
  const shares = await measureShares(plan, runner, end, context.onProgress);
  const evidence = runner.told.between(end.lower, end.upper);
  const found = { ...end, trials, limitedBy: limits(trials, end.upper), evidence };
  return {
    capacity: estimateOf(end, plan),
    lower: perSecond(end.lower),
    upper: perSecond(end.upper),
    conditionalThroughput: throughputAt(trials, end.lower, plan.goal.trial),
    reason: end.reason,
    limitedBy: found.limitedBy,
    verified: end.verified,
    trials,
    shares,
    evidence,
    warnings: capacityWarnings(found, plan),
  };
}

async function search(
  plan: CapacityPlan,
  runner: TrialRunner,
  trials: CapacityTrial[],
  report: PlaceOptional['onProgress'],
): Promise<SearchEnd> {
  const steps = searchCapacity(plan.goal);
  let step = steps.next();
  while (!step.done) {
    const { rate, purpose } = step.value;
    report?.(`trial ${trials.length + 1}: ${purpose} at ${formatQuantity(rate, '1/s')}`);
    const trial = await runner.run(step.value);
    trials.push(trial);
    step = steps.next({ outcome: trial.outcome, elapsed: runner.now() });
  }
  return step.value;
}

async function measureShares(
  { at, goal }: CapacityPlan,
  runner: TrialRunner,
  { lower }: SearchEnd,
  report: PlaceOptional['onProgress'],
): Promise<readonly ShareResult[]> {
  const shares: ShareResult[] = [];
  if (lower === 0) return shares;
  for (const { percent } of at) {
    const rate = perSecond(Number(((lower * percent) / 100).toPrecision(4)));
    report?.(`${percent} % of the capacity: ${formatQuantity(rate, '1/s')}`);
    const { responseTime, failed, scheduled, dropped, warnings } = await runner.load(rate, goal.trial);
    shares.push({ percent, rate, responseTime, errors: failed / Math.max(1, scheduled - dropped), warnings });
  }
  return shares;
}

/** How often the bounds hold the truth when p99 varies by an eighth between trials: `search-capacity.stat.test.ts`. */
const simulatedCoverage = 0.65;

function estimateOf({ lower, upper, guess, reason }: SearchEnd, { goal }: CapacityPlan): Estimate {
  const needs: readonly Warning[] =
    reason === 'found'
      ? [{ code: 'too-few-samples', message: `a width below ${formatQuantity(goal.width, 'ratio')}` }]
      : reason === 'out-of-time'
        ? [{ code: 'too-few-samples', message: 'more time for the search: within' }]
        : [];
  const confidence = lower > 0 && upper < Infinity ? simulatedCoverage : 0;
  return { value: guess, lo: lower, hi: upper, confidence, method: 'MLRsearch (RFC 9971)', warnings: needs };
}

/** What was missed in the last trial that failed at the upper bound. */
const limits = (trials: readonly CapacityTrial[], upper: number): readonly string[] =>
  trials.findLast(({ rate, outcome }) => rate === upper && (outcome === 'bad' || outcome === 'doubtful'))?.reasons ??
  [];

function throughputAt(trials: readonly CapacityTrial[], lower: number, full: number): PerSecond {
  const held = trials.filter(({ rate, duration, outcome }) => rate === lower && duration >= full && outcome === 'good');
  return perSecond(held.reduce((sum, { throughput }) => sum + throughput, 0) / held.length);
}

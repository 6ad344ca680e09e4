import {
  describeValue,
  metrics,
  parseDuration,
  parseObjective,
  parsePercent,
  parseRate,
  usageError,
  type Metric,
  type Nanos,
  type ParsedObjective,
  type RateText,
} from '@perfkeel/core';
import { planEvidence, type EvidencePlan } from '../evidence/evidence-options.ts';
import type { LoadWork } from '../load-options.ts';
import { planLoad } from '../load-plan.ts';
import type { ArrivalProcess } from '../profile/arrival-process.ts';
import type { CapacitySearchOptions } from './capacity-options.ts';
import type { SearchGoal } from './search-capacity.ts';

/** A share of the capacity at which something is measured. */
export interface CapacityShare {
  readonly percent: number;
  readonly metric: Metric;
}

/** Options that have been understood, with their defaults. */
export interface CapacityPlan {
  readonly goal: SearchGoal;
  readonly conditions: readonly ParsedObjective[];
  readonly work: LoadWork;
  readonly arrivals: ArrivalProcess;
  readonly settle: Nanos;
  readonly at: readonly CapacityShare[];
  /** Whom to ask about the target in each trial; absent when nobody is asked. */
  readonly evidence?: EvidencePlan | undefined;
}

/** What a condition can speak of. */
export const conditionMetrics: readonly Metric[] = [metrics.responseTime, metrics.serviceTime, metrics.errors];

/** Added where nothing is said of errors: a server that refuses fast takes any load. */
export const defaultErrorCondition = 'errors < 1%';

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-capacity', hint, excerpt });
}

/**
 * Checks the options of a capacity search and completes them.
 *
 * @throws PerfError `bad-capacity`, `bad-load`, `bad-request`, `bad-objective` or `bad-quantity`, exit code 2.
 */
export function planCapacity(options: CapacitySearchOptions & object): CapacityPlan {
  if (typeof options !== 'object' || options === null) {
    fail('capacity needs options', "Write between: ['50/s', '2000/s'] and requests: { path: '/' }.", 'capacity');
  }
  const { arrivals = 'uniform', settle = '500ms' } = options;
  const goal = planGoal(options);
  const work = workOf(options);
  // Whatever is wrong with the work is said now, and not in the first trial.
  const { timeout } = planLoad({ ...work, arrivals, rate: '1/s', for: options.for ?? '10s' });
  return {
    goal,
    conditions: planConditions(options.while ?? [], timeout),
    work,
    arrivals,
    settle: parseDuration(settle),
    at: planShares(options.at ?? []),
    evidence: planEvidence(options.evidence),
  };
}

const searchOptions: ReadonlySet<string> = new Set([
  ...['between', 'while', 'width', 'for', 'scout', 'settle', 'within', 'arrivals', 'at'],
  ...['objectives', 'rounds', 'group', 'tags', 'expected', 'target', 'url', 'seed', 'clock', 'signal', 'onProgress'],
  ...['short', 'evidence'],
]);

/** Everything else is the business of the load. */
const workOf = (options: object): LoadWork =>
  Object.fromEntries(Object.entries(options).filter(([key]) => !searchOptions.has(key))) as unknown as LoadWork;

/** Three trials decide every load, two of the same outcome are enough. */
const trialsPerLoad = 3;
const exceedRatio = 0.5;

/** `'20/s..600/s'` is how the command line spells it. */
const ratesOf = (between: unknown): unknown =>
  typeof between === 'string' && between.includes('..') ? between.split('..').map((rate) => rate.trim()) : between;

function planGoal(options: CapacitySearchOptions): SearchGoal {
  const between = ratesOf(options.between) as readonly [RateText, RateText] | undefined;
  const { width = '5%', within = '150s' } = options;
  if (!Array.isArray(between) || between.length !== 2) {
    const got = between === undefined ? '' : `: ${[between].flat().map(describeValue).join(', ') || 'none'}`;
    fail(`capacity does not say between which rates${got}`, "Write between: ['50/s', '2000/s'].", 'between');
  }
  const [low, high] = [parseRate(between[0]), parseRate(between[1])];
  if (low === 0) fail('a rate of 0 sends nothing', 'Begin with a rate that surely holds.', 'between');
  if (low >= high)
    fail(
      `${describeValue(between[0])} is not below ${describeValue(between[1])}`,
      'Write the lower rate first.',
      'between',
    );
  const precision = parsePercent(width);
  if (!(precision >= 0.005 && precision <= 1)) {
    fail(`bounds cannot be ${describeValue(width)} apart`, "Write a width from '0.5%' to '100%'.", 'width');
  }
  const trial = positive('for', options.for ?? '10s');
  const scout = options.scout === undefined ? Math.round(trial / 5) : positive('scout', options.scout);
  if (scout > trial) fail('a scout is longer than a trial', "Write scout: '2s', for: '10s'.", 'scout');
  const durationSum = trial * trialsPerLoad;
  return { low, high, width: precision, trial, scout, durationSum, exceedRatio, budget: positive('within', within) };
}

function positive(option: string, text: Parameters<typeof parseDuration>[0]): number {
  const duration = parseDuration(text);
  if (duration === 0) fail(`${option} is no time at all`, `Write ${option}: '10s'.`, option);
  return duration;
}

function planConditions(written: readonly string[], timeout: Nanos): readonly ParsedObjective[] {
  if (!Array.isArray(written)) {
    fail('`while` of capacity is no list', "Write while: ['p99 < 200ms', 'errors < 1%'].", 'while');
  }
  const scope = { metrics: conditionMetrics, primary: metrics.responseTime.id };
  const parsed = (written as readonly string[]).map((source) => parseObjective(source, scope));
  for (const condition of parsed) checkCondition(condition, timeout);
  const speaksOfErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  return speaksOfErrors ? parsed : [...parsed, parseObjective(defaultErrorCondition, scope)];
}

function checkCondition({ source, comparator, metric, limit }: ParsedObjective, timeout: Nanos): void {
  const isLimit = comparator.startsWith('<') || (metric === metrics.errors.id && comparator === '=' && limit === 0);
  if (!isLimit) {
    fail(`"${source}" gets no harder with more load`, 'Write an upper limit: "p99 < 200ms".', source);
  }
  if (metric === metrics.errors.id || limit < timeout || (limit === timeout && comparator === '<')) return;
  fail(
    `"${source}" cannot be judged: requests time out after ${timeout / 1e6} ms`,
    `Raise the timeout above the limit: timeout: '${Math.ceil((limit * 2) / 1e9)}s'.`,
    source,
  );
}

/** `'50%'` becomes the metric `response-time-at-50`. */
function planShares(at: readonly string[]): readonly CapacityShare[] {
  if (!Array.isArray(at)) fail('`at` of capacity is no list', "Write at: ['10%', '50%', '80%'].", 'at');
  const shares = (at as readonly `${number}%`[]).map((text) => {
    const percent = Number((parsePercent(text) * 100).toPrecision(12));
    if (!(percent >= 1 && percent <= 100)) {
      fail(`${describeValue(text)} is no share of the capacity`, "Write one from '1%' to '100%'.", text);
    }
    const metric = { ...metrics.responseTime, id: `${metrics.responseTime.id}-at-${percent}` };
    return { percent, metric };
  });
  if (new Set(shares.map(({ percent }) => percent)).size < shares.length) {
    fail('`at` names a share twice', "Write each once: at: ['10%', '50%'].", 'at');
  }
  return shares;
}

import {
  PerfError,
  callSite,
  commonParts,
  declare,
  describeTarget,
  locating,
  metrics,
  refuseUnknownOptions,
  usageError,
  type CommonOptions,
  type Declaration,
  type DurationText,
  type Instrument,
  type RateText,
  type TargetSpec,
  type TimeStatistic,
} from '@perfkeel/core';
import { expectWitness, observed } from '../evidence/evidence-options.ts';
import type { CsvRow } from '../work/read-csv.ts';
import { capacityMeasurements, capacityMetrics } from './capacity-measurements.ts';
import type { CapacitySearchOptions, CapacityWork } from './capacity-options.ts';
import { planCapacity, type CapacityPlan } from './capacity-plan.ts';
import { runCapacity } from './measure-capacity.ts';

/** What a capacity benchmark can promise. */
export type CapacityObjective =
  | `capacity ${'>' | '>='} ${RateText}`
  | `throughput ${'>' | '>='} ${RateText}`
  | `${TimeStatistic} of response-time-at-${number} ${'<' | '<='} ${DurationText}`;

/** Everything that `capacity(name, options)` takes. */
export type CapacityOptions<Row = CsvRow, State = undefined> = CapacitySearchOptions &
  CapacityWork<Row, State> &
  CommonOptions<CapacityObjective>;

const searchOptions = ['between', 'while', 'width', 'for', 'scout', 'settle', 'within', 'arrivals', 'at'];
const workOptions = [
  ...['requests', 'request', 'steps', 'run', 'setup', 'teardown', 'data', 'timeout', 'driver', 'workers'],
  ...['idempotent', 'retries', 'target', 'url', 'evidence'],
];
// A search takes minutes, and its interval holds its uncertainty.
const defaults = { rounds: 1 };

/**
 * Declares a search for the highest rate at which a target keeps its conditions: the metric `capacity` with the interval
 * between a rate that held and one that did not.
 *
 * One round judges the objective by that interval. Comparing two runs takes five rounds a side: `rounds: 5`.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * capacity('checkout', { target: api, requests: { path: '/orders', body: order, expect: 201 },
 *   between: ['50/s', '2000/s'], while: ['p99 < 200ms', 'errors < 1%'], objectives: ['capacity >= 400/s'] });
 */
export function capacity<Row = CsvRow, State = undefined>(
  name: string,
  options: CapacityOptions<Row, State>,
): Declaration {
  const location = callSite(capacity);
  const { plan, target } = locating(location, () => understand(name, options));
  return declare({
    name,
    kind: 'capacity',
    ...commonParts(options, defaults),
    metrics: capacityMetrics(plan),
    primary: metrics.capacity.id,
    quantiles: false,
    target,
    location,
    instrument: instrumentFor(plan),
  });
}

function understand<Row, State>(
  name: string,
  options: CapacityOptions<Row, State>,
): { plan: CapacityPlan; target: TargetSpec | undefined } {
  if (typeof options === 'object' && options !== null) {
    refuseUnknownOptions('capacity', name, options, [...workOptions, ...searchOptions]);
  }
  const [plan, target] = [planCapacity(options), placeOf(options)];
  expectWitness(plan.evidence, target);
  return { plan, target: observed(target, plan.evidence) };
}

function placeOf<Row, State>({ target, url, run }: CapacityOptions<Row, State>): TargetSpec | undefined {
  if (target !== undefined && url !== undefined) {
    throw usageError('capacity has both a target and a url', {
      code: 'bad-capacity',
      hint: 'Keep one.',
      excerpt: 'url',
    });
  }
  if (target !== undefined) return target;
  if (url !== undefined) return describeTarget({ url });
  if (run !== undefined) return undefined;
  throw usageError('capacity has neither a target nor a url', {
    code: 'bad-capacity',
    hint: "Write target: target({ command: ['node', 'server.js'] }), or url: 'http://127.0.0.1:3000'.",
  });
}

function instrumentFor(plan: CapacityPlan): Instrument {
  return async (context) => {
    const { target, short, seed, clock, signal } = context;
    if (target === undefined && !('run' in plan.work)) {
      throw new PerfError('capacity was measured without a target', {
        code: 'no-target',
        hint: 'Give the round context the target that the declaration names.',
      });
    }
    const onProgress = (text: string): void => context.progress(text);
    const place = target === undefined ? {} : { url: target.url, vitals: target.vitals };
    const around = { ...place, seed, clock, signal, onProgress };
    return capacityMeasurements(await runCapacity(short ? shortened(plan) : plan, around), plan);
  };
}

const rehearsal = 3e8;

/** One scout, and one trial at each share: a rehearsal. */
function shortened(plan: CapacityPlan): CapacityPlan {
  const [trial, scout] = [Math.min(plan.goal.trial, rehearsal), Math.min(plan.goal.scout, rehearsal)];
  const goal = { ...plan.goal, trial, scout, durationSum: trial, high: plan.goal.low, width: 1, budget: 10e9 };
  return { ...plan, goal };
}

import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  usageError,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type PercentText,
  type TimeStatistic,
} from '@perfkeel/core';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { concurrencyMeasurements, concurrencyMetrics } from './concurrency-measurements.ts';
import { planConcurrency } from './concurrency-plan.ts';
import { runConcurrency } from './measure-concurrency.ts';

/** What a concurrency benchmark can promise beside its invariants. */
export type ConcurrencyObjective =
  | 'violations = 0'
  | 'errors = 0'
  | `errors ${Comparator} ${PercentText}`
  | `${TimeStatistic} of response-time ${Comparator} ${DurationText}`;

/** Everything that `concurrency(name, options)` takes. */
export interface ConcurrencyOptions<Value, State = undefined, Input = undefined>
  extends ConcurrencySubject<Value, State, Input>, CommonOptions<ConcurrencyObjective> {}

/** What `concurrency` always promises: there is no tolerable number of races that are lost. */
export const noViolations = 'violations = 0';

const ownOptions = [
  ...['clients', 'bursts', 'op', 'input', 'setup', 'prepare', 'readBack', 'teardown', 'invariants', 'linearizable'],
  ...['control', 'timeout', 'idempotent', 'retries', 'retryWhen', 'unknownWhen', 'errorsExpected', 'target'],
];
// Fresh processes race differently; and with four rounds a side two compared metrics never come below 5 %.
const defaults = { rounds: 5 };

/**
 * Declares what must hold when many clients act at once, and tries to break it: in every burst each client makes one
 * operation, all of them released in one turn of the event loop.
 *
 * `violations = 0` is always judged. Nothing is concluded without overlap, without answers, or when a `control` that is
 * known to be broken was not caught.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * concurrency('reserve ids', { clients: 50, bursts: 20, target: api,
 *   op: async ({ target }) => (await (await fetch(`${target?.url}/reserve`, { method: 'POST' })).json()).id,
 *   invariants: [uniqueValues()], control: { op: reserveWithoutLock } });
 */
export function concurrency<Value, State = undefined, Input = undefined>(
  name: string,
  options: ConcurrencyOptions<Value, State, Input>,
): Declaration {
  const location = callSite(concurrency);
  const { plan, objectives } = locating(location, () => understand(name, options));
  return declare({
    name,
    kind: 'concurrency',
    ...commonParts(options, defaults),
    objectives,
    metrics: concurrencyMetrics,
    primary: metrics.violations.id,
    quantiles: false,
    target: options.target,
    location,
    instrument: async (context) => {
      const { target, seed, clock, signal, short } = context;
      const onProgress = (text: string): void => context.progress(text);
      return concurrencyMeasurements(await runConcurrency(plan, { target, seed, clock, signal, short, onProgress }));
    },
  });
}

function understand<Value, State, Input>(
  name: string,
  options: ConcurrencyOptions<Value, State, Input>,
): { plan: ReturnType<typeof planConcurrency>; objectives: readonly string[] } {
  const plan = planConcurrency(options);
  refuseUnknownOptions('concurrency', name, options, ownOptions);
  const { objectives } = commonParts(options, defaults);
  // What else may be wrong with a list of objectives is found by core.
  if (!(objectives instanceof Array)) return { plan, objectives };
  const parsed = objectives.map((source) => parseObjective(source, { metrics: concurrencyMetrics }));
  const violations = parsed.filter(({ metric }) => metric === metrics.violations.id);
  for (const { source, comparator, limit } of violations) {
    if (comparator === '=' && limit === 0) continue;
    throw usageError(`"${source}" would tolerate a race that is lost`, {
      code: 'bad-concurrency',
      hint: `The only promise about violations is "${noViolations}", and it is always made.`,
      excerpt: source,
    });
  }
  const judgesErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  return {
    plan: { ...plan, errorsExpected: plan.errorsExpected || judgesErrors },
    objectives: violations.length > 0 ? objectives : [noViolations, ...objectives],
  };
}

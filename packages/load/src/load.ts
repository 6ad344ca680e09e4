import {
  callSite,
  commonParts,
  declare,
  describeTarget,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  PerfError,
  usageError,
  type Declaration,
  type Instrument,
  type Metric,
  type ParsedObjective,
  type TargetSpec,
} from '@perfkeel/core';
import { withErrorObjective } from './default-objective.ts';
import { runPlan } from './generate-load.ts';
import type { LoadOptions, LoadPlace } from './load-options.ts';
import { planLoad, shortened, type LoadPlan } from './load-plan.ts';
import { roundMeasurements } from './round-measurements.ts';

const closedMetrics: readonly Metric[] = [
  metrics.responseTime,
  metrics.serviceTime,
  metrics.throughput,
  metrics.errors,
];
const openMetrics: readonly Metric[] = [...closedMetrics, metrics.scheduleLag];
// Below four rounds a side no 95 % interval of a change exists.
const defaults = { rounds: 4 };
const ownOptions = ['requests', 'for', 'warmup', 'timeout', 'rate', 'arrivals', 'clients', 'target', 'url'];

/**
 * Declares load on a target: at a `rate` (open model) or from a number of `clients` (closed model).
 *
 * Objectives that leave errors out get `defaultErrorObjective` beside them (`fewRequestsErrorObjective` below 59 requests
 * a round), so that a broken target cannot keep promises about time. Not with `expected: 'fail'`.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * load('checkout', { target: api, requests: { path: '/orders', body: order, expect: 201 }, rate: '100/s', for: '10s',
 *   objectives: ['p99 < 200ms', 'errors = 0'] });
 */
export function load(name: string, options: LoadOptions): Declaration {
  const location = callSite(load);
  const { plan, target, objectives } = locating(location, () => understand(name, options));
  return declare({
    name,
    kind: 'load',
    ...commonParts(options, defaults),
    objectives,
    metrics: metricsOf(plan),
    primary: metrics.responseTime.id,
    quantiles: true,
    target,
    location,
    instrument: instrumentFor(plan),
  });
}

interface Understood {
  readonly plan: LoadPlan;
  readonly target: TargetSpec;
  readonly objectives: readonly string[];
}

function understand(name: string, options: LoadOptions): Understood {
  if (typeof options !== 'object' || options === null) {
    throw usageError('load needs options', {
      code: 'bad-load',
      hint: "Write load('orders', { url: 'http://127.0.0.1:3000', requests: { path: '/' }, rate: '100/s', for: '10s' }).",
    });
  }
  refuseUnknownOptions('load', name, options, ownOptions);
  const target = placeOf(options);
  const plan = planLoad(options);
  return { plan, target, objectives: planObjectives(options, plan) };
}

function planObjectives(options: LoadOptions, plan: LoadPlan): readonly string[] {
  const { objectives, expected } = commonParts(options, defaults);
  // What else may be wrong with a list of objectives is found by core.
  if (!(objectives instanceof Array)) return objectives;
  const scope = { metrics: metricsOf(plan), primary: metrics.responseTime.id };
  const parsed = objectives.map((source) => parseObjective(source, scope));
  for (const objective of parsed) checkDecidable(objective, parsed, plan);
  const speaksOfErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  const { pace, duration } = plan;
  const requests = pace.model === 'open' ? (pace.rate * duration) / 1e9 : undefined;
  return withErrorObjective({ objectives, expected }, speaksOfErrors, requests);
}

const metricsOf = ({ pace }: LoadPlan): readonly Metric[] => (pace.model === 'open' ? openMetrics : closedMetrics);

function placeOf({ target, url }: LoadPlace): TargetSpec {
  if (target !== undefined && url !== undefined) {
    throw usageError('load has both a target and a url', { code: 'bad-load', hint: 'Keep one.', excerpt: 'url' });
  }
  if (target !== undefined) return target;
  if (url !== undefined) return describeTarget({ url });
  throw usageError('load has neither a target nor a url', {
    code: 'bad-load',
    hint: "Write target: target({ command: ['node', 'server.js'] }), or url: 'http://127.0.0.1:3000'.",
  });
}

/**
 * A timeout is only "at least": an objective behind it would be kept by requests that never ended, and so would one for
 * the mean, on which a few of them hardly show.
 */
function checkDecidable(objective: ParsedObjective, all: readonly ParsedObjective[], { timeout }: LoadPlan): void {
  const { source, metric, comparator, limit, statistic } = objective;
  const isTime = metric === metrics.responseTime.id || metric === metrics.serviceTime.id;
  if (!isTime) return;
  if (limit > timeout || (limit === timeout && comparator !== '<')) {
    throw usageError(`"${source}" cannot be judged: requests time out after ${timeout / 1e6} ms`, {
      code: 'bad-load',
      hint: `Raise the timeout above the limit: timeout: '${Math.ceil((limit * 2) / 1e9)}s'.`,
      excerpt: source,
    });
  }
  if (statistic.kind !== 'mean' || comparator.startsWith('>') || all.some(forbidsErrors)) return;
  throw usageError(`"${source}" cannot be judged: how long a request that times out would have taken is unknown`, {
    code: 'bad-load',
    hint: 'Write "errors = 0" beside it, or promise a quantile instead: "p99 < 200ms".',
    excerpt: source,
  });
}

const forbidsErrors = ({ metric, comparator, limit }: ParsedObjective): boolean =>
  metric === metrics.errors.id && limit === 0 && (comparator === '=' || comparator === '<=');

function instrumentFor(plan: LoadPlan): Instrument {
  return async (context) => {
    const { target, short, seed, clock, signal } = context;
    if (target === undefined) {
      throw new PerfError('load was measured without a target', {
        code: 'no-target',
        hint: 'Give the round context the target that the declaration names.',
      });
    }
    const result = await runPlan(short ? shortened(plan) : plan, {
      url: target.url,
      seed,
      clock,
      signal,
      onProgress: (text) => context.progress(text),
    });
    signal.throwIfAborted();
    return roundMeasurements(result);
  };
}

import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  PerfError,
  target as describeTarget,
  usageError,
  type Declaration,
  type Instrument,
  type Metric,
  type TargetSpec,
} from '@perfkeel/core';
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

/**
 * Declares load on a target: at a `rate` (open model) or from a number of `clients` (closed model).
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * load('checkout', { target: api, requests: { path: '/orders', body: order, expect: 201 }, rate: '100/s', for: '10s',
 *   objectives: ['p99 < 200ms', 'errors = 0'] });
 */
export function load(name: string, options: LoadOptions): Declaration {
  const location = callSite(load);
  const { plan, target } = locating(location, () => understand(options));
  return declare({
    name,
    kind: 'load',
    ...commonParts(options, defaults),
    metrics: plan.pace.model === 'open' ? openMetrics : closedMetrics,
    primary: metrics.responseTime.id,
    quantiles: true,
    target,
    location,
    instrument: instrumentFor(plan),
  });
}

function understand(options: LoadOptions): { readonly plan: LoadPlan; readonly target: TargetSpec } {
  if (typeof options !== 'object' || options === null) {
    throw usageError('load needs options', {
      code: 'bad-load',
      hint: "Write load('orders', { url: 'http://127.0.0.1:3000', requests: { path: '/' }, rate: '100/s', for: '10s' }).",
    });
  }
  const target = placeOf(options);
  const plan = planLoad(options);
  // What else may be wrong with a list of objectives is found by core.
  const objectives: readonly string[] = Array.isArray(options.objectives) ? options.objectives : [];
  for (const objective of objectives) checkDecidable(objective, plan);
  return { plan, target };
}

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

/** Behind the timeout times are only "at least": an objective there would be kept by requests that never ended. */
function checkDecidable(source: string, { timeout, pace }: LoadPlan): void {
  const scope = { metrics: pace.model === 'open' ? openMetrics : closedMetrics, primary: metrics.responseTime.id };
  const { metric, comparator, limit } = parseObjective(source, scope);
  const isTime = metric === metrics.responseTime.id || metric === metrics.serviceTime.id;
  if (!isTime || limit < timeout || (limit === timeout && comparator === '<')) return;
  throw usageError(`"${source}" cannot be judged: requests time out after ${timeout / 1e6} ms`, {
    code: 'bad-load',
    hint: `Raise the timeout above the limit: timeout: '${Math.ceil((limit * 2) / 1e9)}s'.`,
    excerpt: source,
  });
}

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

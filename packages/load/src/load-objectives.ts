import {
  metrics,
  parseObjective,
  usageError,
  withErrorObjective,
  type Declaration,
  type Objective,
  type ParsedObjective,
} from '@perfkeel/core';
import { judgedMetrics } from './load-metrics.ts';
import type { LoadPlan } from './load-plan.ts';
import type { WindowObjective } from './planned-window.ts';
import { expectedRequests } from './profile/load-profile.ts';

/**
 * What a load can promise: of all measured phases, and of a phase or an endpoint by its name:
 * `'p99 of spike.response-time < 500ms'`, `'checkout.errors < 1%'`; and of every stretch of so long: `'p99 of any 10s window <
 * 500ms'`.
 */
export type LoadObjective =
  | WindowObjective
  | Objective<
      | `${string}.${'response-time' | 'errors' | 'throughput'}`
      | 'response-time'
      | 'service-time'
      | 'schedule-lag'
      | 'connection-wait'
      | 'first-byte'
      | 'connect-time'
      | 'tls-time'
      | 'handling-time'
      | 'pool-wait'
      | 'query-time'
      | 'cache-hits'
      | 'target-loop-utilisation'
      | 'target-gc-time'
      | 'target-heap'
    >;

/**
 * The objectives that count, with one for errors where none is written.
 *
 * @throws PerfError `bad-objective` or `bad-load`, exit code 2.
 */
export function planObjectives(
  written: Pick<Declaration, 'objectives' | 'expected'>,
  plan: LoadPlan,
): readonly string[] {
  const { objectives } = written;
  // What else may be wrong with a list of objectives is found by core.
  if (!(objectives instanceof Array)) return objectives;
  const scope = { metrics: judgedMetrics(plan), primary: metrics.responseTime.id };
  const parsed = objectives.map((source) => parseObjective(source, scope));
  for (const objective of parsed) checkDecidable(objective, parsed, plan);
  const speaksOfErrors = parsed.some(({ metric }) => metric === metrics.errors.id);
  return withErrorObjective(written, speaksOfErrors, expectedRequests(plan.profile));
}

/** Times in which a request without an answer is "at least". */
const censoredTime = /^(?:.*\.)?(?:response-time|service-time|first-byte)$/;

/**
 * A request without an answer is only "at least": an objective behind the timeout would be kept by requests that never
 * ended, and so would one for the mean, on which a few of them hardly show.
 */
function checkDecidable(
  objective: ParsedObjective,
  all: readonly ParsedObjective[],
  { timeout, windows }: LoadPlan,
): void {
  const { source, metric, comparator, limit, statistic, unit } = objective;
  if (unit === '1/s' && !comparator.startsWith('>')) {
    throw usageError(`"${source}" would be kept by a target that does nothing`, {
      code: 'bad-objective',
      hint: 'Throughput is promised from below: "throughput >= 100/s". What is sent is said by `rate` or `clients`.',
      excerpt: source,
    });
  }
  if (!censoredTime.test(metric) && !isWindowOfTimes(metric, windows)) return;
  if (limit > timeout || (limit === timeout && comparator !== '<')) {
    throw usageError(`"${source}" cannot be judged: requests time out after ${timeout / 1e6} ms`, {
      code: 'bad-load',
      hint: `Raise the timeout above the limit: timeout: '${Math.ceil((limit * 2) / 1e9)}s'.`,
      excerpt: source,
    });
  }
  if (statistic.kind !== 'mean' || comparator.startsWith('>') || all.some(forbidsErrors)) return;
  throw usageError(`"${source}" cannot be judged: how long a request without an answer would have taken is unknown`, {
    code: 'bad-load',
    hint: 'Write "errors = 0" beside it, or promise a quantile instead: "p99 < 200ms".',
    excerpt: source,
  });
}

const isWindowOfTimes = (id: string, windows: LoadPlan['windows']): boolean =>
  windows.some(({ metric, reading }) => metric.id === id && reading.kind === 'quantile');

const forbidsErrors = ({ metric, comparator, limit }: ParsedObjective): boolean =>
  metric === metrics.errors.id && limit === 0 && (comparator === '=' || comparator === '<=');

import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  refuseUnknownOptions,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Instrument,
  type PercentText,
  type RateText,
  type TimeStatistic,
} from '@perfkeel/core';
import { withErrorObjective } from './default-objective.ts';
import { checkLatencySubject, measureLatency, type LatencySubject } from './measure-latency.ts';
import type { LatencyResult } from './tally.ts';

/** What a latency benchmark can promise. */
export type LatencyObjective =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `throughput ${'>' | '>='} ${RateText}`
  | `errors ${Comparator} ${PercentText}`
  | 'errors = 0';

export interface LatencyOptions<State = undefined> extends LatencySubject<State>, CommonOptions<LatencyObjective> {}

const ownOptions = ['run', 'setup', 'teardown', 'samples', 'warmup', 'concurrency', 'target'];

/**
 * Declares a latency benchmark: an operation, usually asynchronous, timed call by call.
 *
 * Objectives that leave errors out get `defaultErrorObjective` beside them (`fewCallsErrorObjective` below 59 samples):
 * times are those of calls that succeeded. Not with `expected: 'fail'`.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * latency('read one key', { setup: openStore, run: ({ setup: store }) => store.get('a'), objectives: ['p99 < 20ms'] });
 */
export function latency<State = undefined>(name: string, options: LatencyOptions<State>): Declaration {
  const location = callSite(latency);
  const common = locating(location, () => {
    checkLatencySubject(options);
    refuseUnknownOptions('latency', name, options, ownOptions);
    const parts = commonParts(options, { rounds: 5 });
    return { ...parts, objectives: withErrorObjective(parts, options.samples) };
  });
  return declare({
    name,
    kind: 'latency',
    metrics: [metrics.responseTime, metrics.throughput, metrics.errors],
    primary: metrics.responseTime.id,
    quantiles: true,
    ...common,
    target: options.target,
    location,
    instrument: async (context) => latencyMeasurements(await measureLatency(options, context)),
  });
}

function latencyMeasurements(result: LatencyResult): Awaited<ReturnType<Instrument>> {
  const { responseTime, throughput, errors, calls, warnings } = result;
  return {
    measurements: [
      { metric: metrics.responseTime.id, data: { kind: 'histogram', histogram: responseTime.toData() } },
      { metric: metrics.throughput.id, data: { kind: 'exact', value: throughput } },
      { metric: metrics.errors.id, data: { kind: 'count', events: errors, trials: calls }, warnings },
    ],
  };
}

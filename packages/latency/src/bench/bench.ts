import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Instrument,
  type RateText,
  type TimeStatistic,
} from '@perfkeel/core';
import { checkBenchSubject, measureBench, type BenchResult, type BenchSubject } from './measure-bench.ts';

/** What a micro-benchmark can promise. */
export type BenchObjective = `${TimeStatistic} ${Comparator} ${DurationText}` | `throughput ${'>' | '>='} ${RateText}`;

export interface BenchOptions<State = undefined> extends BenchSubject<State>, CommonOptions<BenchObjective> {}

/**
 * Declares a micro-benchmark: code in a tight loop, in nanoseconds per operation.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * bench('parse one order', { setup: () => makeOrder(10), run: (text) => JSON.parse(text), objectives: ['median < 2ms'] });
 */
export function bench<State = undefined>(name: string, what: (() => unknown) | BenchOptions<State>): Declaration {
  const location = callSite(bench);
  const options: BenchOptions<State> = typeof what === 'function' ? { run: what } : what;
  locating(location, () => checkBenchSubject(options));
  return declare({
    name,
    kind: 'bench',
    metrics: [metrics.timePerOperation, metrics.throughput],
    primary: metrics.timePerOperation.id,
    quantiles: true,
    ...commonParts(options, { rounds: 5 }),
    location,
    instrument: benchInstrument(options),
  });
}

const benchInstrument =
  <State>(subject: BenchSubject<State>): Instrument =>
  async (context) =>
    benchMeasurements(await measureBench(subject, context));

function benchMeasurements({ timePerOperation, throughput, warnings }: BenchResult): Awaited<ReturnType<Instrument>> {
  return {
    measurements: [
      { metric: metrics.timePerOperation.id, data: { kind: 'sample', values: timePerOperation }, warnings },
      { metric: metrics.throughput.id, data: { kind: 'exact', value: throughput } },
    ],
  };
}

import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  refuseUnknownOptions,
  usageError,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Instrument,
  type RateText,
} from '@perfkeel/core';
import { checkBenchSubject, measureBench, type BenchResult, type BenchSubject } from './measure-bench.ts';

/**
 * What a micro-benchmark can promise. No `p99` and no `max`: times are means of batches, in which a single slow operation
 * does not show.
 */
export type BenchObjective =
  `${'median' | 'mean' | 'min'} ${Comparator} ${DurationText}` | `throughput ${'>' | '>='} ${RateText}`;

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
  locating(location, () => {
    checkBenchSubject(options);
    refuseUnknownOptions('bench', name, options, ['run', 'setup', 'time']);
    checkObjectives(options.objectives);
  });
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

const ofSingleOperations = /^\s*(max|p\d[\d.]*)\s*[<>=]/;

/** Plain JavaScript can write what the type forbids. Everything else about objectives is checked by core. */
function checkObjectives(objectives: unknown): void {
  if (!Array.isArray(objectives)) return;
  for (const source of objectives as readonly unknown[]) {
    const [, statistic] = (typeof source === 'string' && ofSingleOperations.exec(source)) || [];
    if (statistic === undefined) continue;
    throw usageError(
      `${JSON.stringify(source)} cannot be judged: bench times batches, and knows no ${statistic} of operations`,
      {
        code: 'bad-objective',
        hint: 'Write median, mean or min; a batch hides single operations: use latency() for the others.',
        excerpt: source as string,
      },
    );
  }
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

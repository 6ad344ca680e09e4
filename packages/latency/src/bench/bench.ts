import {
  callSite,
  commonParts,
  declare,
  locating,
  membersOf,
  metrics,
  refuseUnknownOptions,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type Instrument,
  type Over,
  type ParametersOf,
  type PercentText,
  type RateText,
  type SizeText,
} from '@perfkeel/core';
import { fullContext } from '../measure-context.ts';
import { benchMeasurements, benchMetrics } from './bench-measurements.ts';
import { checkBenchObjectives } from './check-objectives.ts';
import { checkBenchSubject, measureCall, type BenchSubject } from './measure-bench.ts';
import type { Call } from './timed-loop.ts';

/**
 * What a micro-benchmark can promise. No `p99` and no `max`: times are means of batches, in which a single slow operation
 * does not show.
 */
export type BenchObjective =
  | `${'median' | 'mean' | 'min'} ${Comparator} ${DurationText}`
  | `throughput ${'>' | '>='} ${RateText}`
  | `${'cpu-time' | 'user-time' | 'system-time'} ${'<' | '<='} ${DurationText}`
  | `allocated ${'<' | '<='} ${SizeText}/op`
  | 'allocated = 0'
  | `gc-count ${'<' | '<='} ${number}`
  | 'gc-count = 0'
  | `gc-time ${'<' | '<='} ${PercentText}`;

export interface BenchOptions<State = undefined> extends BenchSubject<State>, CommonOptions<BenchObjective> {
  readonly over?: undefined;
}

/** A micro-benchmark at several values of its parameters. */
export interface BenchFamilyOptions<O extends Over, State = undefined>
  extends Omit<BenchSubject, 'run' | 'setup'>, CommonOptions<BenchObjective> {
  /** The values of each parameter: `{ size: [10, 100, 1000] }`. Every combination becomes a benchmark. */
  readonly over: O;
  /** The operation, given what `setup` made and the parameters. */
  readonly run: (state: State, parameters: ParametersOf<O>) => unknown;
  /** Makes what `run` works on for these parameters: once, outside the clock. */
  readonly setup?: (parameters: ParametersOf<O>) => State | Promise<State>;
}

/** What either form comes to. */
interface Written extends Omit<BenchSubject, 'run' | 'setup'>, CommonOptions {
  readonly over?: Over | undefined;
  readonly run: Call['run'];
  readonly setup?: (parameters: unknown) => unknown;
}

/**
 * Declares a micro-benchmark: code in a tight loop, in nanoseconds per operation.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * bench('parse one order', { setup: () => makeOrder(10), run: (text) => JSON.parse(text), objectives: ['median < 2ms'] });
 */
export function bench<State = undefined>(name: string, what: (() => unknown) | BenchOptions<State>): Declaration;
/**
 * Declares one micro-benchmark for each value of its parameters, or for each combination: `parse [lines=1]`,
 * `parse [lines=100]` and so on, which form the family `parse`.
 *
 * @example
 * bench('parse', { over: { lines: [1, 100] }, setup: ({ lines }) => makeOrder(lines), run: (text) => JSON.parse(text) });
 */
export function bench<const O extends Over, State = undefined>(
  name: string,
  options: BenchFamilyOptions<O, State>,
): readonly Declaration[];
export function bench(
  name: string,
  what: (() => unknown) | BenchOptions<unknown> | BenchFamilyOptions<Over, unknown>,
): Declaration | readonly Declaration[] {
  const location = callSite(bench);
  const options = (typeof what === 'function' ? { run: what } : what) as Written;
  const members = locating(location, () => {
    checkBenchSubject(options);
    refuseUnknownOptions('bench', name, options, ['run', 'setup', 'time', 'warmup', 'over']);
    checkBenchObjectives(options.objectives);
    // What is wrong with a name that is none, the declaration says.
    return options.over === undefined || typeof name !== 'string' ? undefined : membersOf(name, options.over);
  });
  const declareOne = (member: Partial<Pick<Declaration, 'name' | 'variant'>> = {}): Declaration =>
    declare({
      name,
      kind: 'bench',
      metrics: benchMetrics,
      primary: metrics.timePerOperation.id,
      quantiles: true,
      statistics: ['median', 'mean', 'min'],
      ...commonParts(options, { rounds: 5 }),
      location,
      instrument: benchInstrument(options, member.variant?.parameters),
      ...member,
    });
  return members === undefined ? declareOne() : members.map(declareOne);
}

const benchInstrument =
  ({ setup, run, ...options }: Written, parameters: unknown): Instrument =>
  async (context) => {
    context.signal.throwIfAborted();
    const call = { run, state: await setup?.(parameters), parameters };
    return benchMeasurements(await measureCall(call, options, fullContext(context)));
  };

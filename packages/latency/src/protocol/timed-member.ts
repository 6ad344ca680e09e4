import { refuseUnknownOptions, optionsObject, type CommonOptions, type DurationText } from '@perfkeel/core';
import { bench } from '../bench/bench.ts';
import type { BenchObjective, LatencyCall, LatencyObjective } from '../index.ts';
import { latency } from '../latency/latency.ts';
import { functionOption } from '../options.ts';
import { consumeOutcome } from './consume.ts';
import type { SubjectContext } from './contract.ts';
import { placed } from './declared-by.ts';
import type { Member } from './member.ts';
import type { Stage } from './stage.ts';

/** A micro-benchmark of every implementation. `State` is what `setup` returns; without it, what `setup` would get. */
export interface ProtocolBenchOptions<Context, State = Context> extends CommonOptions<BenchObjective> {
  /** Outside the clock, once in each round. */
  readonly setup?: (context: Context) => State | Promise<State>;
  /** The operation. What it returns is read to the last character, inside the clock: see `consume`. */
  readonly run: (state: State) => unknown;
  /** How long to measure. @default '300ms' */
  readonly time?: DurationText;
  /** The longest warm-up. @default three times `time` */
  readonly warmup?: DurationText;
}

/** Operations of every implementation, timed call by call. */
export interface ProtocolLatencyOptions<Context, State = Context> extends CommonOptions<LatencyObjective> {
  /** Outside the clock, once in each round. */
  readonly setup?: (context: Context) => State | Promise<State>;
  /** The operation; `setup` of its argument is what `setup` returned. What it returns is read inside the clock. */
  readonly run: (call: LatencyCall<State>) => unknown;
  /** Takes down what `setup` made. The subject itself is disposed of by the protocol. */
  readonly teardown?: (state: State) => unknown;
  /** Timed calls. @default as many as the objectives take, and at least 200 */
  readonly samples?: number;
  /** Calls before those, untimed. @default a tenth of `samples`, and at least `concurrency` */
  readonly warmup?: number;
  /** How many calls are under way at a time. @default 1 */
  readonly concurrency?: number;
}

/** The part that the kinds of timed members have in common. */
interface TimedOptions<Context> extends CommonOptions {
  readonly setup?: (context: Context) => unknown;
  readonly run: (argument: never) => unknown;
}

const ownOptions = {
  bench: ['setup', 'run', 'time', 'warmup'],
  scaling: ['over', 'setup', 'run', 'time', 'warmup'],
  latency: ['setup', 'run', 'teardown', 'samples', 'warmup', 'concurrency'],
} as const;

/** @throws PerfError with exit code 2 when an option is missing, wrong or unknown. */
export function checkTimed<Context>(kind: keyof typeof ownOptions, name: string, options: TimedOptions<Context>): void {
  optionsObject(kind, options);
  refuseUnknownOptions(kind, name, options, ownOptions[kind]);
  functionOption('run', options.run, true);
  functionOption('setup', options.setup, false);
}

type Place<T, F> = Pick<Member<T, F>, 'name' | 'location' | 'parameters'>;

/** A benchmark; `parameters` reach `setup`. */
export function benchMember<T, F, Context extends SubjectContext<T, F>, State>(
  place: Place<T, F>,
  options: ProtocolBenchOptions<Context, State>,
): Member<T, F> {
  const { setup, run, ...rest } = options;
  return {
    ...place,
    role: 'alternative',
    declare: (name, stage) =>
      placed(place.location, () => {
        const work = workOf(stage, place, setup);
        return bench<State>(name, {
          ...roundsOf(stage),
          ...rest,
          setup: work.setup,
          run: (state) => work.consumed(run(state)),
        });
      }),
  };
}

/** Calls, one by one or some at a time. */
export function latencyMember<T, F, Context extends SubjectContext<T, F>, State>(
  place: Place<T, F>,
  options: ProtocolLatencyOptions<Context, State>,
): Member<T, F> {
  const { setup, run, ...rest } = options;
  return {
    ...place,
    role: 'alternative',
    declare: (name, stage) =>
      placed(place.location, () => {
        const work = workOf(stage, place, setup);
        return latency<State>(name, {
          ...roundsOf(stage),
          ...rest,
          setup: work.setup,
          run: (call) => work.consumed(run(call)),
        });
      }),
  };
}

const roundsOf = <T, F>({ contract: { rounds } }: Stage<T, F>): { readonly rounds?: number } =>
  rounds === undefined ? {} : { rounds };

interface Work<State> {
  readonly setup: () => Promise<State>;
  readonly consumed: (value: unknown) => unknown;
}

function workOf<T, F, Context, State>(
  stage: Stage<T, F>,
  { parameters }: Place<T, F>,
  setup: ((context: Context) => State | Promise<State>) | undefined,
): Work<State> {
  let own: readonly unknown[] = [];
  // A method that returns its own object for chaining has no result: reading all that is stored would be the benchmark.
  const consumed = (value: unknown): unknown => {
    if (value === own[0] || value === own[1]) return 0;
    return isPromise(value) ? value.then(consumed) : consumeOutcome(value);
  };
  return {
    setup: async () => {
      const subjectContext = await stage.context();
      const context = { ...subjectContext, parameters } as Context;
      const state = setup === undefined ? (context as unknown as State) : await setup(context);
      own = [subjectContext.subject, state];
      return state;
    },
    consumed,
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Promise<unknown>>).then === 'function';

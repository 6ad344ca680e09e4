import type { Declaration, Over, ParametersOf } from '@perfkeel/core';
import type {
  Create,
  FixtureContext,
  Implementation,
  PropertyContext,
  PropertyOutcome,
  SubjectContext,
} from './contract.ts';
import type { Violation } from './hold-properties.ts';
import type { Implementations } from './implementations.ts';
import type { QualityOptions } from './quality-member.ts';
import type { ProtocolBenchOptions, ProtocolLatencyOptions } from './timed-member.ts';

export interface PropertyOptions {
  /**
   * Tried once by itself, and not behind every measurement: for what takes longer than the measurements do. A broken one
   * fails the properties of the implementation, and does not show in its times. @default false
   */
  readonly costly?: boolean;
}

/** What a member of one's own works with. */
export interface MemberContext<T, F> {
  /** The name to declare it by. */
  readonly name: string;
  /** Makes an object of the implementation. It is whoever made it who disposes of it. */
  readonly create: () => Promise<T>;
  readonly dispose: (subject: T) => Promise<void>;
  /** The data, once they are measured with: call it in `setup`. */
  readonly fixture: () => Promise<F>;
}

/** What `setup` of a scaling member gets: one value of each parameter, too. */
export interface ScalingContext<T, F, O> extends SubjectContext<T, F> {
  readonly parameters: ParametersOf<O>;
}

/**
 * A contract `T` with data `F`. Every method adds to it and returns it; `implementedBy` declares what there is. All of
 * them throw a `PerfError` with exit code 2 and the user's own line when something is wrong.
 */
export interface Protocol<T, F> {
  /**
   * The data that every implementation works on; before everything else. It is made anew in every process, outside the
   * clock, and must be the same each time: random numbers come from `rng`. Its identity is stored with every
   * measurement, and numbers of other data are never compared.
   */
  fixture<G>(make: (context: FixtureContext) => G | Promise<G>): Protocol<T, G>;

  /**
   * What must be right before speed means anything: `true`, or else `false`, a counterexample in words, or an error.
   * Each property gets an object of its own. Anything else that is returned, `undefined` too, is a violation.
   */
  property(
    name: string,
    holds: (context: PropertyContext<T, F>) => PropertyOutcome | Promise<PropertyOutcome>,
    options?: PropertyOptions,
  ): this;

  /** How well the work is done, as a number. The objectives name it as it is named here: `'recall@10 >= 90%'`. */
  quality<const Name extends string>(name: Name, options: QualityOptions<T, F, NoInfer<Name>>): this;

  /** A micro-benchmark. Results are consumed inside the clock. */
  bench<State = SubjectContext<T, F>>(name: string, options: ProtocolBenchOptions<SubjectContext<T, F>, State>): this;

  /** An operation, timed call by call. Results are consumed inside the clock. */
  latency<State = SubjectContext<T, F>>(
    name: string,
    options: ProtocolLatencyOptions<SubjectContext<T, F>, State>,
  ): this;

  /** A micro-benchmark for every value of one or more parameters, which `setup` gets. */
  scaling<const O extends Over, State = ScalingContext<T, F, O>>(
    name: string,
    options: ProtocolBenchOptions<ScalingContext<T, F, O>, State> & { readonly over: O },
  ): this;

  /**
   * Any other noun: `declare` calls it, by the name that it is given.
   *
   * @example
   * .member('fill and drop', ({ name, create }) => leak(name, { cycle: async () => fillAndDrop(await create()) }))
   */
  member(name: string, declare: (context: MemberContext<T, F>) => Declaration | readonly Declaration[]): this;

  /**
   * Declares every member for every implementation. A name with a function makes one object of it; an object says how to
   * dispose of it too, why it is skipped, or that it must fail. Can be called again with others.
   */
  implementedBy(implementations: Implementations<T, F>): readonly Declaration[];

  /** Tries all properties on one implementation, here and now: for its unit tests. */
  violationsOf(implementation: Create<T, F> | Implementation<T, F>): Promise<readonly Violation[]>;
}

import type { ParameterValue, Rng, SourceLocation } from '@perfkeel/core';

/** What a fixture is made from. */
export interface FixtureContext {
  /** The seed of the protocol: the same in every process and every run. */
  readonly seed: number;
  /** Random numbers from that seed. With those of `Math.random` every process would work on other data. */
  readonly rng: Rng;
  /** A rehearsal: little data will do. */
  readonly short: boolean;
}

/** What the members of a protocol work with. */
export interface SubjectContext<T, F> {
  /** One object of the implementation, made for this benchmark and disposed of after it. */
  readonly subject: T;
  readonly fixture: F;
  /** Makes another one. It is whoever made it who disposes of it. */
  readonly create: () => Promise<T>;
  /** Gives one back; does nothing when the implementation has nothing to dispose of. */
  readonly dispose: (subject: T) => Promise<void>;
}

/** What a property is tried on. */
export interface PropertyContext<T, F> extends SubjectContext<T, F> {
  /** The same numbers in every process. */
  readonly rng: Rng;
}

/** `true` when it holds; else `false`, or better a counterexample in words. */
export type PropertyOutcome = boolean | string;

/** What every implementation must do right before its speed means anything. */
export interface Property<T, F> {
  readonly name: string;
  readonly holds: (context: PropertyContext<T, F>) => PropertyOutcome | Promise<PropertyOutcome>;
  /** Tried once by itself, and not beside every measurement. */
  readonly costly: boolean;
}

/** Makes one object of an implementation. */
export type Create<T, F> = (context: { readonly fixture: F }) => T | Promise<T>;

/** One way to keep the contract. */
export interface Implementation<T, F = unknown> {
  readonly create: Create<T, F>;
  /** Takes down what `create` made. */
  readonly dispose?: (subject: T) => unknown;
  /** Why it cannot be measured here; nothing when it can. */
  readonly skip?: string | undefined;
  /** It breaks the contract, and this must be found: only its properties are tried, and one of them must not hold. */
  readonly expected?: 'fail';
}

/** An implementation with its name. */
export interface NamedImplementation<T, F> extends Implementation<T, F> {
  readonly name: string;
}

/** Where a member is declared, and by what it differs from its siblings. */
export interface MemberPlace {
  readonly name: string;
  readonly location: SourceLocation | undefined;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** What a protocol has been told. */
export interface Contract<T, F> {
  readonly name: string;
  readonly seed: number;
  readonly rounds: number | undefined;
  readonly tags: readonly string[];
  readonly location: SourceLocation | undefined;
  readonly makeFixture: ((context: FixtureContext) => F | Promise<F>) | undefined;
  readonly properties: readonly Property<T, F>[];
}

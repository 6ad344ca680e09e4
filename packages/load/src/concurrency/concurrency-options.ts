import type { DurationText, Rng, RunningTarget, TargetSpec } from '@perfkeel/core';
import type { Answer, Invariant } from './invariant.ts';
import type { SequentialModel } from './linearizability/sequential-model.ts';

/** What the functions around the operations are given. */
export interface ConcurrencyPlace {
  /** The running target, when the declaration names one. */
  readonly target: RunningTarget | undefined;
  /** Aborts when the measurement is to stop. */
  readonly signal: AbortSignal;
}

/** Which operation it is: known before anything runs. */
export interface OperationIdentity {
  /** Counts from 0. */
  readonly client: number;
  /** Counts from 0. */
  readonly burst: number;
  /** Counts the operations of the round from 0. The same for all attempts: an idempotency key. */
  readonly index: number;
}

/** What each operation is given. */
export interface ConcurrencyCall<State = undefined, Input = undefined> extends OperationIdentity {
  /** 0 at first; counts the retries. */
  readonly attempt: number;
  /** What `input` made. */
  readonly input: Input;
  /** What `setup` returned; shared by all operations. */
  readonly setup: State;
  readonly target: RunningTarget | undefined;
  /** Aborts when the time for the operation is over. */
  readonly signal: AbortSignal;
}

/** The functions that touch the system: those of the subject, or those of its control. */
export interface ConcurrencyHands<Value, State = undefined, Input = undefined> {
  /**
   * One operation of one client. What it returns is its answer; throwing says that it was refused, unless the error
   * leaves open whether it took effect (see `unknownWhen`).
   */
  readonly op: (call: ConcurrencyCall<State, Input>) => Value | PromiseLike<Value>;
  /** Makes what the operations share, such as open connections: once. */
  readonly setup?: ((place: ConcurrencyPlace) => State | PromiseLike<State>) | undefined;
  /**
   * Puts the system back to its beginning before each burst. With it every burst is a history of its own; without it
   * all bursts together are one history.
   */
  readonly prepare?: ((place: ConcurrencyPlace & { setup: State; burst: number }) => unknown) | undefined;
  /** What the system holds when all operations of a history have ended. */
  readonly readBack?:
    ((place: ConcurrencyPlace & { setup: State }) => readonly unknown[] | PromiseLike<readonly unknown[]>) | undefined;
  /** Takes down what `setup` made, also after a failure. */
  readonly teardown?: ((state: State) => unknown) | undefined;
}

/** A model that every history must be explained by, and how long the search for an explanation may take. */
export interface LinearizableOptions {
  /** Its inputs are those that `input` makes. */
  readonly model: SequentialModel<Answer, Answer>;
  /** For all histories of a round together. What it does not suffice for is undecided, never a pass. @default '2s' */
  readonly budget?: DurationText | undefined;
}

/** An operation, and what must hold however its calls interleave. */
export interface ConcurrencySubject<Value, State = undefined, Input = undefined> extends ConcurrencyHands<
  Value,
  State,
  Input
> {
  /** How many operations are released at once. */
  readonly clients: number;
  /** How often; each client makes one operation in each burst. @default 20 */
  readonly bursts?: number | undefined;
  /** Makes the input of an operation, before any of its burst begins. The random numbers follow from the seed. */
  readonly input?: ((identity: OperationIdentity & { readonly random: Rng }) => Input) | undefined;
  /** What must hold. */
  readonly invariants?: readonly Invariant<NoInfer<Value>>[] | undefined;
  readonly linearizable?: LinearizableOptions | undefined;
  /**
   * A twin that is known to be broken: whatever it does not bring itself it takes from the subject. It runs first, and
   * when its faults are not found, nothing is concluded about the subject.
   */
  readonly control?: Partial<ConcurrencyHands<unknown, State, Input>> | undefined;
  /** For one operation with its retries; one without an answer by then has an unknown outcome. @default '10s' */
  readonly timeout?: DurationText | undefined;
  /** Says that an operation may be tried again, because a second attempt changes nothing. @default false */
  readonly idempotent?: boolean | undefined;
  /** Attempts after the first one, with pauses of random length. @default 3 for what is idempotent, else 0 */
  readonly retries?: number | undefined;
  /** Which errors are worth another attempt. @default broken connections, timeouts, serialisation failures, deadlocks */
  readonly retryWhen?: ((error: unknown) => boolean) | undefined;
  /** Which errors leave open whether the operation took effect. @default broken connections and timeouts */
  readonly unknownWhen?: ((error: unknown) => boolean) | undefined;
  /** Says that operations may be refused, as when ten seats are sold to fifty clients. @default false */
  readonly errorsExpected?: boolean | undefined;
  /** The system under test, started before each round. */
  readonly target?: TargetSpec | undefined;
}

/** What an operation does when it is alone. */
export interface Effect<State> {
  readonly state: State;
  /** The answer that it must have; left out when any answer will do. */
  readonly value?: unknown;
}

/**
 * How the system behaves when one operation runs after another: what every concurrent history is held against. The
 * answer of an operation must follow from the state and the input.
 *
 * States are values: `apply` makes a new one and never changes what it was given.
 */
export interface SequentialModel<State = unknown, Input = unknown> {
  /** Before the first operation. */
  readonly initial: State;
  readonly apply: (state: State, input: Input) => Effect<State>;
  /** Operations on different parts of the system are ordered apart, each from `initial`: far less to search. */
  readonly partition?: ((input: Input) => string | number) | undefined;
}

/** What `registerModel` understands. */
export type RegisterInput = { readonly read: true } | { readonly write: unknown };

/** A variable: a read answers what the last write wrote. */
export const registerModel = (initial: unknown = undefined): SequentialModel<unknown, RegisterInput> => ({
  initial,
  apply: (state, input) => ('write' in input ? { state: input.write } : { state, value: state }),
});

/**
 * A counter that answers with its new value; `answers: 'before'` when it answers with the old one. The input is the
 * number to add. @default 1
 */
export const counterModel = ({
  initial = 0,
  answers = 'after',
}: { readonly initial?: number; readonly answers?: 'before' | 'after' } = {}): SequentialModel<
  number,
  number | undefined
> => ({
  initial,
  apply: (state, added = 1) => ({ state: state + added, value: answers === 'after' ? state + added : state }),
});

/** What `queueModel` understands. */
export type QueueInput = { readonly enqueue: unknown } | { readonly dequeue: true };

/** First in, first out. A dequeue answers with the oldest item, and `undefined` when there is none. */
export const queueModel = (initial: readonly unknown[] = []): SequentialModel<readonly unknown[], QueueInput> => ({
  initial,
  apply: (state, input) =>
    'enqueue' in input ? { state: [...state, input.enqueue] } : { state: state.slice(1), value: state[0] },
});

import type { OperationHistory, Operation } from './operation.ts';

/** One way in which an invariant is broken: a small counterexample in words. */
export interface Violation {
  readonly message: string;
  /** The indices of the operations that show it; empty when it shows only in the whole. */
  readonly operations: readonly number[];
}

/** What an invariant found in a history. */
export interface Finding {
  readonly violations: readonly Violation[];
  /** How many things were held against it. Of nothing nothing follows. */
  readonly examined: number;
  /** Why it cannot be said whether the invariant holds. */
  readonly undecided?: string | undefined;
}

/** A statement about every history that the system may ever show. Pure: the same history gives the same finding. */
export interface Invariant<Value = unknown> {
  readonly name: string;
  /** Whether it looks at what was read back. */
  readonly readsBack: boolean;
  examine(history: OperationHistory<Value>): Finding;
}

/**
 * The answer of an operation where the compiler cannot know it: inference does not carry what `op` returns into the
 * functions of the invariants beside it. Annotate them: `uniqueValues((reply: Reply) => reply.id)`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = any;

/** Picks out of an answer what an invariant speaks of; `undefined` leaves the operation out. */
export type Select<Value, Part> = (value: Value) => Part | undefined;

/** How an operation is named in a sentence. */
export const who = ({ client, burst }: Pick<Operation, 'client' | 'burst'>): string =>
  `client ${client} in burst ${burst}`;

const mostNamed = 3;

/** `client 1 in burst 0, client 4 in burst 0 and 7 more`. */
export function whoAll(operations: readonly Operation[]): string {
  const named = operations.slice(0, mostNamed).map(who);
  const more = operations.length - named.length;
  if (more > 0) return `${named.join(', ')} and ${more} more`;
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

/**
 * How an operation ended.
 *
 * - `ok`: it answered
 * - `error`: it was refused, and did nothing
 * - `unknown`: nobody can say whether it took effect: no answer in time, or the connection broke after it was sent
 */
export const outcomes = ['ok', 'error', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** One operation of one client, as an outside observer saw it. */
export interface Operation<Value = unknown, Input = unknown> {
  /** Its place in the order in which operations were built: unique, and the same for all attempts. */
  readonly index: number;
  readonly client: number;
  readonly burst: number;
  /** What it was asked to do, when the declaration makes inputs. */
  readonly input?: Input | undefined;
  /** Nanoseconds since the round began. */
  readonly callAt: number;
  /** Nanoseconds since the round began; `Infinity` when the outcome is unknown: it may still take effect. */
  readonly returnAt: number;
  readonly outcome: Outcome;
  /** What it answered; only when the outcome is `ok`. */
  readonly value?: Value | undefined;
  /** Why it did not. */
  readonly error?: string | undefined;
  /** How often it was tried. */
  readonly attempts: number;
}

/** Everything that an invariant may look at. */
export interface OperationHistory<Value = unknown, Input = unknown> {
  /** In the order of their indices. */
  readonly operations: readonly Operation<Value, Input>[];
  /** What the system holds when every operation has ended; absent when nobody reads it back. */
  readonly readBack?: readonly unknown[] | undefined;
}

/** The operations that answered: the only ones whose values are known. */
export const answered = <Value, Input>({
  operations,
}: OperationHistory<Value, Input>): readonly Operation<Value, Input>[] =>
  operations.filter(({ outcome }) => outcome === 'ok');

import type { OperationHistory, Operation, Outcome } from '../../src/concurrency/operation.ts';

export interface Told {
  readonly client?: number;
  readonly burst?: number;
  readonly at?: readonly [call: number, answer: number];
  readonly input?: unknown;
  readonly outcome?: Outcome;
  readonly attempts?: number;
}

/**
 * One operation, of whatever types the test says that its answer and input have; without more it is answered by the client of its index, in burst 0, at the time of its index.
 */
export function operation(index: number, value: unknown, told: Told = {}): Operation<never, never> {
  const { client = index, burst = 0, at = [index, index + 0.5], outcome = 'ok', attempts = 1 } = told;
  const ended = outcome === 'ok' ? { value: value as never } : { error: String(value) };
  const input = told.input as never;
  const returnAt = outcome === 'unknown' ? Infinity : at[1];
  return { index, client, burst, callAt: at[0], returnAt, outcome, input, attempts, ...ended };
}

/** Operations of different clients that answered with these values. */
export const answers = (values: readonly unknown[], readBack?: readonly unknown[]): OperationHistory<never, never> => ({
  operations: values.map((value, index) => operation(index, value)),
  readBack,
});

export const messages = ({ violations }: { violations: readonly { message: string }[] }): string[] =>
  violations.map(({ message }) => message);

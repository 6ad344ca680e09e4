const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** Runs a cycle so many times, one after the other; waits only for what it returns as a promise. */
export async function repeat(cycle: () => unknown, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = cycle();
    if (isThenable(result)) await result;
  }
}

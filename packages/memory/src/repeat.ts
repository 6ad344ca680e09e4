const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/**
 * Runs so many calls of the work; resolves with the iterations that they completed: as many as the calls, unless some
 * failed or a call is made of many.
 */
export type Work = (calls: number) => Promise<number>;

/** Runs a cycle so many times, one after the other; waits only for what it returns as a promise. */
export async function repeat(cycle: () => unknown, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const result = cycle();
    if (isThenable(result)) await result;
  }
}

/** Runs a cycle so many times, at most `clients` at once; nothing of it is under way when this settles. */
export async function repeatBy(clients: number, cycle: () => unknown, times: number): Promise<void> {
  let left = times;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      try {
        await cycle();
      } catch (error) {
        left = 0;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(clients, times) }, client));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** One call is one iteration. */
export function workOf(cycle: () => unknown, clients = 1): Work {
  return async (calls) => {
    await (clients === 1 ? repeat(cycle, calls) : repeatBy(clients, cycle, calls));
    return calls;
  };
}

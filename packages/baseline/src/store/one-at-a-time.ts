/** Runs work on one key after the other; work on different keys at the same time. */
export function oneAtATime(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (queues.get(key) ?? Promise.resolve()).catch(() => undefined).then(work);
    queues.set(key, turn);
    try {
      return await turn;
    } finally {
      if (queues.get(key) === turn) queues.delete(key);
    }
  };
}

/** Calls `make` at the first use; after a failure again at the next. */
export function once<T>(make: () => Promise<T>): { get(): Promise<T>; forget(): Promise<T> | undefined } {
  let made: Promise<T> | undefined;
  return {
    get: () =>
      (made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      })),
    forget() {
      const before = made;
      made = undefined;
      return before;
    },
  };
}

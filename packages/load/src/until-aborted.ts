/** Work that never settles must not hold up the end. @throws the reason of the signal, once it aborts */
export async function untilAborted<T>(signal: AbortSignal, work: T | PromiseLike<T>): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

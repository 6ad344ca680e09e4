export const over = Symbol('over');
export type Over = typeof over;

/**
 * Waits for answers that may never come once something is over: what is answered before, or `over`.
 *
 * A race against a promise that stays pending for hours would keep every answer that ever won against it: each race
 * leaves its reactions behind.
 */
export function unlessOver(ended: Promise<unknown>): <T>(answer: Promise<T>) => Promise<T | Over> {
  const waiting = new Set<() => void>();
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    for (const tell of waiting) tell();
    waiting.clear();
  });
  return <T>(answer: Promise<T>) =>
    new Promise<T | Over>((resolve, reject) => {
      const tell = (): void => resolve(over);
      if (isOver) tell();
      else waiting.add(tell);
      answer.then(resolve, reject).finally(() => waiting.delete(tell));
    });
}

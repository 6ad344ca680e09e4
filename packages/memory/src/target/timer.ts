/** Node takes a longer time for a timer as 1 ms. */
const longestMs = 2 ** 31 - 1;

/** A time that a timer can wait for: 24 days at most. */
export const timerMs = (ms: number): number => Math.min(ms, longestMs);

export const late = Symbol('late');
export type Late = typeof late;

/** What is answered within a time, or `late`. */
export function within<T>(ms: number, answer: Promise<T>): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late), timerMs(ms));
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The longest that a timer can wait; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** A time in milliseconds as a timer can take it. */
export const timerMs = (ms: number): number => Math.min(Math.ceil(ms), longestMs);

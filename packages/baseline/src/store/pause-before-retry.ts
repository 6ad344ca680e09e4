import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a random time, up to twice as long after each attempt, so that many who lost at the same moment do not meet
 * again.
 *
 * @param first milliseconds at most behind the first attempt, which is number 0
 * @param most milliseconds at most behind any
 */
export const pauseBeforeRetry = (attempt: number, first: number, most = 2000): Promise<void> =>
  sleep(Math.random() * Math.min(most, first * 2 ** attempt));

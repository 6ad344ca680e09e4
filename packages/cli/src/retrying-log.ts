import type { ObjectLog } from '@perfkeel/baseline';
import { withRetries, type OnRetry } from '@perfkeel/runner';

/** Before a second attempt; before a third it is twice as long. */
const defaultPauseMs = 500;

/**
 * Records that lie behind a network: what fails there and can pass is tried at most three times. Records are named by their
 * content, so that doing again what had been done unheard changes nothing.
 *
 * @param where for people, without credentials
 */
export function retryingLog(log: ObjectLog, where: string, onRetry: OnRetry, pauseMs = defaultPauseMs): ObjectLog {
  const again = <T>(verb: string, work: () => Promise<T>): Promise<T> =>
    withRetries(work, { what: `${verb} the records in ${where}`, pauseMs, onRetry });
  return {
    put: (key, bytes) => again('writing', () => log.put(key, bytes)),
    get: (key) => again('reading', () => log.get(key)),
    list: (prefix) => again('reading', () => log.list(prefix)),
    setAside: (key) => again('tidying', () => log.setAside(key)),
    remove: (key) => again('deleting', () => log.remove(key)),
    place: (key) => log.place(key),
    compact: async () => await again('packing', async () => (await log.compact?.()) ?? 0),
    close: async () => await log.close?.(),
  };
}

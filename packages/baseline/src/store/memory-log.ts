import { requireObjectKey } from './object-key.ts';
import type { ObjectLog } from './object-log.ts';

/** Records in memory: for programs that keep nothing, and for tests. */
export function memoryLog(): ObjectLog {
  const records = new Map<string, Uint8Array>();
  const place = (key: string): string => `memory:${key}`;
  return {
    place,
    put(key, bytes) {
      return Promise.resolve().then(() => {
        requireObjectKey(key);
        if (records.has(key)) return 'exists';
        records.set(key, bytes.slice());
        return 'created';
      });
    },
    get(key) {
      return Promise.resolve().then(() => {
        requireObjectKey(key);
        return records.get(key)?.slice();
      });
    },
    list(prefix) {
      const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
      return Promise.resolve([...records.keys()].filter((key) => key.startsWith(start)).sort());
    },
    remove(key) {
      return Promise.resolve().then(() => {
        requireObjectKey(key);
        return records.delete(key);
      });
    },
    setAside(key) {
      return Promise.resolve(records.delete(key) ? `${place(key)}, which is forgotten` : undefined);
    },
  };
}

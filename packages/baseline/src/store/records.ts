import { createHash } from 'node:crypto';
import { PerfError, messageOf, type Warning } from '@perfkeel/core';
import type { ObjectLog } from './object-log.ts';

/** SHA-256 in hexadecimal. */
export const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A record as it was stored: `text` has been held against `sha`. */
export interface RawRecord {
  readonly sha: string;
  readonly text: string;
  /** Where it is, for messages. */
  readonly place: string;
}

/** Reads and writes records whose key ends in the SHA-256 of their content. */
export interface Records {
  /** Everything that reading met and went round so far. */
  readonly warnings: readonly Warning[];
  warn(warning: Warning): void;
  /** @param keyOf makes the key from the hash */
  write(text: string, keyOf: (sha: string) => string): Promise<{ readonly sha: string; readonly created: boolean }>;
  /** `undefined` when it is missing or damaged; what is damaged is set aside and named in a warning. */
  read(key: string): Promise<RawRecord | undefined>;
  /** The keys of a kind of record. What does not belong there is set aside and named in a warning. */
  keys(prefix: string, pattern: RegExp): Promise<readonly string[]>;
  /** Takes a record out of the way. Where that cannot be done, the warning says so: reading goes on. */
  setAside(key: string, why: string): Promise<void>;
}

const shaInKey = /([0-9a-f]{64})\.json$/;

export function recordsOf(log: ObjectLog): Records {
  const warnings = new Map<string, Warning>();
  const records: Records = {
    get warnings() {
      return [...warnings.values()];
    },
    warn(warning) {
      warnings.set(`${warning.code} ${warning.message}`, warning);
    },
    write: (text, keyOf) => write(log, records, text, keyOf),
    read: (key) => read(log, records, key),
    async keys(prefix, pattern) {
      const own: string[] = [];
      for (const key of await log.list(prefix)) {
        if (pattern.test(key)) own.push(key);
        else await records.setAside(key, 'does not belong there');
      }
      return own;
    },
    setAside: (key, why) => setAside(log, records, key, why),
  };
  return records;
}

async function write(
  log: ObjectLog,
  records: Records,
  text: string,
  keyOf: (sha: string) => string,
): Promise<{ sha: string; created: boolean }> {
  const bytes = new TextEncoder().encode(text);
  const sha = shaOf(bytes);
  const key = keyOf(sha);
  for (let attempt = 0; attempt < 3; attempt++) {
    if ((await log.put(key, bytes)) === 'created') return { sha, created: true };
    // The name is taken: by the same content, or by what is left of it, which reading sets aside.
    if (await records.read(key)) return { sha, created: false };
  }
  throw new PerfError(`cannot write ${log.place(key)}: something damaged stands there and cannot be moved`, {
    code: 'store-not-writable',
    hint: `Delete ${log.place(key)}.`,
  });
}

async function read(log: ObjectLog, records: Records, key: string): Promise<RawRecord | undefined> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await log.get(key);
  } catch (error) {
    records.warn({ code: 'unreadable-record', message: messageOf(error) });
    return undefined;
  }
  const [, sha] = shaInKey.exec(key) ?? [];
  if (bytes !== undefined && sha !== undefined && shaOf(bytes) === sha) {
    return { sha, text: new TextDecoder().decode(bytes), place: log.place(key) };
  }
  await records.setAside(key, bytes === undefined ? 'is not a regular file' : 'does not hold what was written');
  return undefined;
}

async function setAside(log: ObjectLog, records: Records, key: string, why: string): Promise<void> {
  const what = `${log.place(key)} ${why}`;
  try {
    const moved = await log.setAside(key);
    if (moved !== undefined) {
      records.warn({ code: 'record-set-aside', message: `${what}; it was left out and moved to ${moved}` });
    }
  } catch (error) {
    const message = `${what}; it was left out, and could not be moved away: ${messageOf(error)}`;
    records.warn({ code: 'record-left-out', message });
  }
}

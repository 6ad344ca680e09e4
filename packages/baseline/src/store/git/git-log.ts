import { randomBytes } from 'node:crypto';
import { usageError } from '@perfkeel/core';
import { batched } from '../batched.ts';
import { requireObjectKey } from '../object-key.ts';
import type { ObjectLog } from '../object-log.ts';
import { readBlobs } from './git-blobs.ts';
import { withoutCredentials } from '@perfkeel/core';
import { base, refOfKey } from './git-names.ts';
import type { PackOptions } from './git-pack.ts';
import { gitRemote, type GitRemote, type GitState } from './git-remote.ts';
import {
  dropRecords,
  mostAtOnce,
  packRecords,
  putRecords,
  type GitDrop,
  type GitPlace,
  type GitPut,
} from './git-writes.ts';

export interface GitLogOptions {
  /** A folder inside the clone through which records travel. */
  readonly repository: string;
  /** The name or the address of a remote. @default 'origin' */
  readonly remote?: string | undefined;
  /**
   * `refs`: a ref for each record, so that writers never meet. `branch`: all records in one branch, for hosts that
   * refuse refs of other kinds; writers wait for each other.
   *
   * @default 'refs'
   */
  readonly transport?: 'refs' | 'branch' | undefined;
  /** @default 'perfkeel-data' */
  readonly branch?: string | undefined;
  /** After which a push that others keep overtaking, or a remote that does not answer, is an error. @default 60 s */
  readonly timeoutMs?: number | undefined;
}

/** Records on a git remote: history for a team without a server. They are no part of an ordinary clone or fetch. */
export interface GitLog extends ObjectLog {
  /**
   * Folds the refs of single records into one commit, in one atomic push under leases: every record is to be seen before
   * and after, whoever else writes or packs.
   *
   * @returns how many records it packed; none below `atLeast` refs @default 1
   */
  compact(options?: { readonly atLeast?: number }): Promise<number>;
}

/**
 * Opens the records on a git remote, below `refs/perfkeel/v1`. Nothing is read or sent before the first call.
 *
 * @example
 * const store = runStore(gitLog({ repository: '.', remote: 'origin' }));
 */
export function gitLog(options: GitLogOptions): GitLog {
  const { repository, remote = 'origin', transport = 'refs', branch = 'perfkeel-data', timeoutMs = 60_000 } = options;
  requireNames(remote, branch);
  const keepPast = transport === 'branch';
  const packedRef = keepPast ? `refs/heads/${branch}` : `${base}/packed`;
  const shown = withoutCredentials(remote);
  const place = openPlace(gitRemote(repository, remote, packedRef, timeoutMs), {
    remote,
    ref: packedRef,
    keepPast,
    timeoutMs,
  });
  const put = batched((puts: readonly GitPut[]) => putRecords(place, puts));
  const get = batched((keys: readonly string[]) => getRecords(place, keys), 500);
  const drop = batched((drops: readonly GitDrop[]) => dropRecords(place, drops));
  return {
    place: (key) => `${shown} ${keepPast ? `${packedRef}:${key}` : `${base}/${refOfKey(key)}`}`,
    async put(key, bytes) {
      requireObjectKey(key);
      return await put({ key, bytes: bytes.slice() });
    },
    async get(key) {
      requireObjectKey(key);
      return await get(key);
    },
    async list(prefix) {
      const { entries } = await place.read();
      const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
      return [...entries.keys()].filter((key) => key.startsWith(start)).sort();
    },
    async setAside(key) {
      const kept = `${base}/set-aside/${refOfKey(key).slice('records/'.length)}.${randomBytes(6).toString('hex')}`;
      return (await drop({ key, keepAs: kept })) ? `${shown} ${kept}` : undefined;
    },
    async remove(key) {
      requireObjectKey(key);
      return await drop({ key });
    },
    async compact({ atLeast = 1 } = {}) {
      for (let all = 0; ;) {
        const packed = await packRecords(place, atLeast);
        all += packed;
        if (packed < mostAtOnce) return all;
      }
    },
  };
}

function openPlace(port: GitRemote, pack: PackOptions): GitPlace {
  let seen: GitState | undefined;
  // Whoever asks while one fetch is under way may want what came after it: they share the next.
  const read = batched<undefined, GitState>(async (calls) => {
    const state = (seen = await port.read());
    return calls.map(() => state);
  }, 1000);
  return { port, pack, seen: () => seen, read: () => read(undefined), forget: () => (seen = undefined) };
}

async function getRecords(place: GitPlace, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
  const last = place.seen();
  const known = last !== undefined && keys.every((key) => last.entries.has(key));
  const { entries } = known ? last : await place.read();
  const found = keys.filter((key) => entries.has(key));
  const names = found.map((key) => entries.get(key)!.blob);
  const contents = await readBlobs(place.port.git, place.pack.remote, names);
  const byKey = new Map(found.map((key, i) => [key, contents[i]]));
  return keys.map((key) => byKey.get(key)?.slice());
}

/** Both reach the command line of git. */
function requireNames(remote: string, branch: string): void {
  if (/^[^-\s][^\s]*$/.test(remote) && !remote.includes('::') && /^[A-Za-z0-9][\w/-]*$/.test(branch)) return;
  throw usageError(
    `git cannot keep records on the remote ${JSON.stringify(remote)} in the branch ${JSON.stringify(branch)}`,
    {
      code: 'bad-store',
      hint: 'Write "store": "git:origin", with the name or the address of a remote.',
    },
  );
}

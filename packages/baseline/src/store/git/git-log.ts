import { setTimeout as sleep } from 'node:timers/promises';
import { usageError } from '@perfkeel/core';
import { batched } from '../batched.ts';
import { requireObjectKey } from '../object-key.ts';
import type { ObjectLog } from '../object-log.ts';
import { readBlobs, writeBlobs } from './git-blobs.ts';
import { gitFailure, withoutCredentials } from './git-error.ts';
import { base, refOfKey } from './git-names.ts';
import { editPacked, type PackEdit, type PackOptions } from './git-pack.ts';
import { gitRemote, type GitState, type PushOutcome, type RefChange } from './git-remote.ts';

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
  const port = gitRemote(repository, remote, packedRef, timeoutMs);
  const pack: PackOptions = { remote, ref: packedRef, keepPast, timeoutMs };
  let seen: GitState | undefined;
  const fetchState = batched<undefined, GitState>(async (calls) => {
    seen = await port.read();
    return calls.map(() => seen!);
  }, 1000);
  const read = (): Promise<GitState> => fetchState(undefined);

  const put = batched<Put, 'created' | 'exists'>(async (puts) => {
    const known = seen !== undefined && !puts.some(({ key }) => seen!.entries.has(key));
    // What was there when this clone looked last may have been deleted since.
    const { entries } = known ? seen! : await read();
    // The first of one batch for a key is the first that asked.
    const first = new Map<string, Put>();
    for (const each of puts) if (!entries.has(each.key) && !first.has(each.key)) first.set(each.key, each);
    const wanted = [...first.values()];
    const blobs = await writeBlobs(
      port.git,
      remote,
      wanted.map(({ bytes }) => bytes),
    );
    const done = await (keepPast ? putPacked : putRefs)(wanted.map(({ key }, i) => ({ key, blob: blobs[i]! })));
    wanted.forEach(({ key }, i) => {
      const blob = blobs[i]!;
      const loose = keepPast ? undefined : { ref: `${base}/${refOfKey(key)}`, blob };
      if (done.has(key)) seen?.entries.set(key, { blob, packed: keepPast, loose });
    });
    return puts.map((each) => (first.get(each.key) === each && done.has(each.key) ? 'created' : 'exists'));
  });

  async function putRefs(records: readonly Blob[]): Promise<ReadonlySet<string>> {
    const done = new Set<string>();
    await pushAll(
      records.map(({ key, blob }) => ({ ref: `${base}/${refOfKey(key)}`, to: blob })),
      (i) => done.add(records[i]!.key),
    );
    return done;
  }

  async function putPacked(records: readonly Blob[]): Promise<ReadonlySet<string>> {
    let add = new Map<string, string>();
    await editPacked(port, pack, ({ entries }) => {
      add = new Map(records.filter(({ key }) => !entries.has(key)).map(({ key, blob }) => [key, blob]));
      return add.size === 0 ? undefined : { add, drop: [], refs: [] };
    });
    return new Set(add.keys());
  }

  /** Pushes refs that have nothing to do with each other; those that met another push try again. */
  async function pushAll(changes: readonly RefChange[], onDone: (i: number) => void): Promise<void> {
    const end = performance.now() + timeoutMs;
    let open = changes.map((_, i) => i);
    for (let attempt = 0; open.length > 0; attempt++) {
      if (performance.now() > end) throw gitFailure('write', remote, `others were faster for ${timeoutMs} ms`);
      if (attempt > 0) await sleep(Math.random() * Math.min(2000, 20 * 2 ** attempt));
      const outcomes: readonly PushOutcome[] = await port.push(open.map((i) => changes[i]!));
      open.filter((_, o) => outcomes[o] === 'done').forEach(onDone);
      open = open.filter((_, o) => outcomes[o] === 'busy');
    }
  }

  const get = batched<string, Uint8Array | undefined>(async (keys) => {
    const missing = keys.some((key) => !seen?.entries.has(key));
    const { entries } = seen === undefined || missing ? await read() : seen;
    const known = keys.filter((key) => entries.has(key));
    const contents = await readBlobs(
      port.git,
      remote,
      known.map((key) => entries.get(key)!.blob),
    );
    const byKey = new Map(known.map((key, i) => [key, contents[i]]));
    return keys.map((key) => byKey.get(key)?.slice());
  }, 500);

  /** Takes a record away from wherever it is, and keeps its content below another ref when asked. */
  const drop = async (key: string, keepAs?: string): Promise<boolean> => {
    let found = false;
    const planDrop = ({ entries }: GitState): PackEdit | undefined => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      found = true;
      const kept: RefChange[] = keepAs === undefined ? [] : [{ ref: keepAs, to: entry.blob }];
      const gone: RefChange[] = entry.loose === undefined ? [] : [{ ref: entry.loose.ref, from: entry.loose.blob }];
      return { add: new Map(), drop: [key], refs: [...kept, ...gone] };
    };
    const state = await read();
    const edit = planDrop(state);
    if (edit === undefined) return false;
    const packed = state.entries.get(key)?.packed ?? false;
    const done = !packed && (await port.push(edit.refs, true)).every((outcome) => outcome === 'done');
    if (!done) await editPacked(port, pack, planDrop);
    seen?.entries.delete(key);
    return found;
  };

  return {
    place: (key) => `${withoutCredentials(remote)} ${keepPast ? `${packedRef}:${key}` : `${base}/${refOfKey(key)}`}`,
    async put(key, bytes) {
      requireObjectKey(key);
      return await put({ key, bytes: bytes.slice() });
    },
    async get(key) {
      requireObjectKey(key);
      return await get(key);
    },
    async list(prefix) {
      const { entries } = await read();
      const start = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
      return [...entries.keys()].filter((key) => key.startsWith(start)).sort();
    },
    async setAside(key) {
      const kept = `${base}/set-aside/${refOfKey(key).slice('records/'.length)}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
      return (await drop(key, kept)) ? `${withoutCredentials(remote)} ${kept}` : undefined;
    },
    async remove(key) {
      requireObjectKey(key);
      return await drop(key);
    },
    async compact({ atLeast = 1 } = {}) {
      let packed = 0;
      await editPacked(port, pack, ({ entries }) => {
        const loose = [...entries].flatMap(([key, entry]) =>
          entry.loose ? [{ key, ...entry, loose: entry.loose }] : [],
        );
        packed = 0;
        if (loose.length < Math.max(1, atLeast)) return undefined;
        const some = loose.slice(0, mostAtOnce);
        packed = some.length;
        return {
          add: new Map(some.map(({ key, blob }) => [key, blob])),
          drop: [],
          refs: some.map((entry) => ({ ref: entry.loose.ref, from: entry.loose.blob })),
        };
      });
      seen = undefined;
      return packed;
    },
  };
}

interface Put {
  readonly key: string;
  readonly bytes: Uint8Array;
}

interface Blob {
  readonly key: string;
  readonly blob: string;
}

/** Refs of one push: each is an argument or two of a command. */
const mostAtOnce = 1000;

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

import { pauseBeforeRetry } from '../pause-before-retry.ts';
import { writeBlobs } from './git-blobs.ts';
import { gitFailure } from './git-error.ts';
import { base, refOfKey } from './git-names.ts';
import { editPacked, type PackEdit, type PackOptions } from './git-pack.ts';
import type { GitRemote, GitState, RefChange } from './git-remote.ts';

/** What writes need: the remote, how it packs, and what this clone saw of it last. */
export interface GitPlace {
  readonly port: GitRemote;
  readonly pack: PackOptions;
  /** What was seen last, when anything was. */
  seen(): GitState | undefined;
  read(): Promise<GitState>;
  forget(): void;
}

export interface GitPut {
  readonly key: string;
  readonly bytes: Uint8Array;
}

interface StoredBlob {
  readonly key: string;
  readonly blob: string;
}

/** Writes records that are not there yet, all in one push. One outcome for each, in order. */
export async function putRecords(place: GitPlace, puts: readonly GitPut[]): Promise<('created' | 'exists')[]> {
  const { port, pack } = place;
  const last = place.seen();
  // What was there when this clone looked last may have been deleted since.
  const fresh = last !== undefined && !puts.some(({ key }) => last.entries.has(key));
  const { entries } = fresh ? last : await place.read();
  // Of one batch, who asked first for a key.
  const first = new Map<string, GitPut>();
  for (const each of puts) if (!entries.has(each.key) && !first.has(each.key)) first.set(each.key, each);
  const wanted = [...first.values()];
  const contents = wanted.map(({ bytes }) => bytes);
  const blobs = await writeBlobs(port.git, pack.remote, contents);
  const records = wanted.map(({ key }, i) => ({ key, blob: blobs[i]! }));
  const done = await (pack.keepPast ? putPacked(place, records) : putRefs(place, records));
  for (const { key, blob } of records) {
    const loose = pack.keepPast ? undefined : { ref: `${base}/${refOfKey(key)}`, blob };
    if (done.has(key)) place.seen()?.entries.set(key, { blob, packed: pack.keepPast, loose });
  }
  return puts.map((each) => (first.get(each.key) === each && done.has(each.key) ? 'created' : 'exists'));
}

/** A ref for each: they have nothing to do with each other, and those that met another push try again. */
async function putRefs({ port, pack }: GitPlace, records: readonly StoredBlob[]): Promise<ReadonlySet<string>> {
  const end = performance.now() + pack.timeoutMs;
  const done = new Set<string>();
  let open = records;
  for (let attempt = 0; open.length > 0; attempt++) {
    if (performance.now() > end) throw gitFailure('write', pack.remote, `others were faster for ${pack.timeoutMs} ms`);
    if (attempt > 0) await pauseBeforeRetry(attempt, 20);
    const outcomes = await port.push(open.map(({ key, blob }) => ({ ref: `${base}/${refOfKey(key)}`, to: blob })));
    open.forEach(({ key }, i) => outcomes[i] === 'done' && done.add(key));
    open = open.filter((_, i) => outcomes[i] === 'busy');
  }
  return done;
}

async function putPacked({ port, pack }: GitPlace, records: readonly StoredBlob[]): Promise<ReadonlySet<string>> {
  let add = new Map<string, string>();
  if (records.length === 0) return new Set();
  await editPacked(port, pack, ({ entries }) => {
    add = new Map(records.filter(({ key }) => !entries.has(key)).map(({ key, blob }) => [key, blob]));
    return add.size === 0 ? undefined : { add, drop: [], refs: [] };
  });
  return new Set(add.keys());
}

/** A record to take away. */
export interface GitDrop {
  readonly key: string;
  /** A ref below which its content stays. */
  readonly keepAs?: string | undefined;
}

/** Takes records away from wherever they are, all in one push. False for those that are not there, in order. */
export async function dropRecords(place: GitPlace, drops: readonly GitDrop[]): Promise<boolean[]> {
  // Of one batch, who asked first for a key.
  const first = new Map([...drops].reverse().map((drop) => [drop.key, drop]));
  const state = await place.read();
  const there = new Set([...first.keys()].filter((key) => state.entries.has(key)));
  const edit = planDrop(state, first.values());
  if (edit !== undefined) {
    const packed = edit.drop.some((key) => state.entries.get(key)?.packed);
    const done = !packed && (await place.port.push(edit.refs, true)).every((outcome) => outcome === 'done');
    if (!done) await editPacked(place.port, place.pack, (now) => planDrop(now, first.values()));
    for (const key of there) place.seen()?.entries.delete(key);
  }
  return drops.map((drop) => first.get(drop.key) === drop && there.has(drop.key));
}

/** `undefined` when nothing of it is there. */
function planDrop({ entries }: GitState, drops: Iterable<GitDrop>): PackEdit | undefined {
  const found = [...drops].flatMap(({ key, keepAs }) => {
    const entry = entries.get(key);
    return entry === undefined ? [] : [{ key, keepAs, entry }];
  });
  if (found.length === 0) return undefined;
  const refs = found.flatMap(({ keepAs, entry }): RefChange[] => [
    ...(keepAs === undefined ? [] : [{ ref: keepAs, to: entry.blob }]),
    ...(entry.loose === undefined ? [] : [{ ref: entry.loose.ref, from: entry.loose.blob }]),
  ]);
  return { add: new Map(), drop: found.map(({ key }) => key), refs };
}

/** Refs of one push: each is an argument or two of a command. */
export const mostAtOnce = 1000;

/** Folds the refs of single records into the packed ones, `mostAtOnce` at most. @returns how many */
export async function packRecords(place: GitPlace, atLeast: number): Promise<number> {
  let packed = 0;
  await editPacked(place.port, place.pack, ({ entries }) => {
    const loose = [...entries].flatMap(([key, entry]) => (entry.loose ? [{ key, ...entry, loose: entry.loose }] : []));
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
  place.forget();
  return packed;
}

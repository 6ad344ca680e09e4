import { pauseBeforeRetry } from '../pause-before-retry.ts';
import { gitIn, type Git } from './git-command.ts';
import { gitFailure, noGit } from './git-error.ts';
import { removeStaleLock } from './git-locks.ts';
import { base, keyOfRef, mirrorOf } from './git-names.ts';

/** Where the content of a record is. While it is being packed, in two places. */
export interface GitEntry {
  readonly blob: string;
  readonly packed: boolean;
  /** The ref that holds it alone, and what it points at. */
  readonly loose?: { readonly ref: string; readonly blob: string } | undefined;
}

/** What is on the remote, as this clone saw it last. */
export interface GitState {
  readonly entries: Map<string, GitEntry>;
  /** The commit whose tree holds the packed records. */
  readonly packed?: string | undefined;
}

/** One ref of the remote to change: only when it still is what it was. */
export interface RefChange {
  /** Below `refs/`. */
  readonly ref: string;
  /** Absent: it must not exist. */
  readonly from?: string | undefined;
  /** Absent: it is deleted. */
  readonly to?: string | undefined;
}

export type PushOutcome = 'done' | 'refused' | 'busy';

export interface GitRemote {
  readonly git: Git;
  /** Fetches, then reads. */
  read(): Promise<GitState>;
  /** `refused`: the ref was not what it had to be. `busy`: another push was at it, worth another try. */
  push(changes: readonly RefChange[], atomic?: boolean): Promise<readonly PushOutcome[]>;
}

/** @param packedRef the ref of the packed records, below `refs/` on the remote */
export function gitRemote(folder: string, remote: string, packedRef: string, timeoutMs: number): GitRemote {
  const run = gitIn(folder, timeoutMs);
  const git: Git = (args, call) =>
    run(args, call).catch((error: unknown) => {
      throw noGit(remote, error);
    });
  const mirror = mirrorOf(remote);

  async function fetchAll(): Promise<void> {
    const specs = [`+${base}/*:${mirror}/v1/*`];
    if (!packedRef.startsWith(base)) specs.push(`+${packedRef}*:${mirror}/branch-*`);
    for (let attempt = 0; ; attempt++) {
      const said = await git([
        'fetch',
        '--quiet',
        '--no-tags',
        '--prune',
        '--no-write-fetch-head',
        '--refmap=',
        '--',
        remote,
        ...specs,
      ]);
      if (said.code === 0) return;
      if (await removeStaleLock(folder, said.stderr, timeoutMs)) continue;
      // Another process of this clone is fetching the same refs.
      if (attempt >= 8 || !/lock|unable to update|reference broken/i.test(said.stderr))
        throw gitFailure('read', remote, said);
      await pauseBeforeRetry(attempt, 50, 800);
    }
  }

  return {
    git,
    async read() {
      await fetchAll();
      return await readMirror(git, remote, mirror, packedRef);
    },
    push: (changes, atomic = false) => push(git, remote, changes, atomic),
  };
}

async function readMirror(git: Git, remote: string, mirror: string, packedRef: string): Promise<GitState> {
  const said = await git(['for-each-ref', '--format=%(objectname) %(refname)', mirror]);
  if (said.code !== 0) throw gitFailure('read', remote, said);
  const entries = new Map<string, GitEntry>();
  let packed: string | undefined;
  const records = `${mirror}/v1/`;
  const packedHere = packedRef.startsWith(base) ? records + packedRef.slice(base.length + 1) : `${mirror}/branch-`;
  for (const line of said.stdout.toString('utf8').split('\n')) {
    const [blob = '', ref = ''] = line.split(' ');
    if (ref === packedHere) packed = blob;
    else if (ref.startsWith(`${records}records/`)) {
      const name = ref.slice(records.length);
      entries.set(keyOfRef(name), { blob, packed: false, loose: { ref: `${base}/${name}`, blob } });
    }
  }
  if (packed !== undefined) await addPacked(git, remote, packed, entries);
  return { entries, packed };
}

async function addPacked(git: Git, remote: string, packed: string, entries: Map<string, GitEntry>): Promise<void> {
  const said = await git(['ls-tree', '-r', '-z', '--full-tree', packed]);
  if (said.code !== 0) throw gitFailure('read', remote, said);
  for (const line of said.stdout.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t');
    const [, type, blob = ''] = line.slice(0, Math.max(tab, 0)).split(' ');
    if (type !== 'blob') continue;
    const key = line.slice(tab + 1);
    // In both places: the packed one is the older.
    entries.set(key, { blob, packed: true, loose: entries.get(key)?.loose });
  }
}

const raced =
  /cannot lock ref|reference already exists|failed to update ref|is at [0-9a-f]+ but expected|incorrect old value/i;

async function push(git: Git, remote: string, changes: readonly RefChange[], atomic: boolean): Promise<PushOutcome[]> {
  const leases = changes.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ''}`);
  const specs = changes.map(({ ref, to }) => `${to ?? ''}:${ref}`);
  const flags = ['push', '--porcelain', '--no-verify', ...(atomic ? ['--atomic'] : [])];
  const said = await git([...flags, ...leases, '--', remote, ...specs]);
  const lines = said.stdout.toString('utf8').split('\n');
  return changes.map(({ ref }): PushOutcome => {
    const line = lines.find((each) => each.split('\t')[1]?.endsWith(`:${ref}`)) ?? '';
    const summary = line.split('\t')[2] ?? '';
    if (/^[*+ -]\t/.test(line) && said.code === 0) return 'done';
    if (/^[*+ -]\t/.test(line) && !atomic) return 'done';
    if (line.startsWith('=')) return 'refused';
    if (/stale info|already exists/.test(summary) && !/remote rejected/.test(summary)) return 'refused';
    if (raced.test(summary) || (atomic && /atomic/.test(summary))) return 'busy';
    if (raced.test(said.stderr)) return 'busy';
    throw gitFailure('write', remote, summary === '' ? said : `${summary}; ${said.stderr}`);
  });
}

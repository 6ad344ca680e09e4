import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pauseBeforeRetry } from '../pause-before-retry.ts';
import type { GitCall, GitOutput } from './git-command.ts';
import { gitFailure } from './git-error.ts';
import type { GitRemote, GitState, RefChange } from './git-remote.ts';

/** What to change in the commit that holds all packed records, seen the newest state of the remote. */
export interface PackEdit {
  /** Blobs by key. */
  readonly add: ReadonlyMap<string, string>;
  readonly drop: readonly string[];
  /** Refs to change together with it, all or none. */
  readonly refs: readonly RefChange[];
}

export interface PackOptions {
  readonly remote: string;
  /** The ref of the packed records. */
  readonly ref: string;
  /** A branch grows and is never forced; another ref is one commit without a past, so that what was deleted is gone. */
  readonly keepPast: boolean;
  readonly timeoutMs: number;
}

/**
 * Edits the packed records: reads, makes one commit, pushes it under a lease, and starts again when somebody was faster.
 *
 * @param plan gives the edit for a state; `undefined` when there is nothing left to do
 * @throws PerfError `store-not-writable` when others were faster for as long as `timeoutMs`
 */
export async function editPacked(
  remote: GitRemote,
  options: PackOptions,
  plan: (state: GitState) => PackEdit | undefined,
): Promise<void> {
  const end = performance.now() + options.timeoutMs;
  for (let attempt = 0; performance.now() < end; attempt++) {
    const state = await remote.read();
    const edit = plan(state);
    if (edit === undefined) return;
    const to = await commitOf(remote, options, state.packed, edit);
    const changes = [{ ref: options.ref, from: state.packed, to }, ...edit.refs];
    const outcomes = await remote.push(changes, true);
    if (outcomes.every((outcome) => outcome === 'done')) return;
    await pauseBeforeRetry(attempt, 50);
  }
  throw gitFailure('write', options.remote, `others were faster for ${options.timeoutMs} ms`);
}

async function commitOf(
  { git }: GitRemote,
  { remote, keepPast }: PackOptions,
  parent: string | undefined,
  { add, drop }: PackEdit,
): Promise<string> {
  const must = async (args: readonly string[], call?: GitCall): Promise<string> => {
    const said: GitOutput = await git(args, call);
    if (said.code !== 0) throw gitFailure('write', remote, said);
    return said.stdout.toString('utf8').trim();
  };
  const index = join(tmpdir(), `perfkeel-index-${randomBytes(8).toString('hex')}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    // No index is an empty one.
    if (parent !== undefined) await must(['read-tree', parent], { env });
    const gone = drop.map((key) => `0 ${'0'.repeat(40)}\t${key}\0`);
    const come = [...add].map(([key, blob]) => `100644 ${blob}\t${key}\0`);
    await must(['update-index', '-z', '--index-info'], { env, input: [...gone, ...come].join('') });
    const tree = await must(['write-tree'], { env });
    const past = keepPast && parent !== undefined ? ['-p', parent] : [];
    return await must(['commit-tree', tree, ...past, '-m', 'perfkeel records'], { env });
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { chooseBaseline, decodeRun, type RunStore } from '@perfkeel/baseline';
import { PerfError, messageOf, type ComparisonReport, type Run } from '@perfkeel/core';
import { askGit } from '../ci/git-facts.ts';
import type { ResolvedConfig } from '../config.ts';

/** A run and the words by which it was found. */
export interface FoundRun {
  readonly run: Run;
  readonly label: string;
}

/** Reads a run.json file. @throws PerfError `corrupt-run` with the path (exit 4). */
async function readRunFile(file: string): Promise<Run> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PerfError(`cannot read ${file}: ${messageOf(error)}`, { code: 'corrupt-run', cause: error });
  }
  return decodeRun(text, file);
}

/** The run of a baseline, else of an id or its beginning. @throws PerfError when neither is there. */
export async function findRun(store: RunStore, name: string, cwd: string): Promise<FoundRun> {
  if (name.endsWith('.json') && existsSync(resolve(cwd, name))) {
    return { run: await readRunFile(resolve(cwd, name)), label: name };
  }
  const baseline = (await store.listBaselines()).find((candidate) => candidate.name === name);
  if (baseline) return { run: await store.loadRun(baseline.run), label: name };
  return { run: await store.loadRun(name), label: name };
}

/** A run to compare with, and why it is this one. */
export interface FoundBase extends FoundRun {
  readonly why: string;
  readonly rule: string;
  /** What came before it, and why it was not taken. */
  readonly passedOver: readonly string[];
}

export interface FindBaseOptions {
  readonly head: Run;
  /** A baseline, a run or its beginning, a file, or a branch; without it `config.against`. */
  readonly name?: string | undefined;
  readonly config: Pick<ResolvedConfig, 'root' | 'against'>;
  readonly cwd: string;
}

/**
 * The run to compare with: what is named, else the best of what there is, as `chooseBaseline` says.
 *
 * @throws PerfError `no-baseline`, exit code 3: without it the answer is "inconclusive", not "could not measure"
 */
export async function findBase(store: RunStore, { head, name, config, cwd }: FindBaseOptions): Promise<FoundBase> {
  const wanted = name ?? config.against;
  if (name !== undefined && (await namesRun(store, name))) {
    return { ...(await findRun(store, name, cwd)), why: 'it was named' };
  }
  const commits = await commitsBefore(config.root, head, wanted);
  const chosen = await chooseBaseline(store, { name: wanted, head, commits, explicit: name !== undefined });
  const others = chosen.passedOver.length === 0 ? '' : `; passed over ${chosen.passedOver.join('; ')}`;
  return { run: chosen.run, label: wanted, why: chosen.why + others };
}

/** A comparison that says with what, and why with this. */
export const withReason = (report: ComparisonReport, { why }: FoundBase): ComparisonReport => ({
  ...report,
  base: { ...report.base, why },
});

async function namesRun(store: RunStore, name: string): Promise<boolean> {
  if (name.endsWith('.json')) return true;
  if ((await store.listBaselines()).some((candidate) => candidate.name === name)) return false;
  const text = name.toLowerCase();
  const fits = (each: string): boolean => each.toLowerCase().startsWith(text);
  return text !== '' && (await store.listRuns()).some(({ id, sha }) => fits(id) || fits(sha));
}

/** Nobody compares with what is further away. */
const mostCommits = 21;

/** Where the commit of a run left a branch, and the first parents of that, newest first; empty without git. */
async function commitsBefore(root: string, { provenance: { sha } }: Run, branch: string): Promise<readonly string[]> {
  // A name that begins with a dash would be an option to git.
  if (sha === undefined || !/^[0-9a-f]{40,64}$/.test(sha) || branch.startsWith('-')) return [];
  for (const ref of [branch, `origin/${branch}`]) {
    const base = await askGit(root, ['merge-base', sha, ref]);
    if (base === undefined || base === '') continue;
    const list = await askGit(root, ['rev-list', '--first-parent', `--max-count=${mostCommits}`, base]);
    return list?.split('\n').filter((line) => line !== '') ?? [];
  }
  return [];
}

/** The newest stored run. @throws PerfError `no-runs` (exit 4). */
export async function newestRun(store: RunStore): Promise<FoundRun> {
  const [newest] = await store.listRuns();
  if (newest) return { run: await store.loadRun(newest.id), label: 'newest run' };
  throw new PerfError('no run is stored here', { code: 'no-runs', hint: 'Measure first: perfkeel run' });
}

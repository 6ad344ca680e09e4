import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { chooseBaseline, decodeRun, inNamesOf, type RunStore } from '@perfkeel/baseline';
import { PerfError, messageOf, nearest, usageError, type ComparisonReport, type Run } from '@perfkeel/core';
import { projectName } from '@perfkeel/runner';
import { askGit } from '@perfkeel/runner';
import type { ResolvedConfig } from '../config.ts';
import { plain } from '../io.ts';
import { noRunStored, resultFiles } from '../results.ts';

/** A run and the words by which it was found. */
export interface FoundRun {
  readonly run: Run;
  readonly label: string;
  /** What it is stored under: unlike its id, nothing else has it. Absent for a file. */
  readonly sha?: string | undefined;
}

/** Reads a run.json file. @throws PerfError `corrupt-run` with the path (exit 4). */
async function readRunFile(file: string): Promise<Run> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PerfError(`cannot read ${file}: ${messageOf(error)}`, {
      code: 'corrupt-run',
      hint: 'Name a run.json file, a baseline, or the beginning of the id of a stored run.',
      cause: error,
    });
  }
  return decodeRun(text, file);
}

/** The run of a file, else of a baseline, else of an id or its beginning. @throws PerfError when none is there. */
export async function findRun(store: RunStore, name: string, cwd: string): Promise<FoundRun> {
  const isFile = name.endsWith('.json');
  const file = async (): Promise<FoundRun> => ({ run: await readRunFile(resolve(cwd, name)), label: name });
  if (isFile && existsSync(resolve(cwd, name))) return await file();
  const baselines = await store.listBaselines();
  const baseline = baselines.find((candidate) => candidate.name === name.normalize('NFC'));
  if (isFile && baseline === undefined) return await file();
  const { sha } = baseline ?? (await storedRun(store, name, baselines));
  return { run: await store.loadRun(sha), label: name, sha };
}

const mostNamed = 10;

/** A run by its id. Where there is none, the name may have been meant for a baseline. */
async function storedRun(
  store: RunStore,
  name: string,
  baselines: readonly { readonly name: string }[],
): Promise<{ readonly sha: string }> {
  try {
    return await store.findRun(name);
  } catch (error) {
    if (!(error instanceof PerfError) || error.code !== 'run-not-found') throw error;
    const names = baselines.map((baseline) => baseline.name);
    const meant = nearest(name, names);
    const others = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
    const known =
      names.length === 0
        ? 'There are no baselines.'
        : `Baselines are ${names.slice(0, mostNamed).join(', ')}${others}.`;
    throw usageError(
      `no baseline is called ${JSON.stringify(name)}, and no stored run has an id or hash that begins so${meant === undefined ? '' : `; was it ${meant}?`}`,
      { code: 'run-not-found', hint: `${known} ${error.hint ?? ''}`.trim() },
    );
  }
}

/** The same for who names a run in the store: one of a file has to be in it. @throws PerfError `run-not-stored`, exit code 2. */
export async function findStored(
  store: RunStore,
  name: string,
  cwd: string,
): Promise<{ readonly run: Run; readonly sha: string }> {
  const { run, sha } = await findRun(store, name, cwd);
  const stored = sha ?? (await store.listRuns()).find(({ id }) => id === run.id)?.sha;
  if (stored !== undefined) return { run, sha: stored };
  throw usageError(`run ${plain(run.id)} of ${name} is not stored here`, {
    code: 'run-not-stored',
    hint: `Store it first: perfkeel import perfkeel ${name}`,
  });
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
    const found = await findRun(store, name, cwd);
    const run = inNamesOf(head, found.run, await store.listRenames());
    return { ...found, run, why: 'it was named', rule: 'named', passedOver: [] };
  }
  const commits = await commitsBefore(config.root, head, wanted);
  const options = { name: wanted, head, commits, explicit: name !== undefined };
  const { run, rule, why, passedOver } = await chooseBaseline(store, options);
  return { run, label: wanted, why, rule, passedOver };
}

/** A comparison that says with what, and why with this. */
export function withReason(report: ComparisonReport, found: FoundBase): ComparisonReport {
  const { why, rule, passedOver } = found;
  const { id, label } = report.base;
  // Outside of git a run has no name but its id, which nobody knows by heart.
  const known = label === id && rule !== 'named' ? found.label : label;
  const base = { ...report.base, label: known, why, rule, ...(passedOver.length === 0 ? {} : { passedOver }) };
  return { ...report, base };
}

async function namesRun(store: RunStore, name: string): Promise<boolean> {
  if (name.endsWith('.json')) return true;
  if ((await store.listBaselines()).some((candidate) => candidate.name === name.normalize('NFC'))) return false;
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

/** The run that was measured here last; `undefined` when nothing was. */
async function measuredHere(config: Pick<ResolvedConfig, 'store'>): Promise<string | undefined> {
  try {
    const run: unknown = JSON.parse(await readFile(resultFiles(config).json, 'utf8'));
    return typeof run === 'object' && run !== null && 'id' in run ? String(run.id) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The newest stored run of a project, since a store may be that of many; the newest of all where none is of it, as after
 * importing. In a store that machines share, the one that was measured here last: the newest may be anybody's.
 *
 * @throws PerfError `no-runs` (exit 4)
 */
export async function newestRun(
  store: RunStore,
  config: Pick<ResolvedConfig, 'root' | 'name' | 'store' | 'records'>,
): Promise<FoundRun & { readonly sha: string }> {
  const [runs, project] = [await store.listRuns(), config.name ?? (await projectName(config.root))];
  const here = config.records === undefined ? undefined : await measuredHere(config);
  const own = here === undefined ? undefined : runs.find((run) => run.id === here);
  const newest = own ?? runs.find((run) => run.project === project) ?? runs[0];
  if (newest) return { run: await store.loadRun(newest.sha), label: 'newest run', sha: newest.sha };
  throw noRunStored();
}

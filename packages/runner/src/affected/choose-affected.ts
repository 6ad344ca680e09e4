import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '@perfkeel/core';
import { perfFileName } from '../discover.ts';
import { certainRules, chainFrom, fieldsOf, firstCause, subjectOf, uncertainRules, type Subject } from './causes.ts';
import { isCode, isOfTests } from './classify.ts';
import { companionCause, packageCause } from './package-causes.ts';
import { readPerfInputs, type PerfFile } from './perf-inputs.ts';
import { isBelow, ownerOf, reachOf } from './project-graph.ts';
import { changesIn, findRange, type Range, type RawChange } from './range.ts';
import type { Cause, Choice, Selection } from './selection.ts';
import { settingsCause } from './settings.ts';
import { folderOf, readSituation, type OwnedChange, type Situation } from './situation.ts';
import { startedPrograms } from './starts-programs.ts';
import { fromTop, readWorkspace } from './workspace.ts';

/** Perf files that are measured together: those of one perf.config. */
export interface PerfProject {
  readonly name: string;
  /** Absolute. */
  readonly root: string;
  /** Absolute. */
  readonly files: readonly string[];
  readonly conditions?: readonly string[] | undefined;
}

export interface ChooseAffectedOptions {
  /** The folder of the workspace, or any in it; absolute. */
  readonly folder: string;
  readonly projects: readonly PerfProject[];
  /** A branch, tag or commit; changes are counted from where the working tree left it. */
  readonly base: string;
  /** Whether a person named the base: one that git does not know is then a mistake. @default false */
  readonly explicit?: boolean | undefined;
  /** Count up to this commit instead of the working tree. */
  readonly head?: string | undefined;
  /** What changed, absolute, instead of what git says. */
  readonly files?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses the perf files that a change can reach, and says why.
 *
 * A file is looked at by what its bundle takes in, by the packages that it reaches at run time according to both lock
 * files, and, where it executes built output or starts other programs, by what its project needs in the graph of Nx or of
 * the workspace. What cannot be known runs: no repository, no common commit, a file that does not compile.
 *
 * @throws PerfError `unknown-ref` (exit 2) for a ref that a person named and git does not know.
 */
export async function chooseAffected(options: ChooseAffectedOptions): Promise<Selection> {
  const { base, explicit = false, head, signal = new AbortController().signal } = options;
  const range = await findRange(options.folder, { base, explicit, head });
  const folder = await realpath(options.folder);
  const workspace = await readWorkspace(folder, range.toplevel, signal);
  const raw = options.files === undefined ? await changesIn(range) : await namedChanges(options.files, range);
  const situation = await readSituation(range, workspace, raw);
  const unsure =
    (options.files === undefined ? range.unsure : undefined) ?? (raw.length === 0 ? undefined : workspace.problem);
  const choosing: Choosing = { situation, signal, unsure };
  const choices: Choice[] = [];
  for (const project of options.projects) choices.push(...(await choicesOf(project, choosing)));
  return {
    schemaVersion: 1,
    base: range.base,
    head: range.head,
    graph: workspace.source,
    unsure,
    changes: situation.changes.map(({ path, status, class: kind }) => ({ path, status, class: kind })),
    choices,
    gone: goneFiles(situation),
  };
}

async function namedChanges(files: readonly string[], { toplevel }: Range): Promise<RawChange[]> {
  const changes = files.map(async (file): Promise<RawChange> => {
    const there = existsSync(file);
    const folder = await realpath(dirname(file)).catch(() => dirname(file));
    const path = fromTop(toplevel, there ? await realpath(file) : join(folder, basename(file)));
    return { path, status: there ? 'modified' : 'deleted' };
  });
  return await Promise.all(changes);
}

interface Choosing {
  readonly situation: Situation;
  readonly signal: AbortSignal;
  readonly unsure: string | undefined;
}

async function choicesOf({ name, root, files, conditions = [] }: PerfProject, choosing: Choosing): Promise<Choice[]> {
  const choices: Choice[] = [];
  const realRoot = await realpath(root);
  const settings = await sureOr(fromTop(choosing.situation.toplevel, realRoot), () =>
    settingsCause({ root: realRoot, conditions }, choosing.situation),
  );
  for (const file of files) {
    const source = await realpath(file);
    const cause = await causeOf({ source, root: realRoot, conditions }, settings, choosing);
    const { toplevel, workspace } = choosing.situation;
    const path = fromTop(toplevel, source);
    const shown = isBelow(workspace.root, path) && workspace.root !== '' ? path.slice(workspace.root.length + 1) : path;
    choices.push({ project: name, file: shown, decision: cause === undefined ? 'skip' : 'run', cause });
  }
  return choices;
}

/** What cannot be read cannot be known. */
async function sureOr(what: string, find: () => Promise<Cause | undefined>): Promise<Cause | undefined> {
  try {
    return await find();
  } catch (error) {
    return { sure: false, what, chain: [], note: messageOf(error).split('\n')[0]! };
  }
}

async function causeOf(
  file: PerfFile,
  settings: Cause | undefined,
  { situation, signal, unsure }: Choosing,
): Promise<Cause | undefined> {
  if (unsure !== undefined) return { sure: false, what: '', chain: [], note: unsure };
  if (settings !== undefined) return settings;
  if (situation.changes.every(isNeverTakenIn)) return undefined;
  const { toplevel } = situation;
  const path = fromTop(toplevel, file.source);
  return await sureOr(path, async () => {
    const inputs = await readPerfInputs(file, situation);
    const subject = subjectOf(path, fromTop(toplevel, file.root), inputs, situation);
    return (
      firstCause(certainRules, subject, situation) ??
      packageCause(subject, situation) ??
      firstCause(uncertainRules, subject, situation) ??
      (await unseenCause(file, subject, situation, signal))
    );
  });
}

/** Such as prose, for which a bundle has no loader. */
const isNeverTakenIn = ({ path, class: kind }: OwnedChange): boolean =>
  kind === 'inert' && !isCode(path) && !/\.(json|txt|css)$/.test(path);

/** What the bundle does not show: other programs, and modules whose names are computed. */
async function unseenCause(
  file: PerfFile,
  subject: Subject,
  situation: Situation,
  signal: AbortSignal,
): Promise<Cause | undefined> {
  const { inputs } = subject;
  const inReach = (roots: readonly string[]): OwnedChange | undefined => unseenChange(roots, subject, situation);
  const possible = inReach([subject.project.root]) ?? companionCause(subject, 'any', situation);
  // Reading declarations starts a process: only when something changed that another program could run.
  const mayName = /\bcommand\b/.test(inputs.text) && situation.changes.some(isRunnable);
  if (possible === undefined && !mayName) return undefined;
  const programs = await startedPrograms(file, inputs, signal);
  if (programs.alone) return undefined;
  const { workspace, toplevel, changes } = situation;
  const paths = programs.files.map((path) => fromTop(toplevel, path));
  const named = paths.flatMap((path) => ownerOf(workspace, path)?.root ?? []);
  const found =
    changes.find(({ path }) => paths.includes(path)) ??
    inReach([subject.project.root, ...named]) ??
    changes.find(({ path }) => isCode(path) && paths.some((one) => isOfTests(one) && isBelow(folderOf(one), path)));
  if (found === undefined) return companionCause(subject, programs.words, situation);
  const note = inputs.dynamic ? 'it computes what it imports' : 'it starts or asks other programs';
  return { sure: false, what: found.path, chain: chainFrom(found, subject, situation), note };
}

/** The first change in what some projects need, the helpers of benchmarks only in their own project. */
function unseenChange(roots: readonly string[], { project }: Subject, situation: Situation): OwnedChange | undefined {
  const reached = new Set(roots.flatMap((root) => reachOf(situation.workspace, root)));
  return situation.changes.find((change) => {
    const { path, class: kind, owner } = change;
    if (owner === undefined || !reached.has(owner.root)) return false;
    if (kind === 'manifest') return fieldsOf(change, situation, { hasLock: true, isBuilt: true }).length > 0;
    return (
      kind === 'source' || kind === 'data' || (kind === 'benchmark' && isHelper(path) && owner.root === project.root)
    );
  });
}

/** What a command could run or read wherever it lies: a server for tests, too. */
const isRunnable = ({ path, class: kind }: OwnedChange): boolean =>
  kind === 'source' ||
  kind === 'data' ||
  (kind === 'benchmark' && isHelper(path)) ||
  (kind === 'inert' && isCode(path) && !/\.(test|spec)\./.test(path));

const isHelper = (path: string): boolean => !perfFileName.test(path) && !basename(path).startsWith('perf.config.');

const goneFiles = ({ changes }: Situation): string[] =>
  changes.filter(({ path, status }) => status === 'deleted' && perfFileName.test(path)).map(({ path }) => path);

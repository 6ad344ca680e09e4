import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { PerfError } from '@perfkeel/core';
import {
  discover,
  fitsWords,
  listBenchmarks,
  nothingFits,
  type ListedBenchmark,
  type PerfProject,
  type Selection,
} from '@perfkeel/runner';
import type { ResolvedConfig } from '../config.ts';
import { oneLine, type Io } from '../io.ts';
import { namedProjects } from './named-projects.ts';
import { perfProjects } from './perf-projects.ts';

/** What a user chooses of the benchmarks of all projects. */
export interface Choice extends Pick<Selection, 'kinds' | 'tags'> {
  /** Words: perf files, folders, parts of names or, where none has it, of paths. */
  readonly filters: readonly string[];
  /** Names or folders; all when there are none. */
  readonly projects?: readonly string[] | undefined;
}

/** A project of which something is chosen. */
export interface ChosenProject {
  readonly project: PerfProject;
  /** From the folder of the workspace; empty for that itself. */
  readonly folder: string;
  /** Words that choose the same in the project alone: perf files, absolute, and parts of names. */
  readonly filters: readonly string[];
}

/** The same, with what its perf files declare. */
export interface ListedProject extends ChosenProject {
  readonly benchmarks: readonly ListedBenchmark[];
}

/**
 * The projects in which a command works one by one, as `-C` would in each; `undefined` where the project of `config` is
 * the only one, none where only a workspace is named whose perf files are all in the projects below. Perf files are read
 * when only what they declare can tell what is chosen; a project where they cannot be read stays, for its run to say why.
 *
 * @throws PerfError `no-such-project` or `ambiguous-project` (exit 2), `nothing-to-run` (exit 4)
 */
export async function chooseProjects(
  choice: Choice,
  config: ResolvedConfig,
  io: Io,
): Promise<readonly ChosenProject[] | undefined> {
  const known = await perfProjects(config, io);
  const wanted = withoutBareRoot(choice.projects, known, config, io);
  if (wanted?.length === 0) return [];
  const asked = named(known, wanted, io);
  if (known.every(({ root }) => root === config.root)) return undefined;
  const { projects, words } = await withinPaths(known, asked, choice.filters, config, io);
  if ([words, choice.kinds ?? [], choice.tags ?? []].every(({ length }) => length === 0)) {
    if (projects.length > 0) return projects.map((project) => chosen(project, project.files, config));
    throw nothingThere(config, choice.filters);
  }
  return await listed(projects, words, choice, config, io, () => undefined);
}

/**
 * The benchmarks that are chosen, by project.
 *
 * @throws PerfError as `chooseProjects` does, and (exit 2) for a wrong declaration
 */
export async function listProjects(choice: Choice, config: ResolvedConfig, io: Io): Promise<readonly ListedProject[]> {
  const known = await perfProjects(config, io);
  const asked = named(known, choice.projects, io);
  const { projects, words } = await withinPaths(known, asked, choice.filters, config, io);
  return await listed(projects, words, choice, config, io, (problem) => {
    throw problem;
  });
}

const named = (known: readonly PerfProject[], names: Choice['projects'], { cwd }: Io): readonly PerfProject[] =>
  names === undefined ? known : namedProjects(names, known, cwd);

/** A workspace may have a perf.config for the projects below alone: its own target in Nx then has nothing to do. */
function withoutBareRoot(
  names: Choice['projects'],
  known: readonly PerfProject[],
  { root, file }: ResolvedConfig,
  io: Io,
): Choice['projects'] {
  if (file === undefined || known.length === 0 || known.some((project) => project.root === root)) return names;
  const others = names?.filter((name) => resolve(io.cwd, name) !== root);
  if (others?.length !== names?.length) io.stderr.write(`${oneLine(root)} has no perf files of its own\n`);
  return others;
}

const chosen = (project: PerfProject, filters: readonly string[], config: ResolvedConfig): ChosenProject => ({
  project,
  folder: relative(config.root, project.root).split(sep).join('/'),
  filters,
});

interface Within {
  readonly projects: readonly PerfProject[];
  /** What is left of the filters without paths. */
  readonly words: readonly string[];
}

/** Of the `known` projects those `asked` for, with the perf files that paths among the filters leave. */
async function withinPaths(
  known: readonly PerfProject[],
  asked: readonly PerfProject[],
  filters: readonly string[],
  config: ResolvedConfig,
  io: Io,
): Promise<Within> {
  const { files, names: words } = await discover(config.root, { ...config, filters, cwd: io.cwd });
  if (filters.length === words.length) return { projects: asked, words };
  const paths = filters
    .filter((word) => !words.includes(word))
    .map((word) => [io.cwd, config.root].map((from) => resolve(from, word)).find((path) => existsSync(path))!);
  const isMeant = (file: string): boolean => paths.some((path) => file === path || file.startsWith(path + sep));
  const takenIn = new Set(known.flatMap((project) => project.files));
  // Named, although no project takes it in: it is measured where it lies.
  const strays = files.filter((file) => paths.includes(file) && !takenIn.has(file));
  const within = asked.map((project) => {
    const own = strays.filter((file) => holderOf(file, known) === project);
    return { ...project, files: [...project.files.filter(isMeant), ...own] };
  });
  const homeless = strays.filter((file) => holderOf(file, known) === undefined);
  const { root, name = '', conditions } = config;
  // None of the projects that are asked for.
  if (homeless.length > 0 && asked === known) within.push({ root, name, conditions, files: homeless });
  return { projects: within.filter((project) => project.files.length > 0), words };
}

const holderOf = (file: string, projects: readonly PerfProject[]): PerfProject | undefined =>
  projects
    .filter(({ root }) => file.startsWith(root + sep))
    .reduce<PerfProject | undefined>(
      (best, one) => (best && best.root.length > one.root.length ? best : one),
      undefined,
    );

async function listed(
  projects: readonly PerfProject[],
  words: readonly string[],
  { filters, ...selection }: Choice,
  config: ResolvedConfig,
  io: Io,
  onBroken: (problem: unknown) => undefined,
): Promise<readonly ListedProject[]> {
  const onSlow = (file: string): void => void io.stderr.write(`reading ${oneLine(file)}\n`);
  const all: { project: PerfProject; benchmarks: readonly ListedBenchmark[] | undefined }[] = [];
  for (const project of projects) {
    all.push({ project, benchmarks: await listBenchmarks({ ...project, ...selection, onSlow }).catch(onBroken) });
  }
  // A word that is part of a name in one project means no path in another.
  const ids = all.flatMap(({ benchmarks = [] }) => benchmarks.map(({ id }) => id));
  const fits = fitsWords(words, ids, config.root);
  const fitsEach = words.map((word) => fitsWords([word], ids, config.root));
  const found = all.flatMap(({ project, benchmarks }) => {
    if (benchmarks === undefined) return [{ ...chosen(project, [...project.files, ...words], config), benchmarks: [] }];
    const meant = benchmarks.filter(({ id, file }) => fits(id, file));
    if (meant.length === 0) return [];
    const files = [...new Set(meant.map(({ file }) => file))];
    const whole = benchmarks.filter(({ file }) => files.includes(file)).length === meant.length;
    const own = words.filter((_, i) => meant.some(({ id, file }) => fitsEach[i]!(id, file)));
    return [{ ...chosen(project, [...files, ...(whole ? [] : own)], config), benchmarks: meant }];
  });
  const asked = [...words, ...(selection.kinds ?? []), ...(selection.tags ?? [])];
  if (found.length === 0) throw nothingThere(config, [...filters, ...asked], ids);
  return found;
}

function nothingThere({ root }: ResolvedConfig, filters: readonly string[], ids: readonly string[] = []): PerfError {
  if (ids.length > 0 || filters.length > 0) return nothingFits(ids);
  return new PerfError(`there are no benchmarks in ${root}`, {
    code: 'nothing-to-run',
    hint: '`perfkeel init` writes a first one.',
  });
}

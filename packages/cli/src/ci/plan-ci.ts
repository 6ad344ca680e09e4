import { basename, join, relative, sep } from 'node:path';
import { messageOf } from '@perfkeel/core';
import type { CiSelection } from '@perfkeel/report';
import { chooseAffected, type AffectedSelection, type PerfProject } from '@perfkeel/runner';
import { namedProjects } from '../affected/named-projects.ts';
import { perfProjects } from '../affected/perf-projects.ts';
import { loadConfig } from '../config.ts';
import { ignoredChanges, whyOf } from '../affected/selection-text.ts';
import type { Io } from '../io.ts';

/** A project of which something is measured. */
export interface CiWork {
  readonly project: PerfProject;
  /** From the top of the repository; empty for the top. */
  readonly folder: string;
  /** The perf files to measure, absolute. */
  readonly files: readonly string[];
  /** Why, a line for each. */
  readonly why: readonly string[];
}

export interface CiPlan {
  readonly work: readonly CiWork[];
  readonly skipped: readonly { readonly project: string; readonly why: string }[];
  readonly notes: readonly string[];
  /** Absent when everything is measured, whatever changed. */
  readonly selection?: CiSelection | undefined;
}

export interface PlanCiOptions {
  readonly toplevel: string;
  readonly base: string;
  /** Names or folders; all when there are none. */
  readonly wanted: readonly string[];
  /** Also what no change can reach. */
  readonly all: boolean;
}

/** What there is to measure in a repository, and what a change since base cannot reach. When unsure it is measured. */
export async function planCi({ toplevel, base, wanted, all }: PlanCiOptions, io: Io): Promise<CiPlan> {
  const known = await perfProjects(await loadConfig(io, toplevel), io);
  const folderOf = ({ root }: PerfProject): string => relative(toplevel, root).split(sep).join('/');
  const projects = wanted.length === 0 ? known : namedProjects(wanted, known, io.cwd);
  const everything: CiPlan = {
    work: projects.map((project) => ({ project, folder: folderOf(project), files: project.files, why: [] })),
    skipped: [],
    notes: projects.length === 0 ? ['No project of this repository has perf files.'] : [],
  };
  if (all || projects.length === 0) return everything;
  try {
    const selection = await chooseAffected({ folder: toplevel, projects, base, explicit: true });
    return { ...chosen(projects, selection, folderOf), selection: summed(selection) };
  } catch (error) {
    return { ...everything, notes: [`Everything ran, because nobody knows what is affected: ${messageOf(error)}`] };
  }
}

/** Choices come in the order of the projects and of their files. */
function chosen(
  projects: readonly PerfProject[],
  { choices }: AffectedSelection,
  folderOf: (project: PerfProject) => string,
): CiPlan {
  let next = 0;
  const work = projects.map((project): CiWork => {
    const own = project.files.map((file) => ({ file, choice: choices[next++] }));
    // A choice that is missing is no reason to skip.
    const running = own.filter(({ choice }) => choice?.decision !== 'skip');
    return {
      project,
      folder: folderOf(project),
      files: running.map(({ file }) => file),
      why: running.flatMap(({ choice }) => (choice?.cause ? [`${choice.file} ${whyOf(choice)}`] : [])),
    };
  });
  return {
    work: work.filter(({ files }) => files.length > 0),
    skipped: work
      .filter(({ files }) => files.length === 0)
      .map(({ project }) => ({ project: project.name, why: 'no changed input' })),
    notes: [],
  };
}

const summed = (selection: AffectedSelection): CiSelection => ({
  choices: selection.choices.map((choice) => ({
    project: choice.project,
    file: choice.file,
    decision: choice.decision,
    why: whyOf(choice),
  })),
  gone: selection.gone,
  ignored: ignoredChanges(selection),
  ...(selection.unsure === undefined ? {} : { unsure: selection.unsure }),
});

/** One name for the files of each project, whatever its folder is called. */
export function fileNames<T extends Pick<CiWork, 'project' | 'folder'>>(work: readonly T[]): ReadonlyMap<T, string> {
  const names = new Map<T, string>();
  const taken = new Set<string>();
  for (const each of work) {
    const wanted = each.folder === '' ? basename(join('/', each.project.name)) : each.folder;
    const plain = wanted.replace(/[^\w.-]+/g, '-').replace(/^\.+/, '') || 'project';
    let name = plain;
    for (let i = 2; taken.has(name); i++) name = `${plain}-${i}`;
    taken.add(name);
    names.set(each, name);
  }
  return names;
}

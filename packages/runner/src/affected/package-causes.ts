import { chainFrom, type Subject } from './causes.ts';
import { changedPackage, type PackageChange, type Start } from './lock.ts';
import { isBelow, reachOf, type Project } from './project-graph.ts';
import type { Cause } from './selection.ts';
import { lockFolderOf, type LockChange, type Situation } from './situation.ts';

/** What makes the code that is executed: a change of these reaches everything. Tools of tests and lint do not. */
const buildTools =
  /^(typescript|esbuild|tsup|tsdown|rollup|rolldown|vite|webpack|parcel|unbuild|pkgroll|terser|uglify-js|bunchee|microbundle|@swc\/(core|cli|helpers)|@babel\/(core|cli|preset-.*|plugin-.*|runtime)|@rspack\/(core|cli)|@vercel\/ncc|@parcel\/.*|@rollup\/plugin-.*|@nx\/(esbuild|rollup|vite|webpack|swc))$/;

/** A package that is executed, or that makes what is executed, and is not what it was. */
export function packageCause(subject: Subject, situation: Situation): Cause | undefined {
  const lock = decidingLock(subject, situation);
  if (lock === undefined) return undefined;
  const { before, after } = lock;
  if (before === undefined || after === undefined) {
    return { sure: false, what: lock.path, chain: [], note: 'it cannot be compared package by package' };
  }
  const executed = changedPackage(before, after, importStarts(subject, lock));
  if (executed !== undefined) return executedCause(executed, subject, situation);
  const tool = changedPackage(before, after, toolStarts(subject, lock, situation));
  return (
    tool && {
      sure: true,
      what: tool.text,
      chain: tool.via.slice(0, -1).toReversed(),
      note: 'it builds what is executed',
    }
  );
}

/** The same for what programs beside the measuring process may need. */
export function companionCause(
  subject: Subject,
  words: readonly string[] | 'any',
  situation: Situation,
): Cause | undefined {
  const lock = decidingLock(subject, situation);
  if (lock?.before === undefined || lock.after === undefined) return undefined;
  const { workspace } = situation;
  const projects = reachOf(workspace, subject.project.root).flatMap(
    (root) => workspace.projects.find((project) => project.root === root) ?? [],
  );
  const folder = inLock(lock, subject.project.root);
  const spoken = lock.after
    .declared(folder)
    .filter(
      (name) =>
        words === 'any' ||
        words.includes(name) ||
        new RegExp(`["'\`/]${name.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&')}["'\`/]`).test(subject.inputs.text),
    );
  const starts = [
    ...projects.flatMap(({ root, packages }) => packages.map((name) => ({ folder: inLock(lock, root), name }))),
    ...spoken.map((name) => ({ folder, name })),
  ];
  const change = changedPackage(lock.before, lock.after, starts);
  return (
    change && { ...executedCause(change, subject, situation), sure: false, note: 'it starts or asks other programs' }
  );
}

function decidingLock({ project }: Subject, situation: Situation): LockChange | undefined {
  const folder = lockFolderOf(situation, project.root);
  return situation.locks.find((lock) => lock.folder === folder);
}

/** A folder from the top as the lock file names it. */
const inLock = ({ folder }: LockChange, path: string): string =>
  folder === '' ? path : path === folder ? '' : isBelow(folder, path) ? path.slice(folder.length + 1) : path;

function importStarts({ project, inputs, built, config }: Subject, lock: LockChange): Start[] {
  const here = inLock(lock, config);
  const placed = inputs.placed.flatMap((path) => {
    const [, folder = '', name] = /^(.*?)\/?node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*\/node_modules\/)/.exec(path) ?? [];
    if (name === undefined) return [];
    return [{ folder: path.startsWith('..') ? inLock(lock, project.root) : inLock(lock, folder), name }];
  });
  const builtNames = [...built].flatMap((root) =>
    (lock.after?.runtime(inLock(lock, root)) ?? []).map((name) => ({ folder: inLock(lock, root), name })),
  );
  return [...inputs.packages.map((name) => ({ folder: here, name })), ...placed, ...builtNames];
}

/** Build tools that the workspace itself, or a package on the way to the benchmark, declares. */
function toolStarts({ project }: Subject, lock: LockChange, { workspace }: Situation): Start[] {
  const folders = [...new Set(['', ...reachOf(workspace, project.root).map((root) => inLock(lock, root))])];
  return folders.flatMap((folder) => {
    const names = [lock.before, lock.after].flatMap((side) => side?.declared(folder) ?? []);
    return [...new Set(names)].filter((name) => buildTools.test(name)).map((name) => ({ folder, name }));
  });
}

function executedCause({ text, via }: PackageChange, subject: Subject, situation: Situation): Cause {
  const chain = chainFrom({ owner: declaringProject(via[0]!, subject, situation) }, subject, situation);
  return { sure: true, what: text, chain: [...via.slice(0, -1).toReversed(), ...chain] };
}

/** The project through which a package is there: the benchmark's own, else one of those that are executed. */
function declaringProject(name: string, subject: Subject, { workspace }: Situation): Project | undefined {
  const declares = ({ packages }: Project): boolean => packages.includes(name);
  if (declares(subject.project)) return subject.project;
  const executed = ({ root }: Project): boolean => subject.taken.has(root) || subject.built.has(root);
  const reached = new Set(reachOf(workspace, subject.project.root));
  return (
    workspace.projects.find((project) => executed(project) && declares(project)) ??
    workspace.projects.find((project) => reached.has(project.root) && declares(project))
  );
}

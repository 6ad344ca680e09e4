import { posix } from 'node:path';
import { isCode } from './classify.ts';
import { changedFields } from './manifest.ts';
import type { PerfInputs } from './perf-inputs.ts';
import { chainBetween, isBelow, ownerOf, reachOf, type Project } from './project-graph.ts';
import type { Cause } from './selection.ts';
import { folderOf, lockFolderOf, type OwnedChange, type Situation } from './situation.ts';

/** A perf file in its situation. */
export interface Subject {
  /** The perf file, from the top of the repository. */
  readonly file: string;
  /** The folder of the project, from the top. */
  readonly config: string;
  /** The package that it lies in. */
  readonly project: Project;
  readonly inputs: PerfInputs;
  /** Folders of projects of which files are taken in. */
  readonly taken: ReadonlySet<string>;
  /** Folders of projects of which built output is executed, and of all that these need. */
  readonly built: ReadonlySet<string>;
}

type Rule = (subject: Subject, situation: Situation) => Cause | undefined;

export function subjectOf(file: string, config: string, inputs: PerfInputs, { workspace }: Situation): Subject {
  const owners = [...inputs.files].flatMap((path) => ownerOf(workspace, path)?.root ?? []);
  const roots = inputs.built.map((folder) => ownerOf(workspace, folder)?.root ?? folder);
  return {
    file,
    config,
    project: ownerOf(workspace, file) ?? { name: posix.basename(config), root: config, needs: [], packages: [] },
    inputs,
    taken: new Set(owners),
    built: new Set(roots.flatMap((root) => reachOf(workspace, root))),
  };
}

/** The names on the way from the owner of a change to a perf file. */
export function chainFrom(
  { owner }: Pick<OwnedChange, 'owner'>,
  { project }: Subject,
  { workspace }: Situation,
): string[] {
  if (owner === undefined || owner.root === project.root) return [project.name];
  return chainBetween(workspace, owner.root, project.root);
}

const named = (change: OwnedChange, subject: Subject, situation: Situation, note?: string, sure = true): Cause => ({
  sure,
  what: change.path,
  chain: chainFrom(change, subject, situation),
  note,
});

/** The perf file itself, then anything that its bundle takes in; a submodule counts with all that is in it. */
const takenIn: Rule = (subject, situation) => {
  const { changes } = situation;
  const own = changes.find(({ path }) => path === subject.file);
  if (own !== undefined) return { sure: true, what: own.path, chain: [], note: 'the benchmark itself' };
  const { files } = subject.inputs;
  const inside = changes.find(
    ({ path, class: kind }) => files.has(path) || (kind === 'data' && [...files].some((file) => isBelow(path, file))),
  );
  return inside && named(inside, subject, situation);
};

const stem = (path: string): string => path.replace(/\.[cm]?[jt]sx?$|\.json$/, '');

/** A file that is gone may have hidden another of the same name, which is taken in now. */
const uncovered: Rule = (subject, situation) => {
  const stems = new Set([...subject.inputs.files].flatMap((file) => [stem(file), stem(file).replace(/\/index$/, '')]));
  const gone = situation.changes.find(
    ({ path, status }) => status === 'deleted' && isCode(path) && stems.has(stem(path)),
  );
  return gone && named(gone, subject, situation, 'another file takes its place');
};

const workspaceWide: Rule = (_, { changes }) => {
  const found = changes.filter(({ class: kind }) => kind === 'global');
  const sure = found.find(({ path }) => posix.basename(path) !== 'nx.json');
  if (sure !== undefined) return { sure: true, what: sure.path, chain: [], note: 'workspace-wide' };
  const [doubtful] = found;
  return doubtful && { sure: false, what: doubtful.path, chain: [], note: 'it may decide how everything is built' };
};

const compilerSettings: Rule = (subject, situation) => {
  const reaches = (folder: string): boolean =>
    [...subject.inputs.files].some((file) => isBelow(folder, file)) ||
    [...subject.built].some((root) => isBelow(folder, root));
  const found = situation.changes.find(({ path, class: kind }) => kind === 'compiler' && reaches(folderOf(path)));
  return found && named(found, subject, situation, 'settings of the compiler');
};

/** The fields of a changed package.json that matter. */
export function fieldsOf(
  { path }: OwnedChange,
  { manifests }: Situation,
  options: Parameters<typeof changedFields>[2],
): string[] {
  const { before, after } = manifests.get(path) ?? {};
  return changedFields(before, after, options);
}

const manifests: Rule = (subject, situation) => {
  const hasLock = lockFolderOf(situation, subject.project.root) !== undefined;
  for (const change of situation.changes) {
    if (change.class !== 'manifest') continue;
    const folder = folderOf(change.path);
    const isBuilt = subject.built.has(folder);
    const nested = change.owner?.root !== folder && [...subject.inputs.files].some((file) => isBelow(folder, file));
    if (!isBuilt && !nested && !subject.taken.has(folder)) continue;
    const fields = fieldsOf(change, situation, { hasLock, isBuilt });
    if (fields.length > 0) return named(change, subject, situation, fields.join(', '));
  }
  return undefined;
};

const builtOutput: Rule = (subject, situation) => {
  const found = situation.changes.find(
    ({ class: kind, owner }) =>
      (kind === 'source' || kind === 'data') && owner !== undefined && subject.built.has(owner.root),
  );
  return found && named(found, subject, situation, 'built output is executed');
};

/** Code or data of no project can take part in every build. */
const ownedByNobody: Rule = (_, { workspace, changes }) => {
  if (workspace.projects.length < 2) return undefined;
  const found = changes.find(
    ({ path, class: kind, owner }) =>
      (kind === 'source' || kind === 'data') &&
      isBelow(workspace.root, path) &&
      (owner === undefined ||
        (owner.root === workspace.root && !/^(src|lib|app)\//.test(fromRoot(workspace.root, path)))),
  );
  return (
    found && { sure: false, what: found.path, chain: [], note: 'it belongs to no project, and may take part in all' }
  );
};

const fromRoot = (root: string, path: string): string => (root === '' ? path : path.slice(root.length + 1));

/** Data beside code that is executed, and data beside the benchmark. */
const mayBeRead: Rule = (subject, situation) => {
  const found = situation.changes.find(({ path, class: kind, owner }) => {
    if (owner === undefined) return false;
    if (kind === 'data') return subject.taken.has(owner.root) || subject.built.has(owner.root);
    return kind === 'benchmark' && !isCode(path) && owner.root === subject.project.root;
  });
  return found && named(found, subject, situation, 'it may be read', false);
};

/** What is certain comes before what is not. Packages of the lock file stand between both. */
export const certainRules: readonly Rule[] = [
  takenIn,
  uncovered,
  workspaceWide,
  compilerSettings,
  manifests,
  builtOutput,
];
export const uncertainRules: readonly Rule[] = [ownedByNobody, mayBeRead];

/** The first cause that a list of rules gives. */
export function firstCause(rules: readonly Rule[], subject: Subject, situation: Situation): Cause | undefined {
  for (const rule of rules) {
    const cause = rule(subject, situation);
    if (cause !== undefined) return cause;
  }
  return undefined;
}

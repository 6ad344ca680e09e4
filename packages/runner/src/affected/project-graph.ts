/** A package of the workspace. */
export interface Project {
  readonly name: string;
  /** Its folder from the top of the repository; empty for the top. */
  readonly root: string;
  /** Folders of the projects that it needs, for development too. */
  readonly needs: readonly string[];
  /** Names of the packages that it needs at run time. */
  readonly packages: readonly string[];
}

export interface ProjectGraph {
  readonly projects: readonly Project[];
}

/** Whether a path is a folder or below it; both from the top of the repository. */
export const isBelow = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** The project with the longest folder that a path is below. */
export function ownerOf({ projects }: ProjectGraph, path: string): Project | undefined {
  let owner: Project | undefined;
  for (const project of projects) {
    if (isBelow(project.root, path) && (owner === undefined || project.root.length >= owner.root.length))
      owner = project;
  }
  return owner;
}

/** A path from the folder of its project. */
export const withinProject = (project: Project | undefined, path: string): string =>
  project === undefined || project.root === ''
    ? path
    : path === project.root
      ? '.'
      : path.slice(project.root.length + 1);

/** Folders of a project and of everything that it needs, nearest first. */
export function reachOf({ projects }: ProjectGraph, root: string): string[] {
  const byRoot = new Map(projects.map((project) => [project.root, project]));
  const reached = new Set([root]);
  // A set hands out what is added while it is walked.
  for (const at of reached) for (const need of byRoot.get(at)?.needs ?? []) reached.add(need);
  return [...reached];
}

/** Names on the shortest way from a project to one that needs it. Without a way: both ends. */
export function chainBetween({ projects }: ProjectGraph, from: string, to: string): string[] {
  const nameOf = new Map(projects.map(({ root, name }) => [root, name]));
  const nextOf = new Map<string, string | undefined>([[to, undefined]]);
  for (const [at] of nextOf) {
    if (at === from) break;
    for (const need of projects.find(({ root }) => root === at)?.needs ?? [])
      if (!nextOf.has(need)) nextOf.set(need, at);
  }
  if (!nextOf.has(from)) return [from, to].map((root) => nameOf.get(root) ?? root);
  const chain: string[] = [];
  for (let at: string | undefined = from; at !== undefined; at = nextOf.get(at)) chain.push(nameOf.get(at) ?? at);
  return chain;
}

/** The projects of two graphs of the same workspace: names of the second, what either knows of needs. */
export function joinProjects(first: readonly Project[], second: readonly Project[]): Project[] {
  const joined = new Map(first.map((project) => [project.root, project]));
  for (const project of second) {
    const known = joined.get(project.root);
    joined.set(project.root, {
      ...project,
      needs: [...new Set([...project.needs, ...(known?.needs ?? [])])],
      packages: [...new Set([...project.packages, ...(known?.packages ?? [])])],
    });
  }
  return [...joined.values()];
}

import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bundle } from '../bundle.ts';
import { notesOf } from './install-notes.ts';
import { isInside } from './worktree.ts';

/** What a bundle leaves to be found when it runs, with everything that those packages need in turn. */
export interface PackagesOutside {
  /** Folders of packages of the repository itself, real paths; what one needs stands before it. */
  readonly own: readonly string[];
  /** One line for each installed package: what tells it from another version of itself. Sorted. */
  readonly installed: readonly string[];
}

/** Whether a path belongs to the repository, and not to what is installed in it. */
export const isOwn = (toplevel: string, path: string): boolean =>
  isInside(toplevel, path) && !relative(toplevel, path).split(sep).includes('node_modules');

/** The nearest folder from a path upwards, inside of `toplevel`, that has a package.json; else `toplevel`. */
export function packageFolder(toplevel: string, path: string): string {
  for (let folder = dirname(path); isInside(toplevel, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return toplevel;
}

/** Follows the packages that bundles leave outside. */
export async function packagesOutside(bundles: readonly Bundle[], toplevel: string): Promise<PackagesOutside> {
  const walk = new PackageWalk(toplevel);
  for (const bundle of bundles) {
    for (const specifier of bundle.imports) await walk.import(specifier, dirname(bundle.file));
  }
  return { own: [...walk.own], installed: [...walk.installed].sort() };
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

class PackageWalk {
  readonly own = new Set<string>();
  readonly installed = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #toplevel: string;

  constructor(toplevel: string) {
    this.#toplevel = toplevel;
  }

  async import(specifier: string, from: string): Promise<void> {
    if (specifier.startsWith('node:')) return;
    if (specifier.startsWith('file:')) {
      const path = await realpath(fileURLToPath(specifier)).catch(() => undefined);
      const folder = path && nearestManifest(path);
      if (folder !== undefined) await this.#visit(folder);
      return;
    }
    await this.#need(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier, from);
  }

  /** What is not there is optional, or a module of Node. */
  async #need(name: string, from: string): Promise<void> {
    for (let folder = from; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', name);
      if (existsSync(join(candidate, 'package.json'))) return this.#visit(await realpath(candidate));
      if (dirname(folder) === folder) return;
    }
  }

  async #visit(folder: string): Promise<void> {
    if (this.#seen.has(folder)) return;
    this.#seen.add(folder);
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(text) as Manifest;
    const needs = { ...peerDependencies, ...optionalDependencies, ...dependencies };
    for (const name of Object.keys(needs)) await this.#need(name, folder);
    if (isOwn(this.#toplevel, folder)) this.own.add(folder);
    else this.installed.add(await describe(folder, text, this.#toplevel));
  }
}

function nearestManifest(path: string): string | undefined {
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return undefined;
}

/** The text of package.json has name, version and entry points; package managers note what exactly they unpacked. */
async function describe(folder: string, text: string, toplevel: string): Promise<string> {
  const place = isInside(toplevel, folder) ? relative(toplevel, folder).split(sep).join('/') : folder;
  const [root, ...rest] = splitAtModules(folder);
  if (root === undefined) return `${place} ${text}`;
  const { name = '', version = '' } = JSON.parse(text) as Manifest;
  return `${place} ${(await notesOf(root))({ path: rest.join('/'), name, version }) ?? ''} ${text}`;
}

/** The folder above the first node_modules of a path, and the steps below it. */
function splitAtModules(folder: string): string[] {
  const steps = folder.split(sep);
  const at = steps.indexOf('node_modules');
  return at < 0 ? [] : [steps.slice(0, at).join(sep), ...steps.slice(at)];
}

import { posix } from 'node:path';
import { below, readIndented, textOf, yamlLine, type Tree } from './indented-text.ts';
import type { Lock, LockedPackage } from './lock.ts';

/** Reads a pnpm-lock.yaml of version 5.3 to 9. `undefined` for anything else. */
export function parsePnpmLock(text: string): Lock | undefined {
  // Newer versions put what they themselves run on into a document of its own, before the other one.
  const tree = readIndented(text.split(/^---$/m).at(-1)!, yamlLine);
  const version = Number.parseFloat(tree === undefined ? '' : textOf(tree, 'lockfileVersion'));
  return tree !== undefined && version >= 5.3 && version < 10 ? new PnpmLock(tree, version) : undefined;
}

const runtimeKinds = ['dependencies', 'optionalDependencies'] as const;
const ownPrefix = 'link:';

/** Keys are those of `packages`, and `link:` with a folder for packages of the workspace. */
class PnpmLock implements Lock {
  readonly #tree: Tree;
  readonly #importers: Tree;
  readonly #version: number;

  constructor(tree: Tree, version: number) {
    this.#tree = tree;
    this.#version = version;
    // A package that is alone stands at the top.
    this.#importers = tree.has('importers') ? below(tree, 'importers') : new Map([['.', tree]]);
  }

  /** What the nearest package upwards asks for. Elsewhere pnpm may have put any package of that name. */
  find(folder: string, name: string): readonly string[] {
    for (let at = folder; ; at = posix.dirname(at)) {
      const found = this.#asked(at, name);
      if (found !== undefined) return [this.#keyOf(name, found, at)];
      if (at === '' || at === '.' || at === '/' || at.startsWith('..')) return this.#namesakes(name);
    }
  }

  get(key: string): LockedPackage {
    if (key.startsWith(ownPrefix)) {
      const folder = key.slice(ownPrefix.length);
      const needs = this.runtime(folder).map((name) => ({ name, keys: this.find(folder, name) }));
      return { version: '', source: '', own: true, needs };
    }
    const facts = below(this.#tree, 'packages', this.#withoutPeers(key));
    const resolved = this.#version >= 9 ? below(this.#tree, 'snapshots', key) : below(this.#tree, 'packages', key);
    const needs = runtimeKinds.flatMap((kind) => {
      const asked = below(resolved, kind);
      return [...asked.keys()].map((name) => ({ name, keys: [this.#keyOf(name, textOf(asked, name), '')] }));
    });
    const [patch = ''] = /\(patch_hash=[^)]*\)/.exec(key) ?? [];
    return { version: versionIn(key), source: textOf(facts, 'resolution') + patch, own: false, needs };
  }

  runtime(folder: string): readonly string[] {
    return runtimeKinds.flatMap((kind) => [...below(this.#importers, folder || '.', kind).keys()]);
  }

  declared(folder: string): readonly string[] {
    return [...this.runtime(folder), ...below(this.#importers, folder || '.', 'devDependencies').keys()];
  }

  /** The version that an importer has of a package: a text, or a field beside what was asked for. */
  #asked(folder: string, name: string): string | undefined {
    for (const kind of [...runtimeKinds, 'devDependencies']) {
      const found = below(this.#importers, folder || '.', kind).get(name);
      if (found !== undefined) return typeof found === 'string' ? found : textOf(found, 'version');
    }
    return undefined;
  }

  /** `4.6.6` is the key `zod@4.6.6`; another name is written out, and so is a folder. */
  #keyOf(name: string, version: string, from: string): string {
    if (version.startsWith(ownPrefix)) {
      const folder = posix.join(from, version.slice(ownPrefix.length));
      return ownPrefix + (folder === '.' ? '' : folder);
    }
    if (this.#version < 9) {
      if (version.startsWith('/')) return version;
      return /^\d/.test(version) ? `/${name}${this.#version < 6 ? '/' : '@'}${version}` : version;
    }
    return below(this.#tree, 'snapshots').has(version) ? version : `${name}@${version}`;
  }

  #withoutPeers = (key: string): string => (this.#version >= 9 ? key.replace(/\(.*$/, '') : key);

  #namesakes(name: string): readonly string[] {
    const keys = [...below(this.#tree, this.#version >= 9 ? 'snapshots' : 'packages').keys()];
    const start = `${this.#version >= 9 ? '' : '/'}${name}${this.#version < 6 ? '/' : '@'}`;
    return keys.filter((key) => key.startsWith(start));
  }
}

/** `4.6.6` of `zod@4.6.6(react@18.2.0)`, `/zod@4.6.6` or `/zod/4.6.6_react@18.2.0`. */
const versionIn = (key: string): string =>
  key
    .replace(/\(.*$/, '')
    .replace(/^\/?(@[^/]+\/)?[^@/]+[@/]/, '')
    .replace(/_.*$/, '');

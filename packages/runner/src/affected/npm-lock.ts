import { posix } from 'node:path';
import type { Lock, LockedPackage } from './lock.ts';

interface NpmEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** A package of the workspace; `resolved` is its folder. */
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Reads a package-lock.json of version 2 or 3. `undefined` for anything else. */
export function parseNpmLock(text: string): Lock | undefined {
  try {
    const { packages } = JSON.parse(text) as { packages?: Record<string, NpmEntry> };
    return packages === undefined ? undefined : new NpmLock(new Map(Object.entries(packages)));
  } catch {
    return undefined;
  }
}

const runtimeNames = ({ dependencies, optionalDependencies, peerDependencies }: NpmEntry): string[] =>
  Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies });

/** Keys are paths of packages from the folder of the lock file. */
class NpmLock implements Lock {
  readonly #entries: ReadonlyMap<string, NpmEntry>;

  constructor(entries: ReadonlyMap<string, NpmEntry>) {
    this.#entries = entries;
  }

  /** As Node looks a package up: in node_modules of the folder, then of each one above. */
  find(folder: string, name: string): readonly string[] {
    for (let at = folder; ; at = posix.dirname(at)) {
      const path = posix.join(at, 'node_modules', name);
      if (this.#entries.has(path)) return [path];
      if (at === '' || at === '.' || at === '/' || at.startsWith('..')) return [];
    }
  }

  get(key: string): LockedPackage {
    const entry = this.#entries.get(key)!;
    const { version = '?', integrity, resolved, link = false } = entry;
    const at = link ? (resolved ?? key) : key;
    const needs = runtimeNames(this.#entries.get(at) ?? entry).map((name) => ({ name, keys: this.find(at, name) }));
    return { version, source: integrity ?? resolved ?? '', own: link, needs };
  }

  runtime(folder: string): readonly string[] {
    return runtimeNames(this.#entries.get(folder) ?? {});
  }

  declared(folder: string): readonly string[] {
    const { devDependencies = {} } = this.#entries.get(folder) ?? {};
    return [...new Set([...this.runtime(folder), ...Object.keys(devDependencies)])];
  }
}

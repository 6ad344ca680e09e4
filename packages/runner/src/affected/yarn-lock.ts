import { posix } from 'node:path';
import { below, readIndented, textOf, unquoted, yamlLine, type Line, type Tree } from './indented-text.ts';
import type { Lock, LockedPackage } from './lock.ts';
import type { ManifestFacts } from './manifest-facts.ts';

/** Reads a yarn.lock of any version. `undefined` for anything else. */
export function parseYarnLock(text: string, manifests: ManifestFacts): Lock | undefined {
  const modern = /^__metadata:/m.test(text);
  if (!modern && !text.includes('# yarn lockfile v1')) return undefined;
  const tree = readIndented(text, modern ? yamlLine : classicLine);
  return tree && new YarnLock(tree, manifests);
}

/** `name value`, `name "value"`, and `"a@^1", a@1:` with more below. */
function classicLine(line: string): Line | undefined {
  if (line.endsWith(':')) return { name: line.slice(0, -1).replaceAll('"', '') };
  const [, name, value] = /^("[^"]+"|[^\s"<=>]+) (.+)$/.exec(line) ?? [];
  return name === undefined ? undefined : { name: unquoted(name), value: unquoted(value!) };
}

const ownPrefix = 'workspace:';
const asked = ['dependencies', 'optionalDependencies'] as const;

/** Keys are names of entries, and `workspace:` with a folder for packages of the workspace. */
class YarnLock implements Lock {
  readonly #tree: Tree;
  readonly #manifests: ManifestFacts;
  /** The entry of each `name@range`. */
  readonly #byPattern = new Map<string, string>();
  readonly #byName = new Map<string, string[]>();

  constructor(tree: Tree, manifests: ManifestFacts) {
    this.#tree = tree;
    this.#manifests = manifests;
    for (const key of tree.keys()) {
      if (key === '__metadata' || /@workspace:/.test(textOf(below(tree, key), 'resolution'))) continue;
      const patterns = key.split(', ');
      for (const pattern of patterns) this.#byPattern.set(pattern, key);
      const name = nameIn(patterns[0]!);
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), key]);
    }
  }

  /** What the package of the folder, or one above it, asks for; else all of that name. */
  find(folder: string, name: string): readonly string[] {
    const own = this.#manifests.folderOf(name);
    if (own !== undefined) return [ownPrefix + own];
    for (let at = folder; ; at = posix.dirname(at)) {
      const range = this.#manifests.rangeOf(at === '.' ? '' : at, name);
      if (range !== undefined) return this.#keysOf(name, range);
      if (at === '' || at === '.' || at === '/' || at.startsWith('..')) return this.#byName.get(name) ?? [];
    }
  }

  get(key: string): LockedPackage {
    if (key.startsWith(ownPrefix)) {
      const folder = key.slice(ownPrefix.length);
      const needs = this.runtime(folder).map((name) => ({ name, keys: this.find(folder, name) }));
      return { version: '', source: '', own: true, needs };
    }
    const entry = below(this.#tree, key);
    const needs = asked.flatMap((kind) => {
      const ranges = below(entry, kind);
      return [...ranges.keys()].map((name) => ({ name, keys: this.#keysOf(name, textOf(ranges, name)) }));
    });
    // Older files leave out what a package expects beside itself: what is installed says it.
    const beside = [...below(entry, 'peerDependencies').keys(), ...this.#manifests.peersOf(nameIn(key))];
    const peers = beside.map((name) => ({ name, keys: this.find('', name) }));
    const source = ['integrity', 'checksum', 'resolution', 'resolved']
      .map((field) => textOf(entry, field))
      .find(Boolean);
    return { version: textOf(entry, 'version'), source: source ?? '', own: false, needs: [...needs, ...peers] };
  }

  runtime = (folder: string): readonly string[] => this.#manifests.runtime(folder);
  declared = (folder: string): readonly string[] => this.#manifests.declared(folder);

  #keysOf(name: string, range: string): readonly string[] {
    const own = this.#manifests.folderOf(name);
    if (own !== undefined) return [ownPrefix + own];
    const key = this.#byPattern.get(`${name}@${range}`) ?? this.#byPattern.get(`${name}@npm:${range}`);
    return key === undefined ? (this.#byName.get(name) ?? []) : [key];
  }
}

/** `@scope/name` of `@scope/name@npm:^1.0.0`. */
const nameIn = (pattern: string): string => /^@?[^@]+/.exec(pattern)?.[0] ?? pattern;

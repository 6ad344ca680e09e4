/** A package as a lock file has it. */
export interface LockedPackage {
  readonly version: string;
  /** What tells it from another package of its name and version. */
  readonly source: string;
  /** A package of the workspace itself: it leads on, and its version says nothing. */
  readonly own: boolean;
  /** What it needs at run time, with the keys of what that may be. */
  readonly needs: readonly Need[];
}

interface Need {
  readonly name: string;
  readonly keys: readonly string[];
}

/** What a package manager would install. */
export interface Lock {
  /** What a name means to the code of a folder: several keys where the lock file does not tell which, none when unknown. */
  find(folder: string, name: string): readonly string[];
  /** The package of a key that was handed out. */
  get(key: string): LockedPackage;
  /** Names that the package of a folder of the workspace needs at run time. */
  runtime(folder: string): readonly string[];
  /** Names that it declares, those of development included. */
  declared(folder: string): readonly string[];
}

/** A package that something reaches at run time. */
export interface Reached {
  readonly name: string;
  readonly version: string;
  /** Packages that lead to it, its own name last. */
  readonly via: readonly string[];
}

/** Where resolution starts: a folder from that of the lock file, and the name of a package that is imported there. */
export interface Start {
  readonly folder: string;
  readonly name: string;
}

/** Everything that starts reach, nearest first, by identity: the same package at another path is the same. */
export function reachedFrom(lock: Lock, starts: readonly Start[]): Map<string, Reached> {
  const reached = new Map<string, Reached>();
  const seen = new Set<string>();
  const queue = starts.map(({ folder, name }) => ({
    ...{ name, keys: lock.find(folder, name) },
    via: [] as readonly string[],
  }));
  for (const { name, keys, via } of queue) {
    for (const key of keys) {
      if (seen.has(key)) continue;
      seen.add(key);
      const { version, source, own, needs } = lock.get(key);
      const steps = own ? via : [...via, name];
      if (!own) reached.set([name, version, source].join(' '), { name, version, via: steps });
      for (const need of needs) queue.push({ ...need, via: steps });
    }
  }
  return reached;
}

/** A package that is not the same on both sides. */
export interface PackageChange {
  readonly name: string;
  /** Such as `npm zod 4.6.6 -> 4.6.7`, `npm zod 4.6.6 removed`. */
  readonly text: string;
  readonly via: readonly string[];
}

/** What differs in reach between two lock files, the nearest first; `undefined` when nothing does. */
export function changedPackage(before: Lock, after: Lock, starts: readonly Start[]): PackageChange | undefined {
  const [old, fresh] = [reachedFrom(before, starts), reachedFrom(after, starts)];
  const differing = [
    ...[...fresh].filter(([identity]) => !old.has(identity)),
    ...[...old].filter(([identity]) => !fresh.has(identity)),
  ].map(([, reached]) => reached);
  const nearest = differing.sort((a, b) => a.via.length - b.via.length)[0];
  if (nearest === undefined) return undefined;
  const { name, via } = nearest;
  const [from, to] = [versionsOf(name, old, fresh), versionsOf(name, fresh, old)];
  return { name, via, text: `npm ${name} ${wordsFor(from, to)}` };
}

/** Versions of a package that only one side reaches. */
const versionsOf = (name: string, here: Map<string, Reached>, there: Map<string, Reached>): string =>
  [...here].flatMap(([identity, one]) => (one.name === name && !there.has(identity) ? [one.version] : [])).join(', ');

function wordsFor(from: string, to: string): string {
  if (from === '') return `${to} added`;
  if (to === '') return `${from} removed`;
  return from === to ? `${to} from another source` : `${from} -> ${to}`;
}

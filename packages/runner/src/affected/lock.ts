import { posix } from 'node:path';

interface LockEntry {
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

/** What npm would install, by the path of each package from the folder of the lock file. */
export type Lock = ReadonlyMap<string, LockEntry>;

/** Reads a package-lock.json of version 2 or 3. `undefined` for anything else. */
export function parseLock(text: string): Lock | undefined {
  try {
    const { packages } = JSON.parse(text) as { packages?: Record<string, LockEntry> };
    return packages === undefined ? undefined : new Map(Object.entries(packages));
  } catch {
    return undefined;
  }
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
  const queue = starts.map((start) => ({ ...start, via: [] as readonly string[] }));
  for (const { folder, name, via } of queue) {
    const path = resolveIn(lock, folder, name);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const entry = lock.get(path)!;
    const own = entry.link === true;
    const steps = own ? via : [...via, name];
    if (!own) reached.set(identityOf(name, entry), { name, version: entry.version ?? '?', via: steps });
    const at = own ? (entry.resolved ?? path) : path;
    for (const next of runtimeNames(lock.get(at) ?? entry)) queue.push({ folder: at, name: next, via: steps });
  }
  return reached;
}

const identityOf = (name: string, { version, integrity, resolved }: LockEntry): string =>
  [name, version, integrity ?? resolved].join(' ');

const runtimeNames = ({ dependencies, optionalDependencies, peerDependencies }: LockEntry): string[] =>
  Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies });

/** As Node looks a package up: in node_modules of the folder, then of each one above. */
function resolveIn(lock: Lock, folder: string, name: string): string | undefined {
  for (let at = folder; ; at = posix.dirname(at)) {
    const path = posix.join(at, 'node_modules', name);
    if (lock.has(path)) return path;
    if (at === '' || at === '.' || at === '/' || at.startsWith('..')) return undefined;
  }
}

/** Names that a folder's package declares, those of development included. */
export function declaredIn(lock: Lock, folder: string): string[] {
  const entry = lock.get(folder) ?? {};
  return [...new Set([...runtimeNames(entry), ...Object.keys(entry.devDependencies ?? {})])];
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

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { below, readIndented, textOf, unquoted, yamlLine } from '../affected/indented-text.ts';

/** A package that is installed. */
export interface InstalledPackage {
  /** From the folder that holds the outermost node_modules, with `/`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
}

/** What tells a package from another one of its name and version: a checksum, where it came from, a patch. */
type Note = (installed: InstalledPackage) => string | undefined;

/** Each package manager writes down what it put into a node_modules. Several may have left something there. */
const readers: readonly ((modules: string) => Promise<Note>)[] = [readNpm, readPnpm, readYarn, readClassicYarn];

const known = new Map<string, Promise<Note>>();

/** What package managers wrote down of an installation. @param root the folder that holds the node_modules */
export function notesOf(root: string): Promise<Note> {
  let notes = known.get(root);
  if (!notes) known.set(root, (notes = readNotes(join(root, 'node_modules'))));
  return notes;
}

async function readNotes(modules: string): Promise<Note> {
  const notes = await Promise.all(readers.map((read) => read(modules)));
  return (installed) => notes.flatMap((note) => note(installed) ?? []).join(' ') || undefined;
}

/** What cannot be read says nothing. */
const fileText = (...path: readonly string[]): Promise<string> => readFile(join(...path), 'utf8').catch(() => '');

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `.package-lock.json`: the integrity of each package by its path. */
async function readNpm(modules: string): Promise<Note> {
  const { packages = {} } = jsonObject(await fileText(modules, '.package-lock.json'));
  const byPath = packages as Readonly<Record<string, { readonly integrity?: string } | undefined>>;
  return ({ path }) => byPath[path]?.integrity;
}

/**
 * The lock file of what pnpm installed, in the folder that `.modules.yaml` names. Patches and peers are in the name of
 * the folder of each package already.
 */
async function readPnpm(modules: string): Promise<Note> {
  const [, folder = '.pnpm'] =
    /^\s*["']?virtualStoreDir["']?: ["']?([^"',\n]+)/m.exec(await fileText(modules, '.modules.yaml')) ?? [];
  const lock = readIndented(await fileText(modules, folder, 'lock.yaml'), yamlLine);
  const packages = lock === undefined ? new Map() : below(lock, 'packages');
  return ({ name, version }) => {
    const key = [`${name}@${version}`, `/${name}@${version}`, `/${name}/${version}`].find((one) => packages.has(one));
    return key === undefined ? undefined : textOf(below(packages, key), 'resolution');
  };
}

/** `.yarn-state.yml` of Yarn 2 and later: what lies at each place, with the hash of its patches. */
async function readYarn(modules: string): Promise<Note> {
  const byPath = new Map<string, string>();
  let locator = '';
  for (const line of (await fileText(modules, '.yarn-state.yml')).split(/\r?\n/)) {
    const [, name] = /^(\S.*):$/.exec(line) ?? [];
    const [, path] = /^ {4}- (.+)$/.exec(line) ?? [];
    if (name !== undefined) locator = unquoted(name);
    if (path !== undefined) byPath.set(unquoted(path), locator);
  }
  return ({ path }) => byPath.get(path);
}

/** `.yarn-integrity` of Yarn 1: where each package came from, with its checksum, by what was asked for. */
async function readClassicYarn(modules: string): Promise<Note> {
  const { lockfileEntries = {} } = jsonObject(await fileText(modules, '.yarn-integrity'));
  const entries = Object.entries(lockfileEntries as Readonly<Record<string, unknown>>);
  return ({ name }) => {
    const own = entries.filter(([pattern]) => pattern.slice(0, pattern.lastIndexOf('@')) === name);
    return own.length === 0 ? undefined : own.map(([, source]) => String(source)).join(' ');
  };
}

import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportsOf, importsOf, isBare, memberNames, otherThanReExports, packageOf, usesOf } from './source.ts';
import {
  files,
  filesOf,
  isTypeScript,
  packages,
  read,
  sourcesOf,
  workspaces,
  type Manifest,
  type Workspace,
} from './workspace.ts';

/**
 * Who may import whom. Leaves stand on core and never lean on each other; only the CLI knows them all; the Nx plugin
 * knows the CLI by its command alone.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  latency: ['core'],
  load: ['core'],
  memory: ['core'],
  mcp: ['core'],
  llm: ['core'],
  baseline: ['core'],
  runner: ['core'],
  report: ['core'],
  cli: ['core', 'latency', 'load', 'memory', 'mcp', 'llm', 'baseline', 'runner', 'report'],
  nx: [],
};

const folderOf = ({ path }: Workspace): string => posix.basename(path);
const siblingNames = new Map(packages.map((workspace) => [workspace.manifest.name, folderOf(workspace)]));
const rootManifest = workspaces.find(({ path }) => path === '')!.manifest;
const core = packages.find((workspace) => folderOf(workspace) === 'core')!;

const declared = (...lists: (Readonly<Record<string, string>> | undefined)[]): Set<string> =>
  new Set(lists.flatMap((list) => Object.keys(list ?? {})));

const shipped = ({ dependencies, peerDependencies, optionalDependencies }: Manifest): Set<string> =>
  declared(dependencies, peerDependencies, optionalDependencies);

interface BareImport {
  readonly name: string;
  readonly where: string;
}

const bareImports = (sources: readonly string[]): BareImport[] =>
  sources
    .flatMap((file) => importsOf(file))
    .filter(({ what }) => isBare(what))
    .map(({ what, where }) => ({ name: packageOf(what), where }));

const problems = (found: readonly { what: string; where: string }[]): string[] =>
  found.map(({ what, where }) => `${where} ${what}`);

describe.each(packages.map((workspace) => [workspace.path, workspace] as const))('%s', (path, workspace) => {
  const { manifest } = workspace;
  const sources = sourcesOf(workspace);
  const allowed = mayImport[folderOf(workspace)];

  it('has a place in the house', () => {
    expect(allowed, `add ${path} to the table in tools/boundaries.test.ts`).toBeDefined();
  });

  it('imports only the siblings that it may', () => {
    const code = filesOf(workspace).filter((file) => isTypeScript(file));
    const wrong = bareImports(code).filter(({ name }) => {
      const sibling = siblingNames.get(name);
      return sibling !== undefined && name !== manifest.name && !allowed?.includes(sibling);
    });
    expect(wrong).toEqual([]);
    const siblings = [...shipped(manifest)].map((name) => siblingNames.get(name)).filter((name) => name !== undefined);
    expect(siblings.filter((name) => !allowed?.includes(name))).toEqual([]);
  });

  it('declares everything that its sources import', () => {
    const known = shipped(manifest).add(manifest.name);
    expect(bareImports(sources).filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it('uses every dependency that it declares', () => {
    const used = new Set(bareImports(sources).map(({ name }) => name));
    const unused = [...declared(manifest.dependencies, manifest.optionalDependencies)].filter(
      (name) => !used.has(name),
    );
    expect(unused, 'declared in package.json, imported nowhere in src').toEqual([]);
  });

  it('has index files that only re-export', () => {
    const indexes = sources.filter((file) => posix.basename(file) === 'index.ts');
    expect(problems(indexes.flatMap(otherThanReExports))).toEqual([]);
  });

  it('writes to no console', () => {
    if (folderOf(workspace) === 'cli') return;
    const outputs = ['console', 'process.stdout', 'process.stderr'];
    expect(problems(sources.flatMap((file) => usesOf(file, outputs)))).toEqual([]);
  });

  it('says every word of the field in one way', () => {
    expect(bannedNames(workspace)).toEqual([]);
  });
});

/** One meaning, one word: what these stand for is called objective, benchmark, client and problem here. */
const banned = /^(threshold|assertion|scenario|slo|check|vu)s?$/;

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

function bannedNames({ path, manifest }: Workspace): string[] {
  const entries = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'object' && target['@perfkeel/source'] ? [posix.join(path, target['@perfkeel/source'])] : [],
  );
  const names = entries.flatMap((entry) =>
    exportsOf(entry).flatMap(({ name, file, declaration }) => [
      { name, file },
      ...(declaration ? memberNames(declaration) : []).map((member) => ({ name: `${name}.${member}`, file })),
    ]),
  );
  const wrong = names.filter(({ name }) => wordsOf(name).some((word) => banned.test(word)));
  return [...new Set(wrong.map(({ name, file }) => `${file} ${name}`))];
}

describe('core', () => {
  const sources = sourcesOf(core);

  it('imports nothing of Node', () => {
    const found = sources.flatMap((file) => importsOf(file)).filter(({ what }) => what.startsWith('node:'));
    expect(problems(found)).toEqual([]);
  });

  it('reads no clock, no randomness and no process', () => {
    const impure = ['Date', 'performance', 'Math.random', 'process', 'setTimeout', 'setInterval', 'setImmediate'];
    expect(problems(sources.flatMap((file) => usesOf(file, [...impure, 'crypto', 'fetch'])))).toEqual([]);
  });
});

describe('every workspace', () => {
  const isCode = (file: string): boolean => isTypeScript(file) && !file.includes('/fixtures/');

  it('imports only what it declares, or the root for tests and tools', () => {
    const wrong = workspaces.flatMap((workspace) => {
      const { manifest, path } = workspace;
      const known = declared(manifest.devDependencies, rootManifest.devDependencies, { [manifest.name]: '*' });
      for (const name of shipped(manifest)) known.add(name);
      const code = filesOf(workspace).filter(isCode);
      return bareImports(code).filter(({ name }) => !known.has(name) && !(path === '' && siblingNames.has(name)));
    });
    expect(wrong).toEqual([]);
  });

  it('names the modules of Node with their prefix', () => {
    const unprefixed = bareImports(files.filter(isCode)).filter(({ name }) => builtinModules.includes(name));
    expect(unprefixed).toEqual([]);
  });

  it('keeps its files below 400 lines', () => {
    const code = files.filter((file) => /\.([cm]?[jt]s|css|sh)$/.test(file) || file === '.ci/run');
    const long = code.map((file) => ({ file, lines: read(file).split('\n').length - 1 })).filter((f) => f.lines > 400);
    expect(long).toEqual([]);
  });
});

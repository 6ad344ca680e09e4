import { join, posix } from 'node:path';
import { metrics, units } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { exportsOf } from './source.ts';
import { files, packages, read, root, workspaces, type Manifest } from './workspace.ts';

interface DependencyRow {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly reason: string;
}

/** Rows of the tables in docs/dependencies.md: `| \`name\` | version | licence | used by | reason |`. */
function dependencyRows(): DependencyRow[] {
  const rows = read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\|([^|]*)\|([^|]*)\|[^|]*\|([^|]*)\|$/gm);
  return [...rows].map(([, name = '', version = '', licence = '', reason = '']) => ({
    name,
    version: version.trim(),
    licence: licence.trim(),
    reason: reason.trim(),
  }));
}

/** Name and declared versions of everything that comes from a registry. */
function externalDependencies(): Map<string, string> {
  const own = new Set(workspaces.map(({ manifest }) => manifest.name));
  const lists = workspaces.flatMap(({ manifest }) => [
    manifest.devDependencies,
    manifest.peerDependencies,
    manifest.optionalDependencies,
    manifest.dependencies,
  ]);
  const all = lists.flatMap((list) => Object.entries(list ?? {})).filter(([name]) => !own.has(name));
  const names = [...new Set(all.map(([name]) => name))].sort();
  const versionsOf = (name: string): string[] => all.filter(([other]) => other === name).map(([, version]) => version);
  return new Map(names.map((name) => [name, [...new Set(versionsOf(name))].sort().join(', ')]));
}

describe('docs/dependencies.md', () => {
  const rows = dependencyRows();
  const expected = externalDependencies();

  it('names every dependency, and no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...expected.keys()]);
  });

  it('gives the version that package.json declares', () => {
    const versions = rows.map(({ name, version }) => [name, version] as const);
    expect(Object.fromEntries(versions)).toEqual(Object.fromEntries(expected));
  });

  it('gives a reason and a licence for each', () => {
    expect(rows.filter(({ reason, licence }) => reason.length < 15 || licence.length < 3)).toEqual([]);
  });
});

describe('docs/glossary.md', () => {
  const glossary = read('docs/glossary.md');
  const explains = (word: string): boolean => glossary.includes(`\`${word}\``);

  it('explains every metric and unit of core', () => {
    const words = [...Object.values(metrics).map(({ id }) => id), ...units];
    expect(words.filter((word) => !explains(word))).toEqual([]);
  });

  it('names only types and functions that exist', () => {
    const exported = new Set(
      packages.flatMap(({ path }) => exportsOf(posix.join(path, 'src/index.ts')).map(({ name }) => name)),
    );
    const cited = [...glossary.matchAll(/→ `(\w+)`/g)].map(([, name = '']) => name);
    expect(cited.filter((name) => !exported.has(name))).toEqual([]);
    expect(cited.length).toBeGreaterThan(10);
  });
});

describe.each(packages)('$path', ({ path, manifest }) => {
  it('has a README, a licence and a source for every entry point', () => {
    const entries = Object.values(manifest.exports ?? {}).flatMap((target) =>
      typeof target === 'object' ? [target['@perfkeel/source'] ?? 'no source condition'] : [target],
    );
    const expected = ['README.md', 'LICENSE', ...entries, ...Object.values(manifest.bin ?? {})];
    expect(expected.map((file) => posix.join(path, file)).filter((file) => !files.includes(file))).toEqual([]);
  });

  it('has the same engines, licence and module type as the root', () => {
    const { engines, license, type } = workspaces.find((workspace) => workspace.path === '')!.manifest;
    expect({ engines: manifest.engines, license: manifest.license, type: manifest.type }).toEqual({
      engines,
      license,
      type,
    });
    expect(manifest.repository?.directory).toBe(path);
  });

  it('is built after exactly what it depends on', () => {
    const { references } = JSON.parse(read(`${path}/tsconfig.json`)) as { references: { path: string }[] };
    expect(references.map((reference) => posix.join(path, reference.path)).sort()).toEqual(siblingPaths(manifest));
  });
});

function siblingPaths(manifest: Manifest): string[] {
  const names = Object.keys(manifest.dependencies ?? {});
  return packages
    .filter((other) => names.includes(other.manifest.name))
    .map((other) => other.path)
    .sort();
}

describe('the repository', () => {
  const texts = files.filter((file) => !/\.(png|jpe?g|gif|ico|woff2?|gz|hlog)$/.test(file));

  /** Lines of every text file that match, as `file:line text`. */
  const linesWith = (pattern: RegExp): string[] =>
    texts.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
    );

  it('holds no path of a machine', () => {
    const folders = ['work', 'root', 'home', 'Users', 'tmp/bash'].join('|');
    expect(linesWith(new RegExp(`(?<![\\w.$}{*-])/(${folders})/[\\w.@-]`))).toEqual([]);
    expect(linesWith(new RegExp(escapeRegExp(join(root, 'packages')), 'i'))).toEqual([]);
  });

  it('holds no host of a package registry', () => {
    const hosts = [
      'regi' + 'stry[\\w-]*\\.[\\w-]+\\.(com|org|io|dev|net|local)',
      '"resol' + 'ved": "http',
      '_auth' + 'Token=',
    ];
    expect(linesWith(new RegExp(hosts.join('|')))).toEqual([]);
  });

  it('links to files that exist', () => {
    const exists = (path: string): boolean => files.some((file) => file === path || file.startsWith(`${path}/`));
    const broken = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)]
          .map(([, link = '']) => posix.join(posix.dirname(file), link).replace(/\/$/, ''))
          .filter((path) => !exists(path))
          .map((path) => `${file} links to ${path}`),
      );
    expect(broken).toEqual([]);
  });

  it('builds every package from the root', () => {
    const { references } = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    expect(references.map((reference) => reference.path).sort()).toEqual(packages.map(({ path }) => path).sort());
  });
});

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

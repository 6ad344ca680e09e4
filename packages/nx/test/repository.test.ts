import { appendFileSync, cpSync, existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commit,
  git,
  linesOf,
  linkDependencies,
  nx,
  plannedTasks,
  readText,
  repository,
  temporaryFolder,
  write,
} from './workspace.ts';

// The graph of this repository, asked in place and in a copy with a history of its own.

/** Tracked files and new ones: what a commit of everything would hold. */
const files = git(repository, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(repository, file)));

const nameIn = (folder: string): string =>
  (JSON.parse(readText(repository, folder, 'package.json')) as { name: string }).name;

/** Every project that measures something, by name. A perf.config without a package.json is material of a test. */
const perfProjects = files
  .filter((file) => /(^|\/)perf\.config\.[cm]?[jt]s$/.test(file))
  .map((file) => posix.dirname(file))
  .filter((project) => files.includes(posix.join(project, 'package.json')))
  .map(nameIn)
  .sort();

const parsers = '@perfkeel-examples/parsers';

const changes = [
  ['an example, that example', 'examples/parsers/perf/touched.ts', [parsers]],
  ['core, everything', 'packages/core/src/index.ts', perfProjects],
  ['docs, nothing', 'docs/touched.md', []],
] as const;

const folder = temporaryFolder();
afterAll(() => folder.remove());

// Each starts Nx, which a busy machine makes slow.
const timeout = 120_000;

describe('this repository measures', { timeout }, () => {
  it('its examples and its packages', () => {
    expect(perfProjects).toContain(parsers);
    expect(perfProjects.length).toBeGreaterThan(3);
  });

  it.each(changes)('after a change to %s', async (_, file, expected) => {
    const args = ['show', 'projects', '--affected', '--withTarget=perf', `--files=${file}`];
    const shown = await nx(repository, join(folder.root, 'state'), args);
    expect(shown.exitCode, shown.output).toBe(0);
    expect(linesOf(shown)).toEqual(expected);
  });
});

describe('a copy of this repository measures', { timeout }, () => {
  const copy = join(folder.root, 'copy');

  beforeAll(() => {
    for (const file of files) cpSync(join(repository, file), join(copy, file));
    linkDependencies(copy);
    git(copy, 'init', '--quiet', '--initial-branch=main');
    commit(copy, 'everything');
  });

  it.each(changes)('after a commit to %s', async (message, file, expected) => {
    if (existsSync(join(copy, file))) appendFileSync(join(copy, file), '\n');
    else write(copy, { [file]: '\n' });
    commit(copy, message);
    const args = ['affected', '-t', 'perf', '--base=HEAD~1', '--head=HEAD', '--graph=stdout'];
    const tasks = plannedTasks(await nx(copy, join(folder.root, 'state-of-copy'), args)).filter((task) =>
      task.endsWith(':perf'),
    );
    expect(tasks).toEqual(expected.map((name) => `${name}:perf`));
  });
});

import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { PerfError, usageError } from '@perfkeel/core';
import { perfFileName } from '../discover.ts';
import { mustRun } from './command.ts';
import { copyModules } from './copy-modules.ts';
import { git, nulList, tryGit } from './git.ts';
import { withRetries, type OnRetry } from '../retry/with-retries.ts';
import { isInside } from './worktree.ts';

/** How the packages of base came to be there. */
export type Dependencies = 'copied' | 'installed' | 'none';

const locks = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
] as const;
type Lock = (typeof locks)[number];

/** Where two checkouts of one repository are. */
export interface Places {
  readonly head: string;
  readonly base: string;
  /** The project, relative to both. */
  readonly project: string;
}

/**
 * Gives base packages of its own. With the lock file of head the folders are copied (where the file system can, as a
 * copy that shares blocks until one side writes); with another one, or with other patches of patch-package, they are
 * installed exactly as the lock file of base says.
 *
 * Never linked: a link to head's node_modules leads the workspace's packages to head's code.
 *
 * @throws PerfError `plug-and-play` (exit 2) where packages are not in node_modules; `no-lock-file` (exit 4)
 */
export async function bringDependencies(
  places: Places,
  signal?: AbortSignal,
  onRetry?: OnRetry,
): Promise<Dependencies> {
  const { folder, lock } = findLock(places);
  if (existsSync(join(places.head, folder, '.pnp.cjs'))) throw plugAndPlay(join(folder, '.pnp.cjs'));
  const equal =
    lock === undefined
      ? await sameFile(places, join(folder, 'package.json'))
      : (await sameFile(places, join(folder, lock))) && (await samePatches(places, folder));
  if (equal) return (await copyAll(places, signal)) ? 'copied' : 'none';
  if (lock === undefined || !existsSync(join(places.base, folder, lock))) {
    if (await sameNeeds(places, folder)) return (await copyAll(places, signal)) ? 'copied' : 'none';
    // It measures nothing yet, so that nothing of it is compared.
    if (!(await measuresAlready(places))) return 'none';
    throw noLock(lock === undefined ? 'there is no lock file' : `base has no ${lock}`);
  }
  const cwd = join(places.base, folder);
  const [program, ...words] = await installer(lock, cwd);
  // As `production` it would leave out what development needs, which perf files are part of.
  const env = { ...process.env, NODE_ENV: undefined };
  const what = `installing the packages of base with ${program}`;
  await withRetries(() => mustRun(program!, words, { cwd, signal, env }), {
    ...{ what, pauseMs: installPauseMs, signal, onRetry },
  });
  return 'installed';
}

/** Before a second installation; before a third it is twice as long. Package managers have tried for a while by then. */
const installPauseMs = 1000;

/** The nearest lock file of head, from the project upwards; else the top of the repository. */
function findLock({ head, project }: Places): { folder: string; lock?: Lock } {
  for (let folder = project; ; folder = dirname(folder)) {
    const at = folder === '.' ? '' : folder;
    const lock = locks.find((name) => existsSync(join(head, at, name)));
    if (lock !== undefined) return { folder: at, lock };
    if (at === '') return { folder: existsSync(join(head, 'package.json')) ? '' : project };
  }
}

const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'latin1').then(
    (text) => text,
    () => undefined,
  );

const sameFile = async ({ head, base }: Places, name: string): Promise<boolean> =>
  (await textOf(join(head, name))) === (await textOf(join(base, name)));

/** Packages that are installed in head have the patches of head in them, of which the lock file of npm knows nothing. */
async function samePatches({ head, base }: Places, folder: string): Promise<boolean> {
  const manifest = await textOf(join(head, folder, 'package.json'));
  if (manifest === undefined || !manifest.includes('patch-package')) return true;
  const patches = async (root: string): Promise<string> => {
    const at = join(root, folder, 'patches');
    const names = (await readdir(at).catch(() => [])).sort();
    return JSON.stringify(await Promise.all(names.map(async (name) => [name, await textOf(join(at, name))])));
  };
  return (await patches(head)) === (await patches(base));
}

/** Without a lock file: whether both sides ask for the same packages. */
async function sameNeeds({ head, base }: Places, folder: string): Promise<boolean> {
  const needs = async (root: string): Promise<string> => {
    const text = (await textOf(join(root, folder, 'package.json'))) ?? '{}';
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text) as Record<string, unknown>;
    return JSON.stringify([dependencies, devDependencies, optionalDependencies]);
  };
  return (await needs(head)) === (await needs(base));
}

/** Whether base has perf files, or anything that names this package: it may be installed above, or for all. */
async function measuresAlready({ base }: Places): Promise<boolean> {
  const files = await tryGit(base, ['ls-files', '-z', '--', '*.perf.*']);
  if (files.code !== 0 || nulList(files.stdout).some((name) => perfFileName.test(name))) return true;
  const sources = ['package.json', '*/package.json', '*.[jt]s', '*.[cm][jt]s', '*.[jt]sx'];
  const { code } = await tryGit(base, ['grep', '--quiet', '--fixed-strings', 'perfkeel', '--', ...sources]);
  return code !== 1;
}

const noLock = (what: string): PerfError =>
  new PerfError(`the sides need different packages, and ${what} to install those of base from`, {
    code: 'no-lock-file',
    hint: 'Commit a lock file, merge it, and compare then.',
  });

/** The processes of base would find head's packages, too: by the hook that `yarn run` puts into NODE_OPTIONS. */
const plugAndPlay = (file: string): PerfError =>
  usageError(`packages are installed without node_modules (${file}), so base cannot be given its own`, {
    code: 'plug-and-play',
    hint: 'Write "nodeLinker: node-modules" into .yarnrc.yml, install again, and compare then.',
  });

/** Exactly what the lock file says, or nothing. */
async function installer(lock: Lock, cwd: string): Promise<readonly string[]> {
  switch (lock) {
    case 'package-lock.json':
    case 'npm-shrinkwrap.json':
      return ['npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund'];
    case 'pnpm-lock.yaml':
      return ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline'];
    case 'yarn.lock':
      // Newer versions know other options, and write another lock file.
      return /^__metadata:/m.test((await textOf(join(cwd, lock))) ?? '')
        ? ['yarn', 'install', '--immutable']
        : ['yarn', 'install', '--frozen-lockfile', '--prefer-offline'];
    case 'bun.lock':
    case 'bun.lockb':
      return ['bun', 'install', '--frozen-lockfile'];
  }
}

/** Copies every node_modules that lies beside a package.json of base; returns whether there was one. */
async function copyAll({ head, base }: Places, signal?: AbortSignal): Promise<boolean> {
  const manifests = nulList(await git(base, ['ls-files', '-z', '--', 'package.json', '*/package.json']));
  const folders = [...new Set(manifests.map((name) => relative('.', dirname(name))))];
  let copied = false;
  for (const folder of ['', ...folders.filter((name) => name !== '')]) {
    const from = join(head, folder, 'node_modules');
    const to = join(base, folder, 'node_modules');
    if (!existsSync(from) || existsSync(to) || !isInside(base, to)) continue;
    await copyModules(from, to, { from: head, to: base }, signal);
    copied = true;
  }
  return copied;
}

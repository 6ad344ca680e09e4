import { execFile, execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This repository. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** A folder that goes away with `remove`. Its real path: Nx compares paths as text. */
export interface TemporaryFolder {
  readonly root: string;
  readonly remove: () => void;
}

export function temporaryFolder(): TemporaryFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-nx-')));
  return { root, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }) };
}

export function write(root: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
  }
}

export interface NxResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both outputs, for failure messages. */
  readonly output: string;
}

/** Runs this repository's Nx in a folder, without daemon, and with caches of its own in `state`. */
export function nx(
  root: string,
  state: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<NxResult> {
  const bin = createRequire(import.meta.url).resolve('nx/bin/nx.js');
  const settings = {
    ...withoutNx(process.env),
    CI: 'true',
    NO_COLOR: '1',
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_ISOLATE_PLUGINS: 'false',
    NX_NO_CLOUD: 'true',
    NX_CACHE_DIRECTORY: join(state, 'cache'),
    NX_WORKSPACE_DATA_DIRECTORY: join(state, 'data'),
    ...env,
  };
  return new Promise((resolve) => {
    const options = { cwd: root, env: settings, maxBuffer: 2 ** 26, encoding: 'utf8' } as const;
    execFile(process.execPath, [bin, ...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, output: `${stdout}\n${stderr}` });
    });
  });
}

/** Nothing of an Nx that runs this test may reach the Nx that it starts. */
function withoutNx(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(NX_|FORCE_COLOR$|GITHUB_|VITEST)/.test(name)));
}

/** The names that a command printed one a line. */
export const linesOf = ({ stdout }: NxResult): string[] =>
  stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();

/** The tasks that `--graph=stdout` would run. */
export function plannedTasks({ stdout, output }: NxResult): string[] {
  const start = stdout.indexOf('{');
  if (start < 0) throw new Error(`no graph in: ${output}`);
  const { tasks } = JSON.parse(stdout.slice(start)) as { tasks: { tasks: Record<string, unknown> } };
  return Object.keys(tasks.tasks).sort();
}

export function git(root: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete (env as NodeJS.ProcessEnv)[name];
  return execFileSync('git', [...identity, ...args], { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 26 });
}

export function commit(root: string, message: string): void {
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', message);
}

/**
 * Gives a folder this repository's dependencies, by links. A workspace of its own is linked as it is here, relative,
 * so that a copy of the repository finds its own packages and not those of the original.
 */
export function linkDependencies(root: string): void {
  const from = join(repository, 'node_modules');
  const to = join(root, 'node_modules');
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) {
    if (entry.startsWith('.')) continue;
    if (entry.startsWith('@perfkeel')) {
      mkdirSync(join(to, entry));
      for (const name of readdirSync(join(from, entry))) linkAlike(join(from, entry, name), join(to, entry, name));
    } else linkAlike(join(from, entry), join(to, entry));
  }
}

function linkAlike(source: string, target: string): void {
  const isWorkspace = lstatSync(source).isSymbolicLink();
  symlinkSync(isWorkspace ? readlinkSync(source) : source, target);
}

export const readText = (...parts: string[]): string => readFileSync(join(...parts), 'utf8');

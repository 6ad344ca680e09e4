import { mustRun, runCommand, type Ended } from './command.ts';

/** Inside a hook of git these name a repository, which would win over the folder that is meant. */
const elsewhere = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined, GIT_PREFIX: undefined };

/** What git is to be started with, so that it finds the repository of a folder and speaks English. */
const gitEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...elsewhere,
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
});

/** Hooks belong to a person's checkout, not to a copy that is measured. */
const noHooks = ['-c', 'core.hooksPath=/dev/null'];

/** Runs git in a folder, whatever comes of it. */
export const tryGit = (cwd: string, words: readonly string[], input?: string): Promise<Ended> =>
  runCommand('git', [...noHooks, ...words], { cwd, env: gitEnvironment(), input });

/** Runs git in a folder and returns what it printed. @throws PerfError `command-failed`. */
export const git = (
  cwd: string,
  words: readonly string[],
  signal?: AbortSignal,
  env: NodeJS.ProcessEnv = {},
): Promise<string> => mustRun('git', [...noHooks, ...words], { cwd, env: { ...gitEnvironment(), ...env }, signal });

/**
 * What git prints, without the last line end; `undefined` where it fails: no git, no repository, no commit yet are all the
 * same to whoever only asks.
 */
export async function askGit(cwd: string, words: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryGit(cwd, words).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 ? stdout.replace(/\n$/, '') : undefined;
}

/** One line that git prints; `undefined` when it fails or prints nothing. */
export async function gitLine(cwd: string, words: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await tryGit(cwd, words);
  const line = stdout.trim().split('\n')[0]!;
  return code === 0 && line !== '' ? line : undefined;
}

/** The names in a list that git ends with NUL. */
export const nulList = (text: string): string[] => text.split('\0').filter((name) => name !== '');

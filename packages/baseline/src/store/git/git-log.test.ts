import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundleProgram, start, type Started } from '../../../test/child-process.ts';
import { gitTeam } from '../../../test/git-team.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { objectLogContract } from '../object-log-contract.ts';
import { gitFailure } from './git-error.ts';
import { removeStaleLock } from './git-locks.ts';
import { gitLog, type GitLog, type GitLogOptions } from './git-log.ts';

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: folder, encoding: 'utf8' }).trim();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (record: Uint8Array | undefined): string | undefined => record && new TextDecoder().decode(record);

const one = async (options: Partial<GitLogOptions> = {}): Promise<GitLog> => {
  const { folders } = await gitTeam(1);
  return gitLog({ repository: folders[0]!, ...options });
};

const slow = 30_000;

describe('gitLog', () => {
  it.each(objectLogContract)('$name', ({ run }) => run(() => one()), slow);
});

describe('gitLog through a branch', () => {
  it.each(objectLogContract)('$name', ({ run }) => run(() => one({ transport: 'branch' })), slow);
});

describe('clones of one remote', () => {
  it('push at the same time without meeting: all land, at once', { timeout: slow }, async () => {
    const { remote, folders } = await gitTeam(5);
    const logs = folders.map((repository) => gitLog({ repository }));
    const outcomes = await Promise.all(logs.map((log, i) => log.put(`objects/${i}`, bytes(`${i}`))));
    expect(outcomes).toEqual(folders.map(() => 'created'));
    expect(git(remote, 'for-each-ref', '--format=x').split('\n')).toHaveLength(5);
    expect(await logs[0]!.list('')).toHaveLength(5);
    expect(text(await logs[3]!.get('objects/1'))).toBe('1');
  });

  it('of one branch land all, too', { timeout: slow }, async () => {
    const { remote, folders } = await gitTeam(3);
    const logs = folders.map((repository) => gitLog({ repository, transport: 'branch' }));
    await Promise.all(logs.map((log, i) => log.put(`objects/${i}`, bytes(`${i}`))));
    expect(await logs[0]!.list('')).toHaveLength(3);
    expect(git(remote, 'rev-list', '--count', 'perfkeel-data')).toBe('3');
  });

  it('of one key: one wins, and the other learns that it exists', { timeout: slow }, async () => {
    const { folders } = await gitTeam(2);
    const logs = folders.map((repository) => gitLog({ repository }));
    const outcomes = await Promise.all(logs.map((log, i) => log.put('baselines/main', bytes(`writer ${i}`))));
    expect([...outcomes].sort()).toEqual(['created', 'exists']);
    const winner = `writer ${outcomes.indexOf('created')}`;
    for (const log of logs) expect(text(await log.get('baselines/main'))).toBe(winner);
  });

  it('pack while others write, and each other: every record is there once', { timeout: slow }, async () => {
    const { remote, folders } = await gitTeam(3);
    const [a, b, c] = folders.map((repository) => gitLog({ repository }));
    const write = async (log: GitLog, name: string): Promise<void> => {
      for (let i = 0; i < 3; i++) await log.put(`objects/${name}-${i}`, bytes(`${name}-${i}`));
    };
    await Promise.all([write(a!, 'a'), write(b!, 'b'), a!.compact(), c!.compact()]);
    await Promise.all([b!.compact(), c!.compact()]);
    const names = ['a', 'b'].flatMap((name) => [0, 1, 2].map((i) => `objects/${name}-${i}`));
    for (const log of [a!, c!]) expect(await log.list('objects/')).toEqual(names);
    expect(text(await c!.get('objects/b-2'))).toBe('b-2');
    expect(git(remote, 'for-each-ref', '--format=%(refname)')).toBe('refs/perfkeel/v1/packed');
    expect(await a!.put('objects/a-0', bytes('again'))).toBe('exists');
    expect(await a!.remove('objects/a-0')).toBe(true);
    expect(await c!.list('objects/')).toEqual(names.slice(1));
    expect(await a!.compact()).toBe(0);
  });

  it('write and delete what they are given together in one push each', { timeout: slow }, async () => {
    const { folders } = await gitTeam(1);
    const trace = join(await temporaryFolder(), 'trace');
    vi.stubEnv('GIT_TRACE2_EVENT', trace);
    const log = gitLog({ repository: folders[0]! });
    vi.unstubAllEnvs();
    const keys = Array.from({ length: 20 }, (_, i) => `objects/${i}`);
    const written = await Promise.all([...keys, 'objects/3'].map((key, i) => log.put(key, bytes(`${i}`))));
    expect(written).toEqual([...keys.map(() => 'created'), 'exists']);
    expect((await Promise.all(keys.map((key) => log.get(key)))).map(text)).toEqual(keys.map((_, i) => `${i}`));
    const removed = await Promise.all([...keys.slice(1), 'objects/3', 'objects/none'].map((key) => log.remove(key)));
    expect(removed).toEqual([...keys.slice(1).map(() => true), false, false]);
    expect(await log.list('')).toEqual(['objects/0']);
    const calls = (await readFile(trace, 'utf8')).match(/"event":"start".*"(hash-object|push)"/g) ?? [];
    expect(calls.map((line) => /"(hash-object|push)"/.exec(line)![1])).toEqual(['hash-object', 'push', 'push']);
  });

  it('leave the branches, the index and the work tree of a clone alone', async () => {
    const { folders } = await gitTeam(1);
    const log = gitLog({ repository: folders[0]! });
    await log.put('objects/one', bytes('1'));
    await log.compact();
    await log.list('');
    expect(git(folders[0]!, 'status', '--porcelain')).toBe('');
    expect(git(folders[0]!, 'for-each-ref', '--format=%(refname)')).toBe('refs/perfkeel/remotes/origin/v1/packed');
  });
});

/** Ends a writer and the git that it had started: a push that is cut off. Returns what was acknowledged. */
async function cutOff({ process: writer, lines, ended }: Started): Promise<readonly string[]> {
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const children = await readFile(`/proc/${writer.pid}/task/${writer.pid}/children`, 'utf8').catch(() => '');
  writer.kill('SIGKILL');
  for (const child of children.split(' ').filter(Boolean)) {
    try {
      process.kill(Number(child), 'SIGKILL');
    } catch {
      // It had ended.
    }
  }
  await ended;
  return lines;
}

describe('a writer that is killed while it pushes', () => {
  let [folder, program] = ['', ''];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'perfkeel-git-writer-'));
    program = await bundleProgram('git-writer.ts', join(folder, 'git-writer.mjs'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['refs', 'branch'] as const)(
    'loses nothing that was acknowledged: %s',
    { timeout: slow },
    async (transport) => {
      const { folders } = await gitTeam(2);
      const stored = await cutOff(start(program, [folders[0]!, transport]));
      // The clone of the one that was killed goes on, and others see all.
      const [same, other] = folders.map((repository) => gitLog({ repository, transport }));
      expect(await same!.put('objects/after', bytes('after'))).toBe('created');
      const keys = await other!.list('');
      expect(keys).toEqual(expect.arrayContaining([...stored, 'objects/after']));
      for (const key of keys) expect(text(await other!.get(key))).toBe(key === 'objects/after' ? 'after' : key);
    },
  );
});

describe('a lock that a git left when it was killed', () => {
  it('is removed when it is on what this store saw of a remote, and old', { timeout: slow }, async () => {
    const { folders } = await gitTeam(1);
    const open = (): GitLog => gitLog({ repository: folders[0]!, transport: 'branch' });
    const log = open();
    await log.put('objects/a', bytes('a'));
    await log.list('');
    const lock = join(folders[0]!, '.git/refs/perfkeel/remotes/origin/branch-.lock');
    await writeFile(lock, '');
    const long = Date.now() / 1000 - 3600;
    await utimes(lock, long, long);
    await log.put('objects/b', bytes('b'));
    expect(await open().list('')).toEqual(['objects/a', 'objects/b']);
  });

  it('is never one that a remote names, or that lies elsewhere', async () => {
    const folder = await temporaryFolder();
    const lock = join(folder, 'a.lock');
    await writeFile(lock, '');
    const path = join(folder, 'refs/perfkeel/remotes');
    for (const said of [
      `remote: error: Unable to create '${path}/../../../a.lock': File exists.`,
      `error: x: Unable to create '${path}/../../../a.lock': File exists.`,
      `fatal: Unable to create '${lock}': File exists.`,
    ]) {
      expect(await removeStaleLock(folder, said, -1)).toBe(false);
    }
    expect(await readFile(lock, 'utf8')).toBe('');
  });

  it('is named otherwise', () => {
    const said =
      "fatal: Unable to create '/a/.git/packed-refs.lock': File exists.\n\nAnother git process seems to run\n1\n2";
    const error = gitFailure('read', 'origin', said);
    expect(error.message).toMatch(/: fatal: Unable to create '\/a\/\.git\/packed-refs\.lock': File exists\.$/);
    expect(error.hint).toMatch(/^Delete \/a\/\.git\/packed-refs\.lock once no git runs/);
  });
});

describe('what cannot work', () => {
  it('no such remote, no repository: exit code 4, and what to do', async () => {
    const { folders } = await gitTeam(1);
    const missing = gitLog({ repository: folders[0]!, remote: 'upstream' });
    await expect(missing.list('')).rejects.toMatchObject({
      code: 'store-not-readable',
      exitCode: 4,
      message: expect.stringMatching(
        /: fatal: 'upstream' does not appear to be a git repository; fatal: [^;]*$/,
      ) as string,
    });
    await expect(missing.put('a', bytes('1'))).rejects.toMatchObject({
      hint: expect.stringContaining('git remote -v') as string,
    });
    const nowhere = gitLog({ repository: await temporaryFolder() });
    await expect(nowhere.list('')).rejects.toMatchObject({
      hint: expect.stringContaining('inside a git repository') as string,
    });
  });

  it('a password in the address of a remote is never shown', async () => {
    const { folders } = await gitTeam(1);
    const log = gitLog({ repository: folders[0]!, remote: 'http://me:secret@127.0.0.1:1/x.git', timeoutMs: 5000 });
    await expect(log.list('')).rejects.toThrow(/^(?!.*secret).*127\.0\.0\.1/s);
    expect(log.place('a')).not.toContain('secret');
  });

  it.each(['--upload-pack=touch x', '', 'ext::sh -c id', 'a b'])('the remote %j is refused', (remote) => {
    expect(() => gitLog({ repository: '.', remote })).toThrow(/cannot keep records/);
  });
});

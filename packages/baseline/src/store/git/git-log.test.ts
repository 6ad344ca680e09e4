import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleProgram, start, type Started } from '../../../test/child-process.ts';
import { gitTeam } from '../../../test/git-team.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { objectLogContract } from '../object-log-contract.ts';
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

describe('writers that are killed while they push', () => {
  it.each(['refs', 'branch'] as const)(
    'lose nothing that was acknowledged: %s',
    { timeout: slow },
    async (transport) => {
      const program = await bundleProgram('git-writer.ts', join(await temporaryFolder(), 'git-writer.mjs'));
      const { folders } = await gitTeam(2);
      const stored: string[] = [];
      for (let kill = 0; kill < 2; kill++) stored.push(...(await cutOff(start(program, [folders[0]!, transport]))));
      // The clone of those that were killed goes on, and others see all.
      const [same, other] = folders.map((repository) => gitLog({ repository, transport }));
      expect(await same!.put('objects/after', bytes('after'))).toBe('created');
      const keys = await other!.list('');
      expect(keys).toEqual(expect.arrayContaining([...stored, 'objects/after']));
      for (const key of keys) expect(text(await other!.get(key))).toBe(key === 'objects/after' ? 'after' : key);
    },
  );
});

describe('what cannot work', () => {
  it('no such remote, no repository: exit code 4, and what to do', async () => {
    const { folders } = await gitTeam(1);
    const missing = gitLog({ repository: folders[0]!, remote: 'upstream' });
    await expect(missing.list('')).rejects.toMatchObject({ code: 'store-not-readable', exitCode: 4 });
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

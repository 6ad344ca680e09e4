import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bringLargeFiles } from './large-files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perfkeel-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform === 'win32')(
  'base gets large files of head that have not changed, and is said to lack those that have',
  async () => {
    const [head, base] = [join(folder, 'head'), join(folder, 'base')];
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: head, encoding: 'utf8' });
    mkdirSync(head);
    git('init', '--quiet');
    // Git LFS without a server: what is committed is a pointer, and nothing makes a file of it again.
    const clean = join(folder, 'clean.sh');
    const pointer = 'version https://git-lfs.github.com/spec/v1\\noid sha256:%s\\n';
    writeFileSync(clean, `#!/bin/sh\nprintf '${pointer}' "$(cksum)"\n`, { mode: 0o755 });
    git('config', 'filter.lfs.clean', clean);
    git('config', 'filter.lfs.smudge', 'cat');
    const write = (name: string, text: string): void => writeFileSync(join(head, name), text);
    write('.gitattributes', '*.bin filter=lfs\n');
    const names = ['same.bin', 'changed.bin', 'folder.bin', 'gone.bin', 'x[1].bin', 'x1.bin', 'plain.txt'];
    for (const name of names) write(name, `${name} of base`);
    symlinkSync('changed.bin', join(head, 'link.bin'));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'first');
    const sha = git('rev-parse', 'HEAD').trim();
    git('worktree', 'add', '--quiet', '--detach', base, sha);
    write('changed.bin', 'of head');
    write('x1.bin', 'of head');
    for (const name of ['gone.bin', 'folder.bin']) rmSync(join(head, name));
    mkdirSync(join(head, 'folder.bin'));
    const remarks = await bringLargeFiles({ head, base, project: '' }, sha);
    expect(readFileSync(join(base, 'same.bin'), 'utf8')).toBe('same.bin of base');
    // A name is no pattern.
    expect(readFileSync(join(base, 'x[1].bin'), 'utf8')).toBe('x[1].bin of base');
    // Neither as itself nor by the link, which has not changed.
    expect(readFileSync(join(base, 'changed.bin'), 'utf8')).toMatch(/^version https/);
    expect(remarks.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^changed\.bin \(and 2 more\) changed, and of base there is only the pointer of Git LFS/),
    ]);
  },
);

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bringDependencies } from './dependencies.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perfkeel-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('without node_modules base cannot be given packages of its own', async () => {
  const places = { head: join(folder, 'head'), base: join(folder, 'base'), project: 'packages/app' };
  mkdirSync(join(places.head, 'packages/app'), { recursive: true });
  for (const name of ['yarn.lock', '.pnp.cjs']) writeFileSync(join(places.head, name), '');
  await expect(bringDependencies(places)).rejects.toMatchObject({ code: 'plug-and-play', exitCode: 2 });
});

it('base without a lock file needs no packages where it measures nothing, and there is no way where it does', async () => {
  const places = { head: join(folder, 'head'), base: join(folder, 'base'), project: 'packages/app' };
  const write = (side: 'head' | 'base', name: string, value: object): void => {
    mkdirSync(dirname(join(places[side], name)), { recursive: true });
    writeFileSync(join(places[side], name), JSON.stringify(value));
  };
  write('head', 'package.json', { devDependencies: { perfkeel: '*' } });
  write('head', 'package-lock.json', {});
  write('base', 'package.json', {});
  write('base', 'packages/app/package.json', {});
  const git = (...words: string[]): Buffer => execFileSync('git', words, { cwd: places.base });
  git('init', '--quiet');
  git('add', '--all');
  expect(await bringDependencies(places)).toBe('none');
  // It may be installed above, or for all; and a perf file may have any name.
  for (const name of ['a.perf.mts', 'b.bench.ts']) {
    write('base', name, { from: name.startsWith('b') ? 'perfkeel' : '' });
    git('add', name);
    await expect(bringDependencies(places)).rejects.toMatchObject({ code: 'no-lock-file' });
    git('rm', '--quiet', '--force', name);
  }
  expect(await bringDependencies(places)).toBe('none');
  write('base', 'packages/app/package.json', { devDependencies: { perfkeel: '*' } });
  await expect(bringDependencies(places)).rejects.toMatchObject({ code: 'no-lock-file', exitCode: 4 });
});

it(
  'with other patches base gets packages of its own, although the lock file is the same',
  { timeout: 60_000 },
  async () => {
    const places = { head: join(folder, 'head'), base: join(folder, 'base'), project: '' };
    const files = {
      'package.json': { name: 'patched', scripts: { postinstall: 'node patch-package.cjs' } },
      'package-lock.json': {
        name: 'patched',
        lockfileVersion: 3,
        requires: true,
        packages: { '': { name: 'patched' } },
      },
      'patch-package.cjs': "const fs = require('fs'); fs.copyFileSync('patches/zod.patch', 'applied');",
    };
    for (const side of ['head', 'base'] as const) {
      for (const [name, text] of Object.entries({ ...files, 'patches/zod.patch': `patch of ${side}` })) {
        const file = join(places[side], name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
      }
    }
    expect(await bringDependencies(places)).toBe('installed');
    expect(readFileSync(join(places.base, 'applied'), 'utf8')).toBe('patch of base');
  },
);

it.skipIf(process.platform === 'win32')(
  'a network that fails twice while packages are installed is tried a third time, and a wrong lock file is not',
  { timeout: 60_000 },
  async () => {
    const places = { head: join(folder, 'head'), base: join(folder, 'base'), project: '' };
    for (const side of ['head', 'base'] as const) {
      mkdirSync(places[side], { recursive: true });
      writeFileSync(join(places[side], 'package-lock.json'), side);
    }
    const program = (said: string, times: number): string => `#!/bin/sh
      echo x >> tries
      if [ $(wc -l < tries) -le ${times} ]; then echo '${said}' >&2; exit 1; fi
      mkdir node_modules`;
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const before = process.env['PATH'];
    process.env['PATH'] = `${bin}:${before}`;
    try {
      writeFileSync(join(bin, 'npm'), program('npm error code ECONNRESET', 2), { mode: 0o755 });
      const said: string[] = [];
      expect(await bringDependencies(places, undefined, ({ reason }) => said.push(reason))).toBe('installed');
      expect(said).toHaveLength(2);
      expect(said[0]).toMatch(/`npm ci .*failed in .*exit code 1.*\(npm error code ECONNRESET\)/);
      rmSync(join(places.base, 'tries'));
      writeFileSync(join(bin, 'npm'), program('npm error code EUSAGE', 1), { mode: 0o755 });
      await expect(bringDependencies(places)).rejects.toMatchObject({ code: 'command-failed' });
      expect(readFileSync(join(places.base, 'tries'), 'utf8')).toBe('x\n');
    } finally {
      process.env['PATH'] = before;
    }
  },
);

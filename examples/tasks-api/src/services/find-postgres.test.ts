import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { embeddedBinaries, isOpenToAll } from './embedded-postgres.ts';
import { findPostgres, type Places } from './find-postgres.ts';
import { scratchFolder } from './scratch-folder.ts';

let folder: string;
// Some of it is about folders that everybody may enter.
beforeAll(() => {
  const umask = process.umask(0o022);
  return () => void process.umask(umask);
});
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-find-')));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Programs that only say their version. */
function install(path: string, version: string, names = ['postgres', 'initdb']): string {
  const bin = join(folder, path);
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`, { mode: 0o755 });
  }
  return bin;
}

/** A package as npm unpacks it without scripts: with a list of links in place of links. */
function installPackage(version: string): string {
  install('package/native/bin', '18.4');
  mkdirSync(join(folder, 'package/native/lib'));
  writeFileSync(join(folder, 'package/native/lib/libx.so.1.2'), 'library');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  writeFileSync(join(folder, 'package/native/pg-symlinks.json'), JSON.stringify(links));
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify({ version }));
  return join(folder, 'package');
}

const nowhere: Places = { env: { PATH: '' }, versions: [], embedded: undefined };

describe.skipIf(process.platform === 'win32')('findPostgres', () => {
  it('takes the programs on PATH before those in folders of versions', async () => {
    const bin = install('path', '16.1 (Some 16)');
    install('versions/17/bin', '17.2');
    const found = await findPostgres({ ...nowhere, env: { PATH: bin }, versions: [join(folder, 'versions')] });
    expect(found).toEqual({ bin, from: bin, version: '16.1' });
  });

  it('takes the newest version, and none that lacks a program', async () => {
    install('versions/9/bin', '9.6');
    const newest = install('versions/15/bin', '15.3');
    install('versions/16/bin', '16.3', ['postgres']);
    install('versions/redis/bin', '7.0');
    expect(await findPostgres({ ...nowhere, versions: [join(folder, 'versions')] })).toMatchObject({
      bin: newest,
      version: '15.3',
    });
  });

  it('says where it has looked, and what helps', async () => {
    await expect(findPostgres({ ...nowhere, versions: ['/nowhere'] })).rejects.toThrow(
      /not on PATH.*not in \/nowhere.*not installed.*DATABASE_URL/,
    );
    await expect(findPostgres({ ...nowhere, env: { POSTGRES: 'docker' } })).rejects.toThrow('POSTGRES is "docker"');
  });

  it('leaves out what POSTGRES does not want', async () => {
    const bin = install('path', '16.1');
    const places = { ...nowhere, embedded: installPackage(basename(folder)) };
    const found = await findPostgres({ ...places, env: { PATH: bin, POSTGRES: 'embedded' } });
    expect(found).toMatchObject({ from: '@embedded-postgres', version: '18.4' });
    rmSync(join(found.bin, '../..'), { recursive: true });
    await expect(findPostgres({ ...places, env: { PATH: '', POSTGRES: 'local' } })).rejects.toThrow('left out');
  });
});

describe.skipIf(process.platform === 'win32')('embeddedBinaries', () => {
  it('completes a package without links in a copy, and leaves the package as it is', async () => {
    const bin = await embeddedBinaries(installPackage(basename(folder)), false);
    const link = join(bin, '../lib/libx.so.1');
    expect(readlinkSync(link)).toBe('libx.so.1.2');
    expect(existsSync(join(folder, 'package/native/lib/libx.so.1'))).toBe(false);
    expect(bin.startsWith(scratchFolder())).toBe(true);
    rmSync(join(bin, '../..'), { recursive: true });
  });

  it('copies a complete one only when the user of the database could not enter it', async () => {
    const path = installPackage(basename(folder));
    writeFileSync(join(path, 'native/pg-symlinks.json'), '[]');
    expect(await embeddedBinaries(path, true)).toBe(join(path, 'native/bin'));
    chmodSync(folder, 0o700);
    expect(isOpenToAll(path)).toBe(false);
    expect(await embeddedBinaries(path, false)).toBe(join(path, 'native/bin'));
    const copy = await embeddedBinaries(path, true);
    expect(isOpenToAll(copy)).toBe(true);
    expect(lstatSync(join(copy, 'postgres')).mode & 0o777).toBe(0o755);
    rmSync(join(copy, '../..'), { recursive: true });
  });
});

describe('scratchFolder', () => {
  it('removes what killed runs have left, and nothing of those that live', () => {
    const left = join(scratchFolder(), 'run-999999999-left');
    const alive = join(scratchFolder(), `run-${process.pid}-alive`);
    mkdirSync(join(left, 'data'), { recursive: true });
    mkdirSync(alive);
    scratchFolder();
    expect([existsSync(left), existsSync(alive)]).toEqual([false, true]);
    rmSync(alive, { recursive: true });
  });
});

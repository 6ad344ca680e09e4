import { chmod, link, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { publishByRename } from './durable-file.ts';
import { folderLog } from './folder-log.ts';
import { notWritable } from './store-error.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('folderLog', () => {
  it('puts a record where its key says, and nothing else', async () => {
    const root = await temporaryFolder();
    await folderLog(root).put('objects/ab/one.json', bytes('content'));
    expect(await readdir(root, { recursive: true })).toEqual(['objects', 'objects/ab', 'objects/ab/one.json']);
    expect(await readFile(join(root, 'objects/ab/one.json'), 'utf8')).toBe('content');
  });

  it('reads and lists no symbolic link, and writes through none', async () => {
    const [root, outside] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(outside, 'secret'), 'secret');
    await mkdir(join(root, 'objects'));
    await symlink(join(outside, 'secret'), join(root, 'objects/file'));
    await symlink(outside, join(root, 'objects/folder'));
    const log = folderLog(root);
    expect(await log.get('objects/file')).toBeUndefined();
    expect(await log.get('objects/folder/secret')).toBeUndefined();
    expect(await log.list('objects/')).toEqual(['objects/file', 'objects/folder']);
    await expect(log.put('objects/folder/new', bytes('x'))).rejects.toMatchObject({ code: 'store-not-writable' });
    await expect(log.setAside('objects/folder/secret')).rejects.toMatchObject({ code: 'store-not-writable' });
    await expect(log.list('objects/folder/')).rejects.toMatchObject({ code: 'store-not-readable' });
    expect(await log.put('objects/file', bytes('x'))).toBe('exists');
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('does not follow a link to a folder above itself', async () => {
    const above = await temporaryFolder();
    const root = join(above, 'store');
    await mkdir(root);
    await symlink(above, join(root, 'objects'));
    await expect(folderLog(root).put('objects/one', bytes('x'))).rejects.toMatchObject({ code: 'store-not-writable' });
    expect(await readdir(above)).toEqual(['store']);
  });

  it('may itself be a link', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'store'));
    const log = folderLog(join(folder, 'store'));
    await log.put('a/one', bytes('1'));
    expect(await log.list('')).toEqual(['a/one']);
    expect(await readdir(join(folder, 'real'))).toEqual(['a']);
  });

  it('moves links and foreign names away without touching what they lead to', async () => {
    const [root, outside] = [await temporaryFolder(), await temporaryFolder()];
    await writeFile(join(outside, 'kept'), 'kept');
    await mkdir(join(root, 'objects'));
    await symlink(join(outside, 'kept'), join(root, 'objects/Link to somewhere'));
    await writeFile(join(root, 'objects', 'ü'.repeat(100)), 'x');
    const log = folderLog(root);
    for (const key of await log.list('objects/')) await log.setAside(key);
    expect(await log.list('objects/')).toEqual([]);
    expect((await readdir(join(root, 'quarantine'))).length).toBe(2);
    expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('kept');
    for (const key of ['../x', 'objects/../../x', '', 'a//b']) {
      await expect(log.setAside(key)).rejects.toMatchObject({ code: 'bad-key' });
    }
  });

  it('deletes unfinished writes once nobody can be at work on them', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'objects'));
    const [old, young] = [join(root, 'objects/.writing-1-a'), join(root, 'objects/.writing-2-b')];
    for (const file of [old, young]) await writeFile(file, 'half a rec');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    await utimes(old, twoHoursAgo, twoHoursAgo);
    expect(await folderLog(root).list('')).toEqual([]);
    expect(await readdir(join(root, 'objects'))).toEqual(['.writing-2-b']);
    // Not 0: a file knows parts of the millisecond that the clock tells, and may seem to be of the future.
    await folderLog(root, { abandonedAfterMs: -1 }).list('');
    expect(await readdir(join(root, 'objects'))).toEqual([]);
  });

  it('writes all the same when a clock far ahead makes another take writes under way for abandoned ones', async () => {
    const root = await temporaryFolder();
    const [writer, hasty] = [folderLog(root), folderLog(root, { abandonedAfterMs: -1 })];
    const keys = Array.from({ length: 12 }, (_, i) => `objects/${i}`).sort();
    for (const key of keys) {
      const writing = writer.put(key, bytes(key));
      // Each takes what is under way at most once.
      for (let sweeps = 0; sweeps < 3; sweeps++) await hasty.list('');
      expect(await writing).toBe('created');
    }
    expect(await writer.list('')).toEqual(keys);
  });

  it('leaves alone what systems and editors hide in folders', async () => {
    const root = await temporaryFolder();
    await mkdir(join(root, 'objects/.git'), { recursive: true });
    for (const name of ['.DS_Store', '.nfs0001', '.git/config']) await writeFile(join(root, 'objects', name), 'x');
    expect(await folderLog(root, { abandonedAfterMs: 0 }).list('')).toEqual([]);
    expect((await readdir(join(root, 'objects'))).sort()).toEqual(['.DS_Store', '.git', '.nfs0001']);
  });

  it('is not disturbed by a second name of a record', async () => {
    const root = await temporaryFolder();
    const log = folderLog(root);
    await log.put('objects/one', bytes('1'));
    await link(join(root, 'objects/one'), join(root, 'objects/two'));
    expect(await log.list('objects/')).toEqual(['objects/one', 'objects/two']);
  });
});

describe('a file system without links', () => {
  it('gets records by renaming, once', async () => {
    const root = await temporaryFolder();
    for (const [name, outcome] of [
      ['first', 'created'],
      ['second', 'exists'],
    ] as const) {
      await writeFile(join(root, name), name);
      expect(await publishByRename(join(root, name), join(root, 'record'))).toBe(outcome);
    }
    expect(await readFile(join(root, 'record'), 'utf8')).toBe('first');
  });
});

describe('a store that cannot be used', () => {
  it('says so when a file stands where the folder should be', async () => {
    const file = join(await temporaryFolder(), 'store');
    await writeFile(file, 'not a folder');
    const log = folderLog(file);
    const problem = { exitCode: 4, hint: expect.stringContaining(file) as string };
    await expect(log.put('objects/one', bytes('1'))).rejects.toMatchObject({ code: 'store-not-writable', ...problem });
    await expect(log.list('objects/')).rejects.toMatchObject({ code: 'store-not-readable', ...problem });
    await expect(log.list('')).rejects.toMatchObject({ code: 'store-not-readable', ...problem });
    await expect(log.get('objects/one')).rejects.toMatchObject({ code: 'store-not-readable', ...problem });
    expect(await readFile(file, 'utf8')).toBe('not a folder');
  });

  it('says so when a file stands where one of its folders should be', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'objects'), 'not a folder');
    await expect(folderLog(root).put('objects/one', bytes('1'))).rejects.toMatchObject({ code: 'store-not-writable' });
  });

  it.runIf(process.platform === 'linux')(
    'says so where no folder can be made at all, instead of trying for ever',
    async () => {
      const log = folderLog('/proc/perfkeel/store');
      await expect(log.put('objects/one', bytes('1'))).rejects.toMatchObject({
        code: 'store-not-writable',
        exitCode: 4,
      });
      expect(await log.list('')).toEqual([]);
    },
  );

  it('says so when the folder is read-only, and can still be read', async () => {
    const root = await temporaryFolder();
    const log = folderLog(root);
    await log.put('objects/one', bytes('1'));
    await chmod(join(root, 'objects'), 0o555);
    const writing = log.put('objects/two', bytes('2'));
    // The superuser may write everywhere.
    if (process.getuid?.() === 0) await expect(writing).resolves.toBe('created');
    else await expect(writing).rejects.toMatchObject({ code: 'store-not-writable', exitCode: 4 });
    expect(new TextDecoder().decode(await log.get('objects/one'))).toBe('1');
    await chmod(join(root, 'objects'), 0o755);
  });

  it.each([
    ['ENOSPC', /free some space for \/data\/store/i],
    ['EROFS', /make \/data\/store a folder that you may read and write/i],
    ['EACCES', /or set "store" in perf\.config/i],
    ['ENOTDIR', /not a folder stands at \/data\/store/i],
  ])('names the remedy for %s', (code, hint) => {
    const error = notWritable(
      '/data/store/objects/one',
      '/data/store',
      Object.assign(new Error(`${code}: no`), { code }),
    );
    expect(error.message).toBe(`cannot write /data/store/objects/one: ${code}: no`);
    expect(error.hint).toMatch(hint);
    expect(error).toMatchObject({ code: 'store-not-writable', exitCode: 4 });
  });
});

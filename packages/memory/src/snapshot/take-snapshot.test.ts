import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftInGroups, memoryRoom, refuseWithoutRoom, worstFactor } from './memory-room.ts';
import { openSnapshot } from './open-snapshot.ts';
import { snapshotOf } from './snapshot-of.ts';
import type { SnapshotSource } from './snapshot-source.ts';
import { takeSnapshot } from './take-snapshot.ts';
import { startChild } from '../target/start-child.ts';
import { snapshotText } from '../../test/heap/snapshot-text.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perfkeel-take-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = snapshotText([{ edges: [{ to: 1 }] }, { name: 'Bus', size: 40 }]);
const source = (write: SnapshotSource['writeSnapshot'], heapUsed = 1000): SnapshotSource => ({
  writeSnapshot: write,
  heapUsed: () => Promise.resolve(heapUsed),
});

describe('takeSnapshot', () => {
  it.each(['a.heapsnapshot', 'b.heapsnapshot.gz', 'c.heapsnapshot.br'])(
    'writes %s, and no other file',
    async (name) => {
      const file = join(folder, name);
      const info = await takeSnapshot(file, { source: source((raw) => writeFile(raw, text)) });
      expect(info).toMatchObject({ file, heapUsed: 1000 });
      expect((await openSnapshot(file)).name(1)).toBe('Bus');
      expect((await readdir(folder)).filter((entry) => entry.includes('partial'))).toEqual([]);
      await rm(file);
    },
  );

  it.each(['full.heapsnapshot', 'full.heapsnapshot.br'])('leaves nothing of %s when there is no room', async (name) => {
    const program = join(folder, 'take.mjs');
    const take = `import { takeSnapshot } from './take-snapshot.ts';
      process.on('SIGXFSZ', () => {});
      await takeSnapshot(process.argv[2]).catch(({ code, message }) => console.log(code, message));`;
    const resolveDir = fileURLToPath(new URL('.', import.meta.url));
    const conditions = ['@perfkeel/source'];
    const stdin = { contents: take, resolveDir, loader: 'ts' } as const;
    await build({ stdin, outfile: program, bundle: true, platform: 'node', format: 'esm', conditions });
    // Files may have 200 blocks of 512 or 1024 bytes.
    const limited = `ulimit -f 200; exec "${process.execPath}" "${program}" "${join(folder, name)}"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', limited]);
    expect(stdout).toMatch(/^not-writable cannot write the snapshot .*: the disk is full; nothing was left behind$/m);
    await rm(program);
    expect(await readdir(folder)).toEqual([]);
  });

  it.runIf(existsSync('/dev/full'))('says that the disk is full where another process writes', async () => {
    const file = join(folder, 'child.heapsnapshot');
    const raw = `${file}.${process.pid}.partial.raw`;
    await symlink('/dev/full', raw);
    const target = await startChild({ command: ['node', '-e', 'setInterval(() => undefined, 1000)'] });
    const taken = takeSnapshot(file, { source: snapshotOf(target) });
    const isFull = `cannot write the snapshot ${file}: the disk is full; nothing was left behind`;
    await expect(taken).rejects.toMatchObject({ code: 'not-writable', message: isFull });
    await target.close();
    expect(existsSync(raw)).toBe(false);
  });

  it('says when the folder is missing', async () => {
    const taken = takeSnapshot(join(folder, 'none', 'x.heapsnapshot'), {
      source: source((raw) => writeFile(raw, text)),
    });
    await expect(taken).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('refuses a name that says nothing', async () => {
    await expect(takeSnapshot(join(folder, 'x.json'))).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
  });

  it('refuses a heap whose snapshot might not fit, unless it is told to', async () => {
    const huge = source((raw) => writeFile(raw, text), memoryRoom().bytes);
    const file = join(folder, 'huge.heapsnapshot');
    await expect(takeSnapshot(file, { source: huge })).rejects.toMatchObject({ code: 'not-enough-memory' });
    expect((await takeSnapshot(file, { source: huge, force: true })).bytes).toBe(text.length);
    await rm(file);
  });
});

describe('leftInGroups', () => {
  const group = async (path: string, files: Record<string, string>): Promise<void> => {
    const at = join(folder, 'groups', path);
    await mkdir(at, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(at, name), `${content}\n`);
  };
  const left = (groups: string): number | undefined => leftInGroups(groups, join(folder, 'groups'));

  it('is that of the tightest limit on the way to the root, cached pages not counted', async () => {
    await group('', { 'memory.max': 'max', 'memory.current': '900' });
    await group('batch', {
      'memory.max': '5000',
      'memory.current': '1000',
      'memory.stat': 'anon 7\ninactive_file 300',
    });
    await group('batch/job', { 'memory.max': '9000', 'memory.current': '100' });
    await group('memory/old', { 'memory.limit_in_bytes': '4000', 'memory.usage_in_bytes': '4100' });
    await group('memory', { 'memory.limit_in_bytes': '9223372036854771712', 'memory.usage_in_bytes': '4100' });
    expect(left('0::/batch/job\n')).toBe(4300);
    expect(left('0::/')).toBeUndefined();
    expect(left('')).toBeUndefined();
    // Of the first version, each controller has a path of its own.
    expect(left('9:cpu,cpuacct:/batch\n4:memory:/old\n0::/batch\n')).toBe(0);
    expect(left('4:memory:/\n0::/elsewhere/unseen')).toBeUndefined();
  });
});

describe('refuseWithoutRoom', () => {
  it('at fourteen times the heap', () => {
    const room = { bytes: 1.4e9, limit: 'control group' } as const;
    expect(worstFactor).toBe(14);
    expect(() => refuseWithoutRoom(1e8, room)).not.toThrow();
    expect(() => refuseWithoutRoom(1.01e8, room)).toThrow(
      'a snapshot of a heap of 101 MB may need 1.41 GB, and the control group has 1.4 GB left',
    );
  });
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { discover } from './discover.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'perfkeel-discover-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const file of [
  'perf/quick.perf.ts',
  'perf/view.perf.tsx',
  'perf/long/a.perf.ts',
  'perf/long/b.perf.ts',
  'other/notes.txt',
]) {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), '');
}

const found = async (...filters: string[]): Promise<string[]> => {
  const { files } = await discover(root, { exclude: ['perf/long/**'], filters });
  return files.map((file) => relative(root, file));
};

describe('perf files that are excluded', () => {
  it('are left out of everything and of the folders above theirs', async () => {
    expect(await found()).toEqual(['perf/quick.perf.ts', 'perf/view.perf.tsx']);
    expect(await found('perf')).toEqual(['perf/quick.perf.ts', 'perf/view.perf.tsx']);
  });

  it('are measured when they are named', async () => {
    expect(await found('perf/long/b.perf.ts')).toEqual(['perf/long/b.perf.ts']);
  });

  it('are said to be excluded when their folder is named, with what to do', async () => {
    await expect(found('perf/long')).rejects.toMatchObject({
      code: 'excluded-folder',
      exitCode: 2,
      message: 'all 2 perf files in perf/long are excluded: perf/long/**',
      hint: expect.stringContaining('perf/long/a.perf.ts') as string,
    });
  });

  it('are not to blame for a folder that has none', async () => {
    expect(await found('other')).toEqual([]);
  });
});

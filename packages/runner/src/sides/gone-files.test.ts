import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goneRemarks } from './gone-files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perfkeel-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('perf files that only base has are named, in the project and as its settings choose them', async () => {
  const files = ['a.perf.ts', 'old/b.perf.ts', 'skipped/c.perf.ts', '../d.perf.ts', 'e.ts'];
  for (const name of files) {
    const file = join(folder, 'base/packages/app', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  const places = { head: join(folder, 'head'), base: join(folder, 'base'), project: 'packages/app' };
  const named = async (names: string[]): Promise<string[]> =>
    (await goneRemarks(names, places, { exclude: ['skipped/**'] })).map(({ message }) => message.split(' ')[0]!);
  expect(await named(['a.perf.ts', 'new.perf.ts'])).toEqual(['old/b.perf.ts']);
  expect(await named(['a.perf.ts', join('old', 'b.perf.ts')])).toEqual([]);
  // The project itself may be new.
  expect(await goneRemarks([], { ...places, project: 'packages/new' }, {})).toEqual([]);
});

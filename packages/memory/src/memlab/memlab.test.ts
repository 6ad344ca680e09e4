import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMemlabAnalysis } from './analyses.ts';
import { memlabRetainedSizes } from './retained-sizes.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'perfkeel-memlab-test-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('runs an analysis of memlab in a process of its own', async () => {
  const file = join(folder, 'a.heapsnapshot');
  const program = `globalThis.kept = Array.from({ length: 1000 }, (_, i) => ({ i }));
    require('v8').writeHeapSnapshot(${JSON.stringify(file)})`;
  await promisify(execFile)(process.execPath, ['-e', program]);
  const text = await runMemlabAnalysis('object-fanout', [file]);
  expect(text).toMatch(/@\d+/);
  expect(text).not.toContain('calculating');
}, 120_000);

it('says that memlab is missing, and how it comes', async () => {
  const missing = memlabRetainedSizes('a.heapsnapshot', { from: join(folder, 'x.js') });
  await expect(missing).rejects.toMatchObject({ code: 'no-memlab' });
  await expect(missing).rejects.toMatchObject({ hint: expect.stringContaining('PUPPETEER_SKIP_DOWNLOAD=1') as string });
});

it('says when memlab cannot read a file', async () => {
  const file = join(folder, 'b.heapsnapshot');
  await writeFile(file, '{"some":"json"}');
  await expect(memlabRetainedSizes(file)).rejects.toMatchObject({ code: 'memlab-failed' });
}, 120_000);

it('refuses an analysis that there is not', async () => {
  const wrong = runMemlabAnalysis('nonsense' as 'string', ['a.heapsnapshot']);
  await expect(wrong).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
});

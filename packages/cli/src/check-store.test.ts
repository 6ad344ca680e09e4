import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { said } from '../test/support/said.ts';
import { checkStore } from './check-store.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'perfkeel-check-store-'));
  execFileSync('git', ['init', '--quiet', root]);
  execFileSync('git', ['-C', root, 'remote', 'add', 'team', '/nowhere.git']);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each([undefined, 'git:team', 'git+branch:team', 'git:/srv/records.git', 'git:ssh://host/a', 's3://bucket/prefix'])(
  '%s has a place',
  async (records) => {
    await expect(checkStore({ root, records })).resolves.toBeUndefined();
  },
);

it.each([
  ['git:', 'store "git:": git knows no remote origin, it has team; nothing was measured'],
  ['git+branch:records', 'git knows no remote records, it has team'],
])('%s has none', async (records, message) => {
  await expect(checkStore({ root, records })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(message) as string,
    hint: expect.stringContaining('git remote add') as string,
  });
});

it('a rehearsal, which keeps nothing, needs none, by a variable, too', async () => {
  writeFileSync(join(root, 'package.json'), '{}');
  writeFileSync(join(root, 'perf.config.mjs'), "export default { store: 'git:' };");
  expect((await said(['run'], root)).stderr).toContain('git knows no remote origin');
  expect((await said(['run'], root, { PERFKEEL_SHORT: '1' })).stderr).toContain('no perf file');
});

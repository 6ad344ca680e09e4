import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Estimate, Warning } from '@perfkeel/core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleFixture, type Bundle } from './support/fixture.ts';

interface Growth {
  readonly data: { readonly estimate: Estimate };
  readonly warnings: readonly Warning[];
}

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleFixture('explained.mjs');
});
afterAll(() => bundle.remove());

const growthOf = async (...args: string[]): Promise<Growth> => JSON.parse(await bundle.run(args)) as Growth;
const messageOf = ({ warnings }: Growth, code: string): string | undefined =>
  warnings.find((warning) => warning.code === code)?.message;

test('a leak is explained by its container, and a bound that is passed explains nothing', async () => {
  const kept = join(await mkdtemp(join(tmpdir(), 'perfkeel-kept-')), 'heap');
  onTestFinished(() => rm(dirname(kept), { recursive: true, force: true }));
  const growth = await growthOf('explain', '10', kept);
  expect(messageOf(growth, 'keeps')).toMatch(/^Map .*openSessions.*\+1 Session\d*, .* per iteration/);
  expect(messageOf(growth, 'bound-broken')).toMatch(/^open sessions holds .* of at most 10 .*bound does not hold$/);
  expect(growth.data.estimate.lo).toBeGreaterThan(800);
  expect(messageOf(growth, 'snapshots-kept')).toBe(`the snapshots are in ${kept}`);
  expect((await readdir(kept)).map((name) => name.replace(/-\d+-/, '-'))).toEqual(
    [1, 2, 3].map((number) => `growth-${number}.heapsnapshot.br`),
  );
}, 120_000);

test('a cache that is still filling leaves growth open, and is named', async () => {
  const growth = await growthOf('silent', '1e9');
  expect(messageOf(growth, 'still-filling')).toMatch(/^open sessions holds .* it is still filling$/);
  expect(messageOf(growth, 'keeps')).toBe(undefined);
  expect(growth.data.estimate.lo).toBe(0);
  expect(growth.data.estimate.warnings[0]!.message).toMatch(/^open sessions at the bound/);
});

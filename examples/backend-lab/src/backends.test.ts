import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBackends } from './backends.ts';
import { startBalancer } from './balancer.ts';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backends-'));
  program = join(folder, 'server.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('server.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    // A package in CommonJS needs `require` where everything is one module.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
});
afterAll(() => rm(folder, { recursive: true }));

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

it('starts servers of their own, which share the work and end together', async () => {
  const backends = await startBackends(program, 3, ['--bytes', '5']);
  expect(new Set(backends.urls).size).toBe(3);
  const balancer = await startBalancer(backends.urls);
  const asked = await Promise.all(Array.from({ length: 30 }, () => fetch(`${balancer.url}/work`)));
  const shares = new Map<string, number>();
  for (const response of asked) {
    expect(await response.text()).toBe('xxxxx');
    const backend = response.headers.get('x-backend')!;
    shares.set(backend, (shares.get(backend) ?? 0) + 1);
  }
  expect([...shares.values()]).toEqual([10, 10, 10]);
  backends.close();
  await balancer.close();
  await expect.poll(() => Promise.all(backends.urls.map(answers)), { timeout: 10_000 }).toEqual([false, false, false]);
});

it('says when one does not start', async () => {
  await expect(startBackends(program, 2, ['--workers', '0'])).rejects.toThrow('a backend ended with code 2');
});

import { readFile } from 'node:fs/promises';
import type { Bundle } from '../bundle.ts';

/** The module of a bundle without comments and without what only people read. */
export async function bundleText({ file }: Pick<Bundle, 'file'>): Promise<string> {
  const esbuild = await import('esbuild');
  const { code } = await esbuild.transform(await readFile(file, 'utf8'), {
    format: 'esm',
    minifyWhitespace: true,
    legalComments: 'none',
  });
  return code;
}

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFile } from './bundle.ts';

type Companion = 'harness' | 'supervisor';
const bundled = new Map<Companion, Promise<string>>();

/**
 * The file of a helper process. Published, it stands beside this one as JavaScript; run from source, it is bundled
 * once, because a plain Node process cannot run TypeScript that has dependencies.
 */
export function companionFile(name: Companion): Promise<string> {
  const published = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  if (existsSync(published)) return Promise.resolve(published);
  let file = bundled.get(name);
  if (!file) {
    const source = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    const outdir = join(tmpdir(), `perfkeel-source-${process.getuid?.() ?? 'user'}`);
    file = bundleFile(source, { outdir, conditions: ['@perfkeel/source'] }).then((bundle) => bundle.file);
    bundled.set(name, file);
  }
  return file;
}

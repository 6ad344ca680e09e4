import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ExitCode, PerfError, messageOf, usageError } from '@perfkeel/core';
import { notWritable } from '@perfkeel/runner';
import type { Io } from '../io.ts';

const config = `import { defineConfig } from 'perfkeel';

export default defineConfig({});
`;

const example = `import { bench } from 'perfkeel';

const order = JSON.stringify({ id: 1, lines: Array.from({ length: 20 }, (_, i) => ({ sku: \`sku-\${i}\`, count: i })) });

bench('parse one order', {
  run: () => JSON.parse(order) as unknown,
  objectives: ['median < 1ms'],
});
`;

/** Whether a folder belongs to an Nx workspace: there a script called perf would replace the inferred target. */
function inNxWorkspace(from: string): boolean {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** `perfkeel init`: writes what is missing and says what it did. */
export async function initCommand(options: { readonly dir?: string }, io: Io): Promise<number> {
  const root = resolve(io.cwd, options.dir ?? '.');
  try {
    await writeMissing(root, 'perf.config.ts', config, io);
    await writeMissing(root, join('perf', 'example.perf.ts'), example, io);
    await ignoreResults(root, io);
    await addScript(root, io);
  } catch (error) {
    throw error instanceof PerfError ? error : notWritable(root, error);
  }
  io.stdout.write('\nNext: npx perfkeel run\n');
  return ExitCode.Ok;
}

async function writeMissing(root: string, name: string, text: string, io: Io): Promise<void> {
  const file = join(root, name);
  if (existsSync(file)) {
    io.stdout.write(`  kept   ${name}\n`);
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  io.stdout.write(`  wrote  ${name}\n`);
}

async function ignoreResults(root: string, io: Io): Promise<void> {
  const file = join(root, '.gitignore');
  const present = await readFile(file, 'utf8').catch(() => '');
  if (/^\/?\.perf\/?$/m.test(present)) return;
  await appendFile(file, `${present === '' || present.endsWith('\n') ? '' : '\n'}.perf\n`);
  io.stdout.write('  wrote  .gitignore (.perf)\n');
}

function parseManifest(text: string, file: string): { scripts?: Record<string, string> } {
  try {
    return JSON.parse(text) as { scripts?: Record<string, string> };
  } catch (error) {
    throw usageError(`${file} is not JSON: ${messageOf(error)}`, {
      code: 'bad-manifest',
      hint: 'Correct it, then run init again.',
    });
  }
}

async function addScript(root: string, io: Io): Promise<void> {
  const file = join(root, 'package.json');
  if (!existsSync(file) || inNxWorkspace(root)) return;
  const text = await readFile(file, 'utf8');
  const manifest = parseManifest(text, file);
  if (manifest.scripts?.['perf'] !== undefined) return;
  manifest.scripts = { ...manifest.scripts, perf: 'perfkeel run' };
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  await writeFile(file, `${JSON.stringify(manifest, null, indent)}\n`);
  io.stdout.write('  wrote  package.json (script "perf")\n');
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, transform, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBare, packageOf } from '../source.ts';
import { packages, root, type Workspace } from '../workspace.ts';
import { masked } from './mask.ts';

/**
 * Runs the programs of every package README, from source, and holds what they print against what the README shows.
 * Numbers differ from run to run and from machine to machine, so each is compared by its kind only.
 */
interface Example {
  /** `packages/core, program 1` */
  readonly name: string;
  readonly path: string;
  readonly program: string;
  readonly output: string | undefined;
}

const ownNames = new Set(packages.map(({ manifest }) => manifest.name));

/**
 * Every `ts` block with a `text` block as the next one: it stands alone, and this is what it prints. So does the first `ts`
 * block, which needs one; others without are parts of programs.
 */
function examplesOf(path: string, markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)];
  const programs = blocks.flatMap(([, language, program = ''], i) => {
    if (language !== 'ts') return [];
    const [, following, output] = blocks[i + 1] ?? [];
    return [{ program, output: following === 'text' ? output : undefined }];
  });
  return programs.flatMap((each, i) =>
    i === 0 || each.output !== undefined ? [{ name: `${path}, program ${i + 1}`, path, ...each }] : [],
  );
}

function readExamples({ path }: Workspace): Example[] {
  const file = join(root, path, 'README.md');
  return existsSync(file) ? examplesOf(path, readFileSync(file, 'utf8')) : [];
}

/** Sources find their neighbours by `import.meta.url`, which has to stay their own inside a bundle. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]packages[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const define = { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) };
      const options = { loader: 'ts', define, sourcefile: path, sourcemap: 'inline', target: 'node20' } as const;
      return { contents: (await transform(readFileSync(path, 'utf8'), options)).code, loader: 'js' };
    });
  },
};

/** Takes the workspace's packages in, and leaves the others outside: at the very copy that their importer sees. */
const thirdPartyOutside: Plugin = {
  name: 'third-party-outside',
  setup(esbuild) {
    esbuild.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === 'resolving' || !isBare(path) || ownNames.has(packageOf(path))) return undefined;
      const found = await esbuild.resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' });
      if (found.errors.length > 0 || found.external) return { path, external: true };
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

async function bundle(program: string, folder: string, outfile: string): Promise<void> {
  await build({
    stdin: { contents: program, loader: 'ts', resolveDir: join(root, folder), sourcefile: 'README.md.ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@perfkeel/source'],
    sourcemap: 'inline',
    plugins: [ownUrls, thirdPartyOutside],
    logLevel: 'silent',
  });
}

/** What a program prints; it must end by itself and well. */
async function run(file: string, cwd: string): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: '1' }, timeout: 50_000 };
  const ended = promisify(execFile)(process.execPath, ['--enable-source-maps', file], options);
  const { stdout } = await ended.catch((error: { stdout?: string; stderr?: string; message: string }) => {
    throw new Error(`the program failed: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  });
  return stdout;
}

/** A busy machine can turn a word of a verdict once; a README that is out of date fails again. */
const twiceAtMost = { timeout: 60_000, retry: 1 };

describe('the programs of the documentation', () => {
  const cache = join(root, 'node_modules/.cache');
  let bundles = '';
  let cwd = '';

  beforeAll(() => {
    mkdirSync(cache, { recursive: true });
    bundles = mkdtempSync(join(cache, 'readme-'));
    cwd = mkdtempSync(join(tmpdir(), 'perfkeel-readme-'));
  });

  afterAll(() => {
    for (const folder of [bundles, cwd]) rmSync(folder, { recursive: true, force: true });
  });

  const examples = packages.flatMap(readExamples);

  it.each(examples)('$name runs and prints what it shows', twiceAtMost, async (example) => {
    const file = join(bundles, `${example.name.replaceAll(/\W+/g, '-')}.mjs`);
    await bundle(example.program, example.path, file);
    const stdout = await run(file, cwd);
    expect(example.output, 'the program needs its output behind it, in a ```text block').toBeDefined();
    expect(masked(stdout), `the README is out of date; the program printed:\n\n${stdout}`).toBe(
      masked(example.output ?? ''),
    );
  });

  it('CONTRIBUTING.md shows a kind that measures', async () => {
    const [{ program } = { program: '' }] = examplesOf('.', readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));
    const use = `console.log(JSON.stringify(await size('this file', process.argv[1]).instrument()));`;
    const file = join(bundles, 'contributing.mjs');
    await bundle(`${program}\n${use}`, 'packages/core', file);
    const data = { kind: 'exact', value: statSync(file).size };
    expect(JSON.parse(await run(file, cwd))).toEqual({ measurements: [{ metric: 'size', data }] });
  });
});

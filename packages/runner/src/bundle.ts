import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PerfError, messageOf, usageError } from '@perfkeel/core';
import { shownPath } from './shown-path.ts';
import { placeBanner, placeDefinitions, sourcesKeepTheirPlace } from './sources-keep-their-place.ts';
import type { BuildFailure, BuildResult, Message, Metafile, Plugin, PluginBuild } from 'esbuild';

/** A TypeScript file as one plain module that Node can run without a loader. */
export interface Bundle {
  /** The user's file. */
  readonly source: string;
  /** The module to import. */
  readonly file: string;
  /** SHA-256 of the code, in hexadecimal: what a benchmark of it measures. */
  readonly hash: string;
  /** Every source file inside, absolute. */
  readonly inputs: readonly string[];
  /** What it leaves to be found when it runs, by every name that is written out: `zod`, `node:fs`, `file:///…`. */
  readonly imports: readonly string[];
}

export interface BundleOptions {
  /** Where results go; the bundle must be below the project, so that its packages are found. */
  readonly outdir: string;
  /** Export conditions, such as a workspace's own source condition. */
  readonly conditions?: readonly string[];
}

/**
 * Bundles a file with esbuild and writes it below `outdir`.
 *
 * Perf files never go through a loader: module runners and name-keeping transforms distort what is measured by one to
 * two orders of magnitude. Packages stay outside the bundle, so that what is measured is what is installed; only a
 * package that resolves to TypeScript source, which plain Node cannot run, is taken in.
 *
 * @throws PerfError `does-not-compile` (exit 2) with the user's own line, or `not-writable` (exit 4).
 */
export async function bundleFile(source: string, options: BundleOptions): Promise<Bundle> {
  const result = await build(source, options);
  const code = result.outputFiles.find(({ path }) => path.endsWith('.js'))!.text;
  const map = result.outputFiles.find(({ path }) => path.endsWith('.map'))!.text;
  const hash = createHash('sha256')
    .update(code.replace(/\/\/# sourceMappingURL.*$/m, ''))
    .digest('hex');
  const name = `${plainName(source)}-${hash.slice(0, 12)}.mjs`;
  const file = join(options.outdir, name);
  await write(file, `${code.replace(/\/\/# sourceMappingURL.*\n?$/m, '')}//# sourceMappingURL=${name}.map\n`, map);
  const inputs = Object.keys(result.metafile.inputs).map((input) => resolve(dirname(source), input));
  return { source, file, hash, inputs, imports: importsOf(result.metafile) };
}

/** Letters: a name that a file system takes with what is put behind it. */
const longestName = 40;

/** The file's name without what would mean something in the url of its source map. */
const plainName = (source: string): string =>
  basename(source)
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .slice(-longestName);

const importsOf = ({ outputs }: Metafile): string[] => [
  ...new Set(
    Object.values(outputs)
      .flatMap(({ imports }) => imports.map(({ path }) => path))
      .map((path) => (isAbsolute(path) ? pathToFileURL(path).href : path)),
  ),
];

const requireBanner =
  "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);";

type Built = BuildResult<{ write: false; metafile: true }>;

async function build(source: string, { outdir, conditions = [] }: BundleOptions): Promise<Built> {
  const esbuild = await import('esbuild');
  // What is resolved from there needs the folder; whoever writes into it says what is wrong with it.
  await mkdir(outdir, { recursive: true }).catch(() => undefined);
  try {
    return await esbuild.build({
      absWorkingDir: dirname(source),
      entryPoints: [source],
      // Never written there: it makes the paths in the source map relative to the right folder.
      outfile: join(outdir, 'bundle.js'),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node}`,
      // keepNames wraps every function in a call: measured as 86 times slower closures.
      keepNames: false,
      sourcemap: 'linked',
      sourcesContent: false,
      conditions: [...conditions],
      logLevel: 'silent',
      // CommonJS that is taken in may call require.
      banner: { js: `${requireBanner} ${placeBanner}` },
      define: { ...placeDefinitions },
      plugins: [packagesStayOutside(outdir), sourcesKeepTheirPlace(outdir)],
    });
  } catch (error) {
    throw asCompileError(error, source);
  }
}

/** Keeps installed packages external. Paths and own sources go on to esbuild. */
function packagesStayOutside(outdir: string): Plugin {
  return {
    name: 'packages-stay-outside',
    setup(build) {
      build.onResolve({ filter: /^[^./#]|^\.[^./]/ }, async (args) => {
        if (args.pluginData === 'resolving' || args.kind === 'entry-point' || isAbsolute(args.path)) return undefined;
        if (args.path.startsWith('node:')) return { path: args.path, external: true };
        return await classify(build, outdir, args);
      });
    },
  };
}

type ResolveArguments = Parameters<Parameters<PluginBuild['onResolve']>[1]>[0];

async function classify(build: PluginBuild, outdir: string, args: ResolveArguments) {
  const { path, importer, resolveDir, kind } = args;
  const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: 'resolving' });
  // esbuild's own message says more than the errors handed out here.
  if (found.errors.length > 0) return undefined;
  if (found.external) return { path, external: true };
  if (/\.[cm]?tsx?$/.test(found.path)) return undefined;
  // By its name the bundle, which lies elsewhere, may find another version, or nothing.
  const there = await build.resolve(path, { resolveDir: outdir, kind, pluginData: 'resolving' });
  if (there.errors.length === 0 && there.path === found.path) return { path, external: true };
  // Only an import takes a url.
  return { path: kind.startsWith('require') ? found.path : pathToFileURL(found.path).href, external: true };
}

function asCompileError(error: unknown, source: string): PerfError {
  const [first] = (error as Partial<BuildFailure>).errors ?? [];
  if (!first)
    return new PerfError(`${source} could not be bundled: ${messageOf(error)}`, {
      code: 'bundle-failed',
      cause: error,
    });
  return usageError(`${shownPath(source)} does not compile: ${first.text}`, {
    code: 'does-not-compile',
    hint: compileHint(first),
    location: first.location
      ? {
          file: resolve(dirname(source), first.location.file),
          line: first.location.line,
          column: first.location.column + 1,
        }
      : { file: source, line: 1, column: 1 },
  });
}

function compileHint(message: Message): string {
  const [, name] = /^Could not resolve "([^"]+)"/.exec(message.text) ?? [];
  if (name === undefined) return 'Fix the syntax; nothing was measured.';
  const unbuilt = message.notes.some(({ text }) => text.includes('not found on the file system'));
  if (unbuilt) return `${name} is there, but the file that its package.json exports is not: build it first.`;
  return name.startsWith('.') ? `Is the path right? "${name}" is relative to this file.` : installHint(name);
}

/** What to do about a package that is not there. @param specifier of the import; `perfkeel/extra` is of `perfkeel` */
export function installHint(specifier: string): string {
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [specifier];
  return `Install it: npm install --save-dev ${name}`;
}

/** Written only when it differs: the same bundle may be running in another process. */
async function write(file: string, code: string, map: string): Promise<void> {
  try {
    const before = await Promise.all(
      [file, `${file}.map`].map((path) => readFile(path, 'utf8').catch(() => undefined)),
    );
    if (before[0] === code && before[1] === map) return;
    await mkdir(dirname(file), { recursive: true });
    await writeWhole(`${file}.map`, map);
    await writeWhole(file, code);
  } catch (error) {
    throw notWritable(dirname(file), error);
  }
}

/** Another process may be importing it: a reader sees all of a file or none of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}

/** A disk that is full or read-only. */
export function notWritable(folder: string, cause: unknown): PerfError {
  return new PerfError(`cannot write to ${folder}: ${messageOf(cause)}`, {
    code: 'not-writable',
    hint: 'Free some space, or make the folder writable.',
    cause,
  });
}

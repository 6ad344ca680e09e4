import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, sep } from 'node:path';
import type { Loader, Plugin } from 'esbuild';

/** Statements at the top of every bundle, which the constants of each source file stand on. */
export const placeBanner =
  "import { fileURLToPath as __perfkeel_path } from 'node:url'; const __perfkeel_bundle = import.meta.url;";

/** What a source file writes for its own place, and the constant that stands for it in the bundle. */
export const placeDefinitions: Readonly<Record<string, string>> = {
  'import.meta.url': '__perfkeel_url',
  'import.meta.filename': '__perfkeel_file',
  'import.meta.dirname': '__perfkeel_dir',
  __filename: '__perfkeel_file',
  __dirname: '__perfkeel_dir',
};

const speaksOfPlace = /\bimport\.meta\b|\b__dirname\b|\b__filename\b/;
const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
};

/** Relative to the bundle, so that the same code in another folder is the same bundle. */
function constants(file: string, outdir: string): string {
  const url = (path: string): string => {
    const steps = relative(outdir, path).split(sep).map(encodeURIComponent).join('/');
    return `new URL(${JSON.stringify(steps)}, __perfkeel_bundle)`;
  };
  return [
    `const __perfkeel_url = ${url(file)}.href`,
    `__perfkeel_file = __perfkeel_path(${url(file)})`,
    `__perfkeel_dir = __perfkeel_path(${url(dirname(file))});`,
  ].join(', ');
}

/** A fixture beside a source file is found from that file, although the bundle lies elsewhere. */
export const sourcesKeepTheirPlace = (outdir: string): Plugin => ({
  name: 'sources-keep-their-place',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path }) => {
      if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
      const text = await readFile(path, 'utf8');
      if (!speaksOfPlace.test(text)) return undefined;
      // On the first line, so that the lines of the user keep their numbers; a line for the shell stays the first.
      const [, shell = '', rest = ''] = /^(#!.*\n)?([\s\S]*)$/.exec(text) ?? [];
      return { contents: `${shell}${constants(path, outdir)} ${rest}`, loader: loaders[extname(path)] ?? 'js' };
    });
  },
});

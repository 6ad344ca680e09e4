import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFile, type Bundle } from '../bundle.ts';
import { bundleText } from '../sides/bundle-text.ts';
import { nulList, tryGit } from '../sides/git.ts';
import { packageFolder, packagesOutside } from '../sides/packages-outside.ts';
import { isInside } from '../sides/worktree.ts';
import type { Situation } from './situation.ts';

/** A perf file, and how it is bundled. */
export interface PerfFile {
  /** Absolute and real. */
  readonly source: string;
  /** The folder of its project, absolute and real: that of perf.config. */
  readonly root: string;
  readonly conditions: readonly string[];
}

/** What a perf file takes in and leaves outside, from the top of the repository with `/`. */
export interface PerfInputs {
  readonly bundle: Bundle;
  /** Every file inside of the bundle. */
  readonly files: ReadonlySet<string>;
  /** What it imports when it runs: names of packages. */
  readonly packages: readonly string[];
  /** The same by place, for packages that cannot be seen from the project. */
  readonly placed: readonly string[];
  /** Folders of own packages of which built output is executed. */
  readonly built: readonly string[];
  /** An import that is computed while it runs. */
  readonly dynamic: boolean;
  /** The module without comments. */
  readonly text: string;
}

/** Bundles a perf file and looks at what is in it. @throws PerfError `does-not-compile` with the user's own line. */
export async function readPerfInputs(
  { source, root, conditions }: PerfFile,
  { toplevel, tracked }: Pick<Situation, 'toplevel' | 'tracked'>,
): Promise<PerfInputs> {
  const bundle = await bundleFile(source, { outdir: join(root, '.perf', 'bundles'), conditions });
  const inputs = await Promise.all(bundle.inputs.map((path) => realpath(path).catch(() => path)));
  const { imports } = bundle;
  const text = await bundleText(bundle);
  const { own } = await packagesOutside([bundle], toplevel);
  const generated = (await ignoredBy(toplevel, tracked, inputs)).map((path) =>
    packageFolder(toplevel, join(toplevel, path)),
  );
  return {
    bundle,
    files: new Set(inputs.map((path) => slashed(toplevel, path))),
    packages: imports.flatMap(
      (path) => /^(?:@[^/]+\/)?[^/:@.][^/:]*/.exec(path.startsWith('node:') ? '' : path)?.[0] ?? [],
    ),
    placed: imports.flatMap((path) => (path.startsWith('file:') ? [slashed(toplevel, fileURLToPath(path))] : [])),
    built: [...new Set([...own, ...generated].map((folder) => slashed(toplevel, folder)))],
    dynamic: /(?<![$\w.])(?:import|(?:__)?require)\(\s*(?!["'\s)])/.test(text),
    text,
  };
}

const slashed = (toplevel: string, path: string): string => relative(toplevel, path).split(sep).join('/');

/** Inputs that git does not keep: their changes are not seen, only those of what they are made from. */
async function ignoredBy(toplevel: string, tracked: ReadonlySet<string>, inputs: readonly string[]): Promise<string[]> {
  const own = inputs.filter((path) => isInside(toplevel, path)).map((path) => slashed(toplevel, path));
  const others = own.filter((path) => !tracked.has(path) && !path.split('/').includes('node_modules'));
  if (others.length === 0 || !existsSync(join(toplevel, '.git'))) return [];
  return nulList((await tryGit(toplevel, ['check-ignore', '-z', '--stdin'], `${others.join('\0')}\0`)).stdout);
}

import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { bundleFile } from '../bundle.ts';
import { bundleText } from '../sides/bundle-text.ts';
import { isBelow } from './project-graph.ts';
import type { Cause } from './selection.ts';
import { folderOf, type Situation } from './situation.ts';
import { fromTop } from './workspace.ts';

const configName = /^perf\.config\.[cm]?[jt]s$/;

/** Where a perf.config is, or was. */
export interface SettingsPlace {
  /** Absolute and real. */
  readonly root: string;
  readonly conditions: readonly string[];
}

/**
 * What changed in the settings of a project: its perf.config, a module that this one imports, or a file or folder that it
 * names. One that is gone counts, too.
 */
export async function settingsCause(place: SettingsPlace, situation: Situation): Promise<Cause | undefined> {
  const { changes, toplevel } = situation;
  const folder = fromTop(toplevel, place.root);
  const cause = (path: string, note: string): Cause => ({ sure: true, what: path, chain: [], note });
  const own = changes.find(({ path }) => folderOf(path) === folder && configName.test(posix.basename(path)));
  if (own !== undefined) return cause(own.path, 'settings of the benchmarks');
  if (changes.length === 0) return undefined;
  const read = await readSettings(place, situation);
  if (read === undefined) return undefined;
  const imported = changes.find(({ path }) => read.files.has(path));
  if (imported !== undefined) return cause(imported.path, 'settings of the benchmarks');
  const named = changes.find(({ path }) => read.named.some((name) => isBelow(name, path)));
  return named && cause(named.path, 'perf.config names it');
}

interface Settings {
  /** What it takes in, from the top. */
  readonly files: ReadonlySet<string>;
  /** What its texts may name, from the top. */
  readonly named: readonly string[];
}

async function readSettings(
  { root, conditions }: SettingsPlace,
  { toplevel }: Situation,
): Promise<Settings | undefined> {
  const name = (await readdir(root)).find((each) => configName.test(each));
  if (name === undefined) return undefined;
  const bundle = await bundleFile(join(root, name), { outdir: join(root, '.perf', 'bundles'), conditions });
  const text = await bundleText(bundle);
  const folder = fromTop(toplevel, root);
  const named = [...text.matchAll(/(["'`])((?:\\.|(?!\1).)*)\1/gs)].flatMap(
    ([, , word]) => pathIn(folder, word!) ?? [],
  );
  return { files: new Set(bundle.inputs.map((path) => fromTop(toplevel, path))), named };
}

/** A word as a path from the top; `undefined` for a glob, and for a name that is no path to something inside. */
function pathIn(folder: string, word: string): string | undefined {
  const looksLikePath = /^\.{1,2}\/|[^/]\.\w+$|\/$/.test(word) && !/[*?{}\n]|^[\w@-]+:|^\//.test(word);
  if (!looksLikePath) return undefined;
  const path = posix.join(folder, word).replace(/\/$/, '');
  return path === '.' || path === folder || path.startsWith('..') || isBelow(path, folder) ? undefined : path;
}

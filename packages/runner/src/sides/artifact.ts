import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { glob } from 'tinyglobby';
import type { Bundle } from '../bundle.ts';
import type { PlannedBenchmark } from '../plan.ts';
import { bundleText } from './bundle-text.ts';
import { classOfFile } from './changed-files.ts';
import { callsBundle, startsOthers } from './in-process.ts';
import { packageFolder, packagesOutside } from './packages-outside.ts';

/** A hash of what a benchmark executes. Equal on both sides: no change of code can have made it slower. */
export type Artifact = string;

export interface ArtifactOptions {
  readonly toplevel: string;
  /** Files that differ between the sides, from the top of the repository. */
  readonly changed: readonly string[];
  /** Which side: part of the hash of what cannot be seen, so that it is never equal. */
  readonly side: 'base' | 'head';
  /** What was found out about bundles before, by their files. */
  readonly known: KnownBundles;
}

export type KnownBundles = Map<string, Promise<BundleParts>>;

/**
 * The artifacts of benchmarks by id: their bundle without the names of folders, the packages outside of it with
 * everything that these need, and, where something that changed may reach a benchmark by another way, a mark that makes
 * the sides differ. When unsure, it is measured.
 */
export async function artifactsOf(
  benchmarks: readonly PlannedBenchmark[],
  options: ArtifactOptions,
): Promise<Map<string, Artifact>> {
  const { known, changed, toplevel, side } = options;
  const artifacts = benchmarks.map(async (benchmark) => {
    const { bundle, plan } = benchmark;
    const parts = known.get(bundle.file) ?? bundleParts(bundle, options);
    known.set(bundle.file, parts);
    const { text, packages, folders } = await parts;
    const unseen = changed.some((path) => mayReach(path, benchmark, text, folders, toplevel));
    return [plan.id, hashOf([text, ...packages, ...(unseen ? [side] : [])])] as const;
  });
  return new Map(await Promise.all(artifacts));
}

export interface BundleParts {
  readonly text: string;
  readonly packages: readonly string[];
  /** Own packages from which something is executed, from the top of the repository. */
  readonly folders: ReadonlySet<string>;
}

async function bundleParts(bundle: Bundle, { toplevel }: ArtifactOptions): Promise<BundleParts> {
  const { own, installed } = await packagesOutside([bundle], toplevel);
  const files = [bundle.source, ...bundle.inputs];
  const folders = [...own, ...files.map((file) => packageFolder(toplevel, file))];
  return {
    text: await textOf(bundle, toplevel),
    packages: [...installed, ...(await Promise.all(own.map((folder) => contentOf(folder, toplevel))))],
    folders: new Set(folders.map((folder) => relative(toplevel, folder).split(sep).join('/'))),
  };
}

/** Without comments, and with the same name for every place. */
async function textOf(bundle: Bundle, toplevel: string): Promise<string> {
  return (await bundleText(bundle))
    .replaceAll(pathToFileURL(toplevel).href, 'file:///')
    .replaceAll(toplevel, '')
    .replace(/(\.\.\/){3,}/g, '../../../');
}

/** Everything in a package that may be executed or read, built output included. */
async function contentOf(folder: string, toplevel: string): Promise<string> {
  const place = relative(toplevel, folder).split(sep).join('/');
  const hash = createHash('sha256').update(place);
  const paths = await glob('**', {
    cwd: folder,
    dot: true,
    ignore: ['**/node_modules/**', '**/.git/**', '**/.perf/**'],
  });
  for (const path of paths.sort()) {
    if (classOfFile(path) === 'inert' || /\.tsbuildinfo$|\.map$/.test(path)) continue;
    hash.update(`\0${path}\0`).update(await readFile(join(folder, path)));
  }
  return hash.digest('hex');
}

/** Load comes from the measuring process, too, out of what is in the bundle; its target is looked at by itself. */
const inProcess: ReadonlySet<string> = new Set([...callsBundle, 'load', 'capacity', 'concurrency']);

/** Whether a changed file may decide what a benchmark does although neither its bundle nor its packages show it. */
function mayReach(
  path: string,
  { plan, target, bundle }: PlannedBenchmark,
  text: string,
  folders: ReadonlySet<string>,
  toplevel: string,
): boolean {
  const kind = classOfFile(path);
  if (kind === 'inert') return false;
  const alone = inProcess.has(plan.kind) && target?.kind !== 'command' && !startsOthers.test(text);
  if (!alone) return true;
  if (kind !== 'data' || bundle.inputs.includes(join(toplevel, path))) return false;
  const folder = relative(toplevel, packageFolder(toplevel, join(toplevel, path)))
    .split(sep)
    .join('/');
  return folder === '' || folders.has(folder);
}

function hashOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex');
}

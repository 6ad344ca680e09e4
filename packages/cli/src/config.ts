import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isRemoteStore } from '@perfkeel/baseline';
import { locating, parseDuration, parsePercent, usageError, type PerfConfig, type Tolerance } from '@perfkeel/core';
import { parseConfig } from '@perfkeel/core/schema';
import { bundleFile } from '@perfkeel/runner';
import type { ComparisonPolicy } from '@perfkeel/baseline';
import { importDefault } from './import-default.ts';
import type { Io } from './io.ts';

/** What counts as a change between two runs. */
export type Change = Pick<ComparisonPolicy, 'warn' | 'fail' | 'rules'>;

/** The configuration with every default filled in and every quantity understood. */
export interface ResolvedConfig {
  /** The folder of perf.config; without one, that of the nearest package.json. */
  readonly root: string;
  /** The perf.config file, when there is one. */
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** The folder of results, absolute. */
  readonly store: string;
  /** Where records are when not in that folder: `git:origin`, `postgres://…`, `s3://…`. */
  readonly records?: string | undefined;
  readonly conditions: readonly string[];
  readonly tolerance: Tolerance;
  /** The baseline to compare with when none is named. */
  readonly against: string;
  /** What counts as a change, in general and for some metrics of some benchmarks. */
  readonly change: Change;
  readonly roundTimeoutMs: number;
}

const names = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((extension) => `perf.config.${extension}`);

/** Finds perf.config in a folder or above it, up to the folder of the nearest package.json. */
function findConfig(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (existsSync(join(folder, 'package.json')) || dirname(folder) === folder) return undefined;
  }
}

/** Without perf.config: the folder of the nearest package.json, so that sub-folders share one store. */
function projectFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return from;
  }
}

/** Export conditions for everything that is bundled, such as a workspace's own source condition. */
const extraConditions = (env: Io['env']): string[] =>
  (env['PERFKEEL_CONDITIONS'] ?? '').split(',').filter((condition) => condition !== '');

/** Reads perf.config of a project. @throws PerfError (exit 2) when the folder is missing or the file is wrong. */
export async function loadConfig(io: Io, dir?: string): Promise<ResolvedConfig> {
  const folder = resolve(io.cwd, dir ?? '.');
  if (!existsSync(folder)) {
    throw usageError(`the folder ${folder} does not exist`, { code: 'no-such-folder', hint: 'Correct --dir.' });
  }
  const file = findConfig(folder);
  const conditions = extraConditions(io.env);
  const written = file === undefined ? {} : await readConfig(file, conditions);
  if (file === undefined) return resolveConfig({}, projectFolder(folder), undefined, conditions);
  return locating({ file, line: 1, column: 1 }, () => resolveConfig(written, dirname(file), file, conditions));
}

async function readConfig(file: string, conditions: readonly string[]): Promise<PerfConfig> {
  const bundle = await bundleFile(file, { outdir: join(dirname(file), '.perf', 'bundles'), conditions });
  const written = await importDefault(bundle.file, file);
  if (written === undefined) {
    throw usageError(`${file} exports no configuration`, {
      code: 'bad-config',
      hint: 'Write `export default defineConfig({})`.',
    });
  }
  return locating({ file, line: 1, column: 1 }, () => parseConfig(written, file));
}

interface Levels {
  readonly warn: number;
  readonly fail: number;
}

/** Two shares of which the second is never the smaller: the one that is written moves the one that is not. */
function levels(written: { readonly warn?: string; readonly fail?: string }, defaults: Levels): Levels {
  const warn = written.warn === undefined ? undefined : parsePercent(written.warn);
  const fail = written.fail === undefined ? undefined : parsePercent(written.fail);
  const resolved = {
    warn: warn ?? Math.min(defaults.warn, fail ?? defaults.warn),
    fail: fail ?? Math.max(defaults.fail, warn ?? defaults.fail),
  };
  if (resolved.warn <= resolved.fail) return resolved;
  throw usageError(`it warns from ${written.warn} and fails from ${written.fail}, which is less`, {
    code: 'bad-config',
    hint: 'Let `warn` be the smaller of the two.',
    excerpt: written.warn,
  });
}

/** The limits of comparisons; a rule takes what it leaves out from those for everything. */
function changeOf(written: NonNullable<PerfConfig['compare']>): Change {
  const general = levels(written, { warn: 0.05, fail: 0.1 });
  const rules = (written.rules ?? []).map((rule) => {
    const { benchmark, metric } = rule;
    return { benchmark, metric, ...levels(rule, general) };
  });
  return { ...general, rules };
}

const storeOf = (root: string, written: string): Pick<ResolvedConfig, 'store' | 'records'> =>
  isRemoteStore(written) ? { store: resolve(root, '.perf'), records: written } : { store: resolve(root, written) };

/** Fills in the defaults. Pure. @throws PerfError `bad-config` or `bad-quantity`, exit code 2. */
export function resolveConfig(
  written: PerfConfig,
  root: string,
  file?: string,
  conditions: readonly string[] = [],
): ResolvedConfig {
  const { tolerance = {}, compare = {} } = written;
  return {
    root,
    file,
    name: written.name,
    include: written.include,
    exclude: written.exclude,
    ...storeOf(root, written.store ?? '.perf'),
    conditions: [...conditions, ...(written.conditions ?? [])],
    tolerance: levels(tolerance, { warn: 0, fail: 0 }),
    against: compare.against ?? 'main',
    change: changeOf(compare),
    roundTimeoutMs: parseDuration(written.roundTimeout ?? '5m') / 1e6,
  };
}

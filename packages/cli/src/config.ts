import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  PerfError,
  locating,
  messageOf,
  parseDuration,
  parsePercent,
  usageError,
  type PerfConfig,
  type Tolerance,
} from '@perfkeel/core';
import { parseConfig } from '@perfkeel/core/schema';
import { bundleFile } from '@perfkeel/runner';
import type { Io } from './io.ts';

/** The configuration with every default filled in and every quantity understood. */
export interface ResolvedConfig {
  /** The folder of perf.config, or the current one without it. */
  readonly root: string;
  /** The perf.config file, when there is one. */
  readonly file?: string | undefined;
  readonly name?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Absolute. */
  readonly store: string;
  readonly conditions: readonly string[];
  readonly tolerance: Tolerance;
  /** The baseline to compare with when none is named. */
  readonly against: string;
  /** What counts as a change. */
  readonly change: { readonly warn: number; readonly fail: number };
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
  return resolveConfig(written, file === undefined ? folder : dirname(file), file, conditions);
}

async function readConfig(file: string, conditions: readonly string[]): Promise<PerfConfig> {
  const bundle = await bundleFile(file, { outdir: join(dirname(file), '.perf', 'bundles'), conditions });
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(bundle.file).href)) as { default?: unknown };
  } catch (error) {
    if (error instanceof PerfError) throw error;
    throw usageError(`${file} throws: ${messageOf(error)}`, {
      code: 'bad-config',
      hint: 'Correct it; nothing was measured.',
      cause: error,
    });
  }
  if (module.default === undefined) {
    throw usageError(`${file} exports no configuration`, {
      code: 'bad-config',
      hint: 'Write `export default defineConfig({})`.',
    });
  }
  const written = module.default;
  return locating({ file, line: 1, column: 1 }, () => parseConfig(written, file));
}

/** Fills in the defaults. Pure. */
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
    store: resolve(root, written.store ?? '.perf'),
    conditions: [...conditions, ...(written.conditions ?? [])],
    tolerance: { warn: parsePercent(tolerance.warn ?? '0%'), fail: parsePercent(tolerance.fail ?? '0%') },
    against: compare.against ?? 'main',
    change: { warn: parsePercent(compare.warn ?? '5%'), fail: parsePercent(compare.fail ?? '10%') },
    roundTimeoutMs: parseDuration(written.roundTimeout ?? '5m') / 1e6,
  };
}

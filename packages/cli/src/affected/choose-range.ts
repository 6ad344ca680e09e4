import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { usageError } from '@perfkeel/core';
import type { ChooseAffectedOptions } from '@perfkeel/runner';
import type { ResolvedConfig } from '../config.ts';
import type { Io } from '../io.ts';

/** What a user says about where changes are counted from. */
export interface RangeOptions {
  readonly base?: string;
  readonly head?: string;
  readonly files?: readonly string[];
}

type Range = Pick<ChooseAffectedOptions, 'base' | 'explicit' | 'head' | 'files'>;

/**
 * Where changes are counted from: `--base`, else the environment that Nx uses for the same, else perf.config, else the
 * `defaultBase` of nx.json, else `main`.
 */
export function chooseRange(options: RangeOptions, config: ResolvedConfig, io: Io): Range {
  const files = options.files?.flatMap((list) => list.split(',')).filter((file) => file !== '');
  if (files !== undefined && options.head !== undefined) {
    throw usageError('--files names what changed, and --head would let git say it', {
      code: 'bad-option',
      hint: 'Leave one of them out.',
    });
  }
  const named = options.base ?? io.env['NX_BASE'];
  const head = options.head ?? (options.base === undefined ? io.env['NX_HEAD'] : undefined);
  return {
    base: named ?? (config.against === 'main' ? (nxBase(config.root) ?? 'main') : config.against),
    explicit: named !== undefined,
    head: files === undefined ? head : undefined,
    files: files?.map((file) => absolute(file, config, io)),
  };
}

/** From where the user stands, or from the folder of the project: what is there counts. */
function absolute(file: string, { root }: ResolvedConfig, { cwd }: Io): string {
  const here = resolve(cwd, file);
  return existsSync(here) ? here : existsSync(resolve(root, file)) ? resolve(root, file) : here;
}

function nxBase(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'nx.json');
    if (existsSync(file)) {
      const [, base] = /"defaultBase"\s*:\s*"([^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
      return base;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

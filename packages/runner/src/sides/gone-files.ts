import { join, relative, sep } from 'node:path';
import type { Warning } from '@perfkeel/core';
import { discover, type DiscoverOptions } from '../discover.ts';
import type { Places } from './dependencies.ts';

/**
 * Perf files that base has and head has not: what they measure is compared with nothing, which is not to be overlooked.
 * To be asked before anything of head is laid over base.
 *
 * @param names the perf files of head, from the project
 */
export async function goneRemarks(
  names: readonly string[],
  { base, project }: Places,
  { include, exclude }: Pick<DiscoverOptions, 'include' | 'exclude'>,
): Promise<Warning[]> {
  const root = join(base, project);
  const found = await discover(root, { include, exclude });
  const known = new Set(names);
  return found.files
    .map((file) => relative(root, file))
    .filter((file) => !known.has(file))
    .map((file) => ({
      code: 'gone',
      message: `${file.split(sep).join('/')} is only in base: what it measures is compared only where another file here measures it`,
    }));
}

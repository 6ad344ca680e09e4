import { realpath } from 'node:fs/promises';
import { PerfError } from '@perfkeel/core';
import type { PlannedBenchmark } from '../plan.ts';
import type { Places } from './dependencies.ts';
import { packagesOutside } from './packages-outside.ts';
import { isInside } from './worktree.ts';

/**
 * Makes sure that base runs its own code: that nothing which its bundles take in, and no package that they find when
 * they run, lies in head. Otherwise head would be compared with head, and everything would be unchanged.
 *
 * @throws PerfError `base-imports-head`, exit code 4
 */
export async function assertOwnCode(benchmarks: readonly PlannedBenchmark[], { head, base }: Places): Promise<void> {
  const bundles = [...new Map(benchmarks.map(({ bundle }) => [bundle.file, bundle])).values()];
  for (const bundle of bundles) {
    for (const input of bundle.inputs) {
      const real = await realpath(input).catch(() => input);
      if (isInside(head, real)) throw importsHead(bundle.source, real);
    }
  }
  // Packages that lie in head count as own ones there.
  const { own } = await packagesOutside(bundles, head);
  const stray = own.find((folder) => !isInside(base, folder));
  if (stray !== undefined) throw importsHead(bundles[0]!.source, stray);
}

const importsHead = (source: string, path: string): PerfError =>
  new PerfError(`base would run code of head: ${source} comes to ${path}`, {
    code: 'base-imports-head',
    hint: 'Is it imported by an absolute path, or is a package linked to this checkout from outside? Let it be found from its own folder.',
  });

import type { Milestone, RunStore } from '@perfkeel/baseline';
import { usageError } from '@perfkeel/core';
import { askGit } from '../ci/git-facts.ts';
import type { ResolvedConfig } from '../config.ts';

/**
 * What change is told since: the named baselines, or where this checkout left the named branches, tags and commits. Without
 * names: every baseline, and where this checkout left the branch that it is usually compared with.
 *
 * @throws PerfError `no-baseline` (exit 2) for a name that is neither
 */
export async function milestonesOf(
  store: RunStore,
  names: readonly string[] | undefined,
  config: ResolvedConfig,
): Promise<readonly Milestone[]> {
  const baselines = (await store.listBaselines()).map(({ name, run }) => ({ name, run }));
  if (names === undefined) {
    const base = await mergeBase(config, config.against);
    return base === undefined ? baselines : [...baselines, base];
  }
  return await Promise.all(
    names.map(async (name) => {
      const found = baselines.find((one) => one.name === name) ?? (await mergeBase(config, name));
      if (found) return found;
      throw usageError(`${JSON.stringify(name)} is neither a baseline nor a commit from which this checkout descends`, {
        code: 'no-baseline',
        hint: `Baselines are ${baselines.map((one) => one.name).join(', ') || 'not set here yet'}.`,
      });
    }),
  );
}

async function mergeBase({ root }: ResolvedConfig, name: string): Promise<Milestone | undefined> {
  // A name that begins with a dash would be an option to git.
  if (name.startsWith('-')) return undefined;
  const sha = await askGit(root, ['merge-base', 'HEAD', name]);
  return sha === undefined || !/^[0-9a-f]{40,64}$/.test(sha) ? undefined : { name: `the merge base with ${name}`, sha };
}

import type { Milestone, RunStore } from '@perfkeel/baseline';
import { usageError } from '@perfkeel/core';
import { askGit } from '@perfkeel/runner';
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
  config: Pick<ResolvedConfig, 'root' | 'against'>,
): Promise<readonly Milestone[]> {
  const baselines = await baselineMilestones(store);
  if (names === undefined) {
    const base = await mergeBase(config, config.against);
    return base === undefined ? baselines : [...baselines, base];
  }
  const found = await Promise.all(
    names.map(async (name): Promise<readonly Milestone[]> => {
      const named = baselines.filter((one) => one.name === name.normalize('NFC'));
      const base = named.length > 0 ? undefined : await mergeBase(config, name);
      if (named.length > 0 || base !== undefined) return base === undefined ? named : [base];
      throw usageError(`${JSON.stringify(name)} is neither a baseline nor a commit from which this checkout descends`, {
        code: 'no-baseline',
        hint: `Baselines are ${[...new Set(baselines.map((one) => one.name))].join(', ') || 'not set here yet'}.`,
      });
    }),
  );
  return found.flat();
}

/** The newest version of each baseline in each environment of each project: a series is of one of them. */
async function baselineMilestones(store: RunStore): Promise<readonly Milestone[]> {
  const [histories, runs] = await Promise.all([store.listBaselineHistories(), store.listRuns()]);
  const bySha = new Map(runs.map((run) => [run.sha, run]));
  return histories.flatMap(({ name, versions }) => {
    const newest = new Map<string, string>();
    for (const { run, sha } of versions) {
      const place = JSON.stringify([bySha.get(sha)?.project, bySha.get(sha)?.environment]);
      if (!newest.has(place)) newest.set(place, run);
    }
    return [...newest.values()].map((run) => ({ name, run }));
  });
}

async function mergeBase({ root }: Pick<ResolvedConfig, 'root'>, name: string): Promise<Milestone | undefined> {
  // A name that begins with a dash would be an option to git.
  if (name.startsWith('-')) return undefined;
  const sha = await askGit(root, ['merge-base', 'HEAD', name]);
  return sha === undefined || !/^[0-9a-f]{40,64}$/.test(sha) ? undefined : { name: `the merge base with ${name}`, sha };
}

import type { Run } from '@perfkeel/core';
import type { BaselineVersion } from './baseline-record.ts';
import type { BaselineRule, ChooseBaselineOptions } from './choose-baseline.ts';
import type { RunStore } from './run-store.ts';
import type { RunSummary } from './run-summary.ts';

/** A run that may be compared with. */
export interface Candidate {
  readonly rule: BaselineRule;
  readonly summary: RunSummary;
  /** What it is called when it is passed over. */
  readonly title: string;
  readonly why: string;
  /** Why it cannot be taken, as far as that is known without opening it. */
  readonly problem?: string | undefined;
}

/** Runs that may be compared with, best first; those that cannot be taken say why. */
export async function baselineCandidates(store: RunStore, options: ChooseBaselineOptions): Promise<Candidate[]> {
  const runs = await store.listRuns();
  const labels = await labelled(store, options, new Map(runs.map((run) => [run.sha, run])));
  const elsewhere = (one: Candidate): boolean => one.rule !== 'pin' && one.problem === otherEnvironment;
  const lastResort = labels.filter(elsewhere).slice(0, 1).map(fromElsewhere);
  const others = [...ofCommits(runs, options), ...ofBranch(runs, options)];
  return options.explicit === true ? [...labels, ...lastResort, ...others] : [...labels, ...others, ...lastResort];
}

const otherEnvironment = 'it was measured in another environment';

function fromElsewhere({ problem: _, ...candidate }: Candidate): Candidate {
  const why = `${candidate.why}, of another environment: there is none of this one`;
  return { ...candidate, rule: 'other-environment', why };
}

function problemOf(run: RunSummary, { id, provenance, environment }: Run): string | undefined {
  if (run.id === id) return 'it is the run that is compared';
  if (run.project !== provenance.project) return `it is of the project ${run.project}`;
  return run.environment === environment.class ? undefined : otherEnvironment;
}

/** The versions of the named baseline: pinned ones first, then the newest first. */
async function labelled(
  store: RunStore,
  { name, head }: ChooseBaselineOptions,
  bySha: ReadonlyMap<string, RunSummary>,
): Promise<Candidate[]> {
  const found = (await store.listBaselineHistories()).find((one) => one.name === name.normalize('NFC'));
  if (!found) return [];
  const pinned = new Set((await store.listPins()).map(({ sha }) => sha));
  const candidateOf = (rule: 'pin' | 'label', version: BaselineVersion): Candidate[] => {
    const summary = bySha.get(version.sha);
    if (!summary) return [];
    const title = `baseline ${name}, version ${version.sequence}`;
    const why = rule === 'pin' ? `${title}, which is pinned` : title;
    return [{ rule, summary, title, why, problem: problemOf(summary, head) }];
  };
  const { versions } = found;
  return [
    ...versions.filter(({ sha }) => pinned.has(sha)).flatMap((version) => candidateOf('pin', version)),
    ...versions.filter(({ sha }) => !pinned.has(sha)).flatMap((version) => candidateOf('label', version)),
  ];
}

const short = (sha: string): string => sha.slice(0, 7);

/** Runs of the commit at which the branches parted, and of those before it. */
function ofCommits(runs: readonly RunSummary[], { name, head, commits = [] }: ChooseBaselineOptions): Candidate[] {
  const { sha, dirty = false } = head.provenance;
  const others = runs.filter(({ id }) => id !== head.id);
  return commits.flatMap((commit, distance) =>
    others
      .filter((run) => run.commit === commit)
      .map((summary): Candidate => {
        const rule = distance === 0 ? 'merge-base' : 'ancestor';
        const why = `run of ${short(commit)}, ${placeText(distance, name, commits[0] === sha)}`;
        const problem = problemOf(summary, head) ?? ofOwnCommit(summary, sha, dirty);
        return { rule, summary, title: `${why} (${summary.id})`, why, problem };
      }),
  );
}

function placeText(distance: number, name: string, onBranch: boolean): string {
  const from = onBranch ? 'head' : `head left ${name}`;
  if (distance > 0) return `${distance} commit${distance === 1 ? '' : 's'} before ${from}`;
  return onBranch ? 'the commit of head' : `where ${from}`;
}

/** A run of the very commit says nothing about a change, unless there are changes that were not committed. */
function ofOwnCommit(run: RunSummary, sha: string | undefined, dirty: boolean): string | undefined {
  if (run.dirty === true) return 'it was measured with changes that were not committed';
  if (run.interrupted === true) return 'it was interrupted';
  return run.commit === sha && !dirty ? 'it is of the same commit' : undefined;
}

/** The newest runs of the branch. */
function ofBranch(runs: readonly RunSummary[], { name, head }: ChooseBaselineOptions): Candidate[] {
  const { sha, dirty = false } = head.provenance;
  const before = runs.filter(
    (run) => run.id !== head.id && run.branch === name && Date.parse(run.startedAt) <= Date.parse(head.startedAt),
  );
  return before.slice(0, 10).map((summary) => {
    const text = `newest run of the branch ${name}`;
    const problem = problemOf(summary, head) ?? ofOwnCommit(summary, sha, dirty);
    return { rule: 'branch', summary, title: `run ${summary.id} of the branch ${name}`, why: text, problem };
  });
}

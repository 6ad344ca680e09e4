import type { Run } from '@perfkeel/core';
import type { BaselineVersion } from './baseline-record.ts';
import type { BaselineHistory } from './baselines.ts';
import type { BaselineRule, ChooseBaselineOptions } from './choose-baseline.ts';
import type { Rename } from './renames.ts';
import type { RunStore } from './run-store.ts';
import type { RunSummary } from './run-summary.ts';

/** What of a store decides which run is compared with. */
export interface StoreFacts {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly histories: readonly BaselineHistory[];
  /** Hashes of the runs that are pinned. */
  readonly pinned: ReadonlySet<string>;
  readonly renames: readonly Rename[];
}

/** Asked for together, since remote stores answer what is asked together with one look. */
export async function storeFacts(store: RunStore): Promise<StoreFacts> {
  const [runs, histories, pins] = await Promise.all([
    store.listRuns(),
    store.listBaselineHistories(),
    store.listPins(),
  ]);
  return { runs, histories, pinned: new Set(pins.map(({ sha }) => sha)), renames: await store.listRenames(runs) };
}

interface Named {
  readonly rule: BaselineRule;
  /** What it is called when it is passed over. */
  readonly title: string;
  readonly why: string;
}

/** A run that may be compared with, or why it cannot be taken, as far as that is known without opening it. */
export type Candidate = Named &
  (
    | { readonly summary: RunSummary; readonly problem?: undefined }
    | { readonly summary?: RunSummary | undefined; readonly problem: string }
  );

const candidateOf = (named: Named, summary: RunSummary, problem: string | undefined): Candidate =>
  problem === undefined ? { ...named, summary } : { ...named, summary, problem };

/** Runs that may be compared with, best first; those that cannot be taken say why. Pure. */
export function baselineCandidates(facts: StoreFacts, options: ChooseBaselineOptions): Candidate[] {
  const labels = labelled(facts, options);
  const lastResort = labels.flatMap(fromElsewhere).slice(0, 1);
  const others = [...few(ofCommits(facts.runs, options)), ...ofBranch(facts.runs, options)];
  const own = few(labels);
  return options.explicit === true ? [...own, ...lastResort, ...others] : [...own, ...others, ...lastResort];
}

const otherEnvironment = 'it was measured in another environment';

function fromElsewhere({ rule, title, why, summary, problem }: Candidate): Candidate[] {
  if (summary === undefined || rule === 'pin' || problem !== otherEnvironment) return [];
  return [
    { rule: 'other-environment', title, why: `${why}, of another environment: there is none of this one`, summary },
  ];
}

function problemOf(run: RunSummary, { id, provenance, environment }: Run): string | undefined {
  if (run.id === id) return 'it is the run that is compared';
  if (run.project !== provenance.project) return `it is of the project ${run.project}`;
  return run.environment === environment.class ? undefined : otherEnvironment;
}

/** The versions of the named baseline: pinned ones first, then the newest first. */
function labelled({ runs, histories, pinned }: StoreFacts, { name, head }: ChooseBaselineOptions): Candidate[] {
  const found = histories.find((one) => one.name === name.normalize('NFC'));
  const bySha = new Map(runs.map((run) => [run.sha, run]));
  const labelOf = (rule: 'pin' | 'label', version: BaselineVersion): Candidate => {
    const title = `baseline ${name}, version ${version.sequence}`;
    const named = { rule, title, why: rule === 'pin' ? `${title}, which is pinned` : title };
    const summary = bySha.get(version.sha);
    if (!summary) return { ...named, problem: `its run ${version.run} is not stored here, or cannot be read` };
    return candidateOf(named, summary, problemOf(summary, head));
  };
  const versions = found?.versions ?? [];
  return [
    ...versions.filter(({ sha }) => pinned.has(sha)).map((version) => labelOf('pin', version)),
    ...versions.filter(({ sha }) => !pinned.has(sha)).map((version) => labelOf('label', version)),
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
      .map((summary) => {
        const rule = distance === 0 ? 'merge-base' : 'ancestor';
        const why = `run of ${short(commit)}, ${placeText(distance, name, commits[0] === sha)}`;
        const problem = problemOf(summary, head) ?? ofOwnCommit(summary, sha, dirty);
        return candidateOf({ rule, why, title: `${why} (${summary.id})` }, summary, problem);
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
  // Neither knows its commit: imported files, or no git.
  if (run.commit === undefined) return undefined;
  return run.commit === sha && !dirty ? 'it is of the same commit' : undefined;
}

/** Runs that are tried, and those that are named as passed over: a store that many share is full of others'. */
const [mostTried, mostRefused] = [10, 5] as const;

function few(all: readonly Candidate[]): Candidate[] {
  let [tried, refused] = [0, 0];
  return all.filter(({ problem }) => (problem === undefined ? tried++ < mostTried : refused++ < mostRefused));
}

/** The newest runs of the branch. */
function ofBranch(runs: readonly RunSummary[], { name, head }: ChooseBaselineOptions): Candidate[] {
  const { sha, dirty = false } = head.provenance;
  const all = runs
    .filter(
      (run) => run.id !== head.id && run.branch === name && Date.parse(run.startedAt) <= Date.parse(head.startedAt),
    )
    .map((summary) => {
      const named = { rule: 'branch', why: `newest run of the branch ${name}` } as const;
      const problem = problemOf(summary, head) ?? ofOwnCommit(summary, sha, dirty);
      return candidateOf({ ...named, title: `run ${summary.id} of the branch ${name}` }, summary, problem);
    });
  return few(all);
}

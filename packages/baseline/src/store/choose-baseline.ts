import { ExitCode, PerfError, type Run } from '@perfkeel/core';
import { baselineCandidates, storeFacts } from './baseline-candidates.ts';
import { inNamesOf } from './in-names-of.ts';
import { configurationOf } from './index/series-key.ts';
import type { RunStore } from './run-store.ts';
import type { RunSummary } from './run-summary.ts';

/**
 * Why a run was chosen to compare with, best first: a pinned version of the named baseline, its newest version, the run of
 * the commit where the branches parted, of the nearest commit before it, the newest of the branch; and when none of them was
 * measured in an environment like this, the baseline of another, with which only counts compare.
 */
export type BaselineRule = 'pin' | 'label' | 'merge-base' | 'ancestor' | 'branch' | 'other-environment';

export interface ChooseBaselineOptions {
  /** A baseline or branch: `main`. */
  readonly name: string;
  /** What is to be compared. It need not be stored. */
  readonly head: Run;
  /** The commit at which head left the branch, and its first parents, newest first; empty when nobody knows. */
  readonly commits?: readonly string[] | undefined;
  /** Somebody wrote the name: a baseline of that name wins, even of another environment. @default false */
  readonly explicit?: boolean | undefined;
}

export interface ChosenBaseline {
  /** With the present names of benchmarks that were renamed. */
  readonly run: Run;
  readonly rule: BaselineRule;
  /** For people: `baseline main, version 3`. */
  readonly why: string;
  /** What came before it in the order, and why it was not taken. */
  readonly passedOver: readonly string[];
}

/** More would have to be opened than anybody waits for. */
const mostOpened = 12;

/**
 * Chooses the run to compare with: of the same project and class of environments, with benchmarks of head in their
 * configurations, and not head itself.
 *
 * @throws PerfError `no-baseline` with everything that was passed over, exit code 3: nothing can be said about change
 */
export async function chooseBaseline(store: RunStore, options: ChooseBaselineOptions): Promise<ChosenBaseline> {
  const { name, head } = options;
  const passedOver: string[] = [];
  let partial: (ChosenBaseline & { readonly share: number }) | undefined;
  let opened = 0;
  const facts = await storeFacts(store);
  for (const candidate of baselineCandidates(facts, options)) {
    const { rule, title } = candidate;
    if (partial && rule !== 'ancestor') break;
    if (candidate.problem !== undefined) {
      passedOver.push(`${title}: ${candidate.problem}`);
      continue;
    }
    if (opened++ >= mostOpened) continue;
    const stored = await loadWhole(store, candidate.summary);
    const run = stored && inNamesOf(head, stored, facts.renames);
    const share = run === undefined ? 0 : coverage(run, head);
    const why = candidate.why + coverageText(share, head);
    if (run === undefined) passedOver.push(`${title}: it is damaged or gone`);
    else if (share === 0) passedOver.push(`${title}: it measured none of these benchmarks`);
    else if (rule !== 'ancestor' || share === head.plan.benchmarks.length) {
      return { run, rule, why, passedOver };
    } else if (!partial || share > partial.share) partial = { run, rule, why, share, passedOver: [...passedOver] };
  }
  if (partial) return { run: partial.run, rule: partial.rule, why: partial.why, passedOver: partial.passedOver };
  throw noBaseline(name, passedOver);
}

/** `undefined` for a run that is damaged: the store has set it aside and warns of it, and others may serve. */
async function loadWhole(store: RunStore, { sha }: RunSummary): Promise<Run | undefined> {
  try {
    return await store.loadRun(sha);
  } catch (error) {
    if (error instanceof PerfError && ['corrupt-run', 'run-not-found'].includes(error.code)) return undefined;
    throw error;
  }
}

/** How many of head's benchmarks a run measured, in their configurations. */
function coverage(run: Run, head: Run): number {
  const measured = new Set(run.measurements.map(({ benchmark }) => benchmark));
  const known = new Map(run.plan.benchmarks.map((plan) => [plan.id, configurationOf(plan)]));
  return head.plan.benchmarks.filter((plan) => measured.has(plan.id) && known.get(plan.id) === configurationOf(plan))
    .length;
}

function coverageText(share: number, { plan: { benchmarks } }: Run): string {
  return share === benchmarks.length ? '' : `, which measured ${share} of these ${benchmarks.length} benchmarks`;
}

function noBaseline(name: string, passedOver: readonly string[]): PerfError {
  const others = passedOver.length === 0 ? '' : `; passed over:${passedOver.map((text) => `\n   - ${text}`).join('')}`;
  return new PerfError(
    `there is no baseline called ${JSON.stringify(name)}, so nothing can be said about change${others}`,
    {
      code: 'no-baseline',
      exitCode: ExitCode.Inconclusive,
      hint: `Set one after a run that you trust: perfkeel baseline set ${name}`,
    },
  );
}

import type { Report, VerdictKind } from '@perfkeel/core';
import { viewBenchmarks, type BenchmarkView } from './benchmark-view.ts';
import type { ClueReader } from './clue.ts';
import { objectiveRows, type ObjectiveRow } from './objective-row.ts';
import { attemptFor, diagnosisClues, machineClue, remarkClues, roundsClue, sinceWhen } from './other-clues.ts';
import { timeClues } from './time-clues.ts';

/** What is known about an objective that was not kept, and what to try. Plain text; each entry is a sentence or a phrase. */
export interface Recommendation {
  readonly benchmark: string;
  /** As the user wrote it. */
  readonly objective: string;
  readonly kind: VerdictKind;
  /** `160 ms, missed by 13 %`. */
  readonly fate: string;
  /** What was measured beside it, the most telling first. */
  readonly evidence: readonly string[];
  /** The most promising first; never empty. */
  readonly attempts: readonly string[];
}

/** More than these nobody reads. */
const [mostEvidence, mostAttempts] = [5, 4];

/**
 * Every objective that was missed or stays undecided, in the order of the table of objectives, with its evidence and with
 * what to try next. What was expected to be missed needs nothing.
 */
export function recommendationsOf({ run }: Pick<Report, 'run'>): readonly Recommendation[] {
  const views = viewBenchmarks(run);
  return objectiveRows(views)
    .filter(
      ({ kind, judgement: { estimate, verdict } }) =>
        // A demonstration that was kept after all is neither missed nor open.
        estimate !== undefined && verdict.kind === kind && (kind === 'fail' || kind === 'inconclusive'),
    )
    .map((row) =>
      recommend(
        views.find(({ plan }) => plan.id === row.benchmark)!,
        row,
      ),
    );
}

function recommend(view: BenchmarkView, row: ObjectiveRow): Recommendation {
  const { judgement, kind, benchmark, objective } = row;
  const readers: readonly ClueReader[] = [
    diagnosisClues,
    ...(judgement.unit === 'ns' ? timeClues : []),
    remarkClues,
    roundsClue,
    machineClue,
  ];
  const clues = readers.flatMap((read) => read(view, judgement));
  const own = judgement.unit === 'ns' ? undefined : attemptFor(view, judgement);
  const attempts = [
    ...(kind === 'inconclusive' && row.needs !== undefined ? [`${row.needs} would decide it.`] : []),
    ...(own === undefined ? [] : [own]),
    ...clues.flatMap(({ attempt }) => attempt ?? []),
  ];
  return {
    benchmark,
    objective,
    kind,
    fate: `${row.value}, ${row.note}`,
    evidence: unique(clues.map(({ evidence }) => evidence)).slice(0, mostEvidence),
    attempts: unique(attempts.length < mostAttempts ? [...attempts, sinceWhen(view)] : attempts).slice(0, mostAttempts),
  };
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

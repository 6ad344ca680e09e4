import { formatNumber } from '@perfkeel/core';
import { plural } from '../view/words.ts';
import type { CiFailure, CiObjective, CiProject, CiReport, CiRow } from './ci-report.ts';

/** A row and where it belongs. */
export interface Placed<T> {
  readonly project: CiProject;
  readonly row: T;
}

/** What becomes of a row, the most urgent first. `quiet` is what nobody has to read. */
export const fates = ['failing', 'warned', 'undecided', 'accepted', 'improved', 'quiet'] as const;
export type Fate = (typeof fates)[number];

export function fateOf({ decision, verdict, acceptance }: CiRow): Fate {
  if (verdict === 'fail' || verdict === 'could-not-measure') return 'failing';
  if (decision === 'accepted' || acceptance?.state === 'accepted') return 'accepted';
  if (verdict === 'warn') return 'warned';
  if (verdict === 'inconclusive' || decision === 'inconclusive') return 'undecided';
  return decision === 'improved' ? 'improved' : 'quiet';
}

const sizeOf = ({ effect }: CiRow): number => Math.abs(effect?.value ?? 0);

/** The rows of one fate over all projects, the largest change first. */
export const rowsOf = (report: CiReport, fate: Fate): readonly Placed<CiRow>[] =>
  report.projects
    .flatMap((project) => project.rows.filter((row) => fateOf(row) === fate).map((row) => ({ project, row })))
    .sort((a, b) => sizeOf(b.row) - sizeOf(a.row));

export const objectivesOf = (report: CiReport): readonly Placed<CiObjective>[] =>
  report.projects.flatMap((project) => project.objectives.map((row) => ({ project, row })));

export const failuresOf = (report: CiReport): readonly Placed<CiFailure>[] =>
  report.projects.flatMap((project) => project.failures.map((row) => ({ project, row })));

/** Whether a person has to do something. */
export const isUrgent = (report: CiReport): boolean =>
  report.projects.some(
    ({ verdict, exitCode }) => verdict === 'fail' || verdict === 'could-not-measure' || exitCode > 3,
  );

/** Projects that warn although none of their rows or objectives does: their warnings are the news. */
export const onlyWarning = ({ projects }: CiReport): readonly CiProject[] =>
  projects.filter(
    ({ verdict, rows, objectives }) =>
      verdict === 'warn' && objectives.length === 0 && !rows.some((row) => fateOf(row) === 'warned'),
  );

/** Whether there is anything to read at all. */
export const isNews = (report: CiReport): boolean =>
  isUrgent(report) ||
  report.projects.length + report.skipped.length === 0 ||
  objectivesOf(report).length + failuresOf(report).length > 0 ||
  report.projects.some(({ rows, verdict }) => verdict !== 'pass' || rows.some((row) => fateOf(row) !== 'quiet'));

/** How many of everything, the urgent first: `1 regression`, `2 undecided`. What is zero is not said. */
export function countsOf(report: CiReport): readonly string[] {
  const of = (fate: Fate): number => rowsOf(report, fate).length;
  const quiet = rowsOf(report, 'quiet');
  const identical = quiet.filter(({ row }) => row.decision === 'identical').length;
  const missed = objectivesOf(report).filter(({ row }) => row.verdict === 'fail').length;
  const unsure = objectivesOf(report).filter(({ row }) => row.verdict === 'inconclusive').length;
  const broken = failuresOf(report).length;
  const parts: readonly (readonly [number, string])[] = [
    [broken, `${formatNumber(broken)} could not be measured`],
    [of('failing'), `${plural(of('failing'), 'regression')} to look at`],
    [missed, `${plural(missed, 'objective')} missed`],
    [of('warned'), `${formatNumber(of('warned'))} slightly worse`],
    [of('undecided') + unsure, `${formatNumber(of('undecided') + unsure)} undecided`],
    [of('accepted'), `${formatNumber(of('accepted'))} accepted`],
    [of('improved'), plural(of('improved'), 'improvement')],
    [quiet.length - identical, `${formatNumber(quiet.length - identical)} unchanged`],
    [identical, `${formatNumber(identical)} identical`],
  ];
  return parts.filter(([count]) => count > 0).map(([, text]) => text);
}

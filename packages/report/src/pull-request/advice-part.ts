import { escapeMarkdown } from '../markdown/escape.ts';
import { details } from '../markdown/table.ts';
import type { CiReport } from './ci-report.ts';
import { objectivesOf } from './rank-rows.ts';
import { nameOf, type NameRoom } from './row-cells.ts';

/** More of them belong into the reports of the projects. */
const most = 10;

/** What stands behind objectives that were not kept, and what to try first, folded away. */
export function advicePart(report: CiReport, room: NameRoom): string {
  const all = objectivesOf(report).filter(({ row }) => row.evidence !== undefined || row.attempt !== undefined);
  const [missed, open] = [true, false].map((fails) => all.filter(({ row }) => (row.verdict === 'fail') === fails));
  const told = [...missed!, ...open!];
  if (told.length === 0) return '';
  const lines = told.slice(0, most).map(({ project, row }) => {
    const { benchmark, objective, evidence, attempt } = row;
    return [
      `- ${nameOf(report, project, benchmark, room)}: ${escapeMarkdown(objective, room.name)}`,
      ...(evidence === undefined ? [] : [`  - ${escapeMarkdown(evidence, room.reason)}`]),
      ...(attempt === undefined ? [] : [`  - *Try:* ${escapeMarkdown(attempt, room.reason)}`]),
    ].join('\n');
  });
  const more = told.length > most ? [`- and ${told.length - most} more`] : [];
  return details('What stands behind it', [...lines, ...more].join('\n'));
}

import { oneLine } from '@perfkeel/core';
import { shownEffect, shownWords } from '../view/shown-effect.ts';
import type { CiPlace, CiReport } from '../pull-request/ci-report.ts';
import { failuresOf, objectivesOf, rowsOf } from '../pull-request/rank-rows.ts';

/** GitHub shows ten of each kind a step; more would only fill the log. */
const most = 10;

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

interface Note {
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly place?: CiPlace | undefined;
}

/** Commands that mark declarations in the changed files of a pull request, on GitHub. One line each. */
export function renderAnnotations(report: CiReport): string {
  const notes = notesOf(report);
  const shown = (['error', 'warning'] as const).flatMap((level) =>
    notes.filter((note) => note.level === level).slice(0, most),
  );
  return shown.map(commandOf).join('');
}

function notesOf(report: CiReport): readonly Note[] {
  return [
    ...failuresOf(report).map(({ project, row }): Note => ({
      level: 'error',
      message: `${row.benchmark ?? project.project}: ${row.message}`,
      place: row.place,
    })),
    ...(['failing', 'warned'] as const).flatMap((fate) =>
      rowsOf(report, fate).map(({ row }): Note => ({
        level: fate === 'failing' ? 'error' : 'warning',
        message: `${row.label}: ${row.effect ? shownWords(shownEffect(row.effect, row.unit, row.base)) : (row.reason ?? 'cannot be compared')}`,
        place: row.place,
      })),
    ),
    ...objectivesOf(report).map(({ row }): Note => ({
      level: row.verdict === 'fail' || row.verdict === 'could-not-measure' ? 'error' : 'warning',
      message: `${row.benchmark}: ${row.objective}: ${row.message}`,
      place: row.place,
    })),
  ];
}

function commandOf({ level, message, place }: Note): string {
  const where = place ? ` file=${property(oneLine(place.file))},line=${place.line}` : '';
  return `::${level}${where}::${data(oneLine(message))}\n`;
}

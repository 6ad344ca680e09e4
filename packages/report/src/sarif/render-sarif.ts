import { oneLine } from '@perfkeel/core';
import { shownEffect, shownWords } from '../view/shown-effect.ts';
import type { CiPlace, CiReport } from '../pull-request/ci-report.ts';
import { failuresOf, objectivesOf, rowsOf } from '../pull-request/rank-rows.ts';

interface Result {
  readonly ruleId: string;
  readonly level: 'error' | 'warning';
  readonly text: string;
  readonly place?: CiPlace | undefined;
}

const rules = {
  regression: 'A benchmark became worse than its base.',
  objective: 'An objective is missed or cannot be decided.',
  'not-measured': 'A benchmark could not be measured.',
} as const;

/** The report as SARIF 2.1.0: what needs a person, at the line that declares it. Ends in a newline. */
export function renderSarif(report: CiReport): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'perfkeel', rules: Object.entries(rules).map(ruleOf) } },
        results: resultsOf(report).map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const ruleOf = ([id, text]: [string, string]): object => ({ id, shortDescription: { text } });

function resultsOf(report: CiReport): readonly Result[] {
  return [
    ...(['failing', 'warned'] as const).flatMap((fate) =>
      rowsOf(report, fate).map(({ row }): Result => ({
        ruleId: 'regression',
        level: fate === 'failing' ? 'error' : 'warning',
        text: `${row.label}: ${row.effect ? shownWords(shownEffect(row.effect, row.unit, row.base)) : (row.reason ?? 'cannot be compared')}`,
        place: row.place,
      })),
    ),
    ...objectivesOf(report).map(({ row }): Result => ({
      ruleId: 'objective',
      level: row.verdict === 'fail' || row.verdict === 'could-not-measure' ? 'error' : 'warning',
      text: `${row.benchmark}: ${row.objective}: ${row.message}`,
      place: row.place,
    })),
    ...failuresOf(report).map(({ project, row }): Result => ({
      ruleId: 'not-measured',
      level: 'error',
      text: `${row.benchmark ?? project.project}: ${row.message}`,
      place: row.place,
    })),
  ];
}

const resultOf = ({ ruleId, level, text, place }: Result): object => ({
  ruleId,
  level,
  message: { text: oneLine(text) },
  ...(place ? { locations: [locationOf(place)] } : {}),
});

const locationOf = ({ file, line }: CiPlace): object => ({
  physicalLocation: {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: Math.max(line, 1) },
  },
});

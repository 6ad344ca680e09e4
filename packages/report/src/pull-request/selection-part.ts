import { formatNumber } from '@perfkeel/core';
import { escapeMarkdown } from '../markdown/escape.ts';
import { details } from '../markdown/table.ts';
import { plural } from '../view/words.ts';
import type { CiChoice, CiReport } from './ci-report.ts';

const most = 100;
const longest = 300;

/** How many perf files were looked at, and how many of them nothing that changed can reach. */
export function skippedFiles({ selection }: CiReport): { readonly skipped: number; readonly all: number } {
  const choices = selection?.choices ?? [];
  return { skipped: choices.filter(({ decision }) => decision === 'skip').length, all: choices.length };
}

/**
 * What ran and why, and what did not, folded away: `run load: perf/a.perf.ts because src/a.ts -> core -> load`. What was
 * skipped is there all the same: only what is listed as gone is gone.
 */
export function selectionPart(report: CiReport): string {
  const { selection } = report;
  if (selection === undefined) return folded('What ran, and why', projectLines(report));
  const { choices, gone, ignored, unsure } = selection;
  const of = (decision: CiChoice['decision']): readonly string[] =>
    choices.filter((choice) => choice.decision === decision).map(lineOf);
  const lines = [
    ...(unsure === undefined ? [] : [`unsure what changed, so everything runs: ${unsure}`]),
    ...of('run'),
    ...of('skip'),
    ...gone.map((file) => `gone ${file}`),
    ...(ignored.length > 0 ? [`ignored ${ignored.join(', ')}`] : []),
  ];
  const { skipped, all } = skippedFiles(report);
  return folded(`What ran, and why: ${formatNumber(all - skipped)} of ${plural(all, 'perf file')}`, lines);
}

const lineOf = ({ decision, project, file, why }: CiChoice): string =>
  decision === 'run' ? `run ${project}: ${file} ${why}` : `skip ${project}: ${file}: ${why}`;

const projectLines = ({ projects, skipped }: CiReport): readonly string[] => [
  ...projects.flatMap(({ project, why }) => why.map((line) => `run ${project}: ${line}`)),
  ...skipped.map(({ project, why }) => `skip ${project}: ${why}`),
];

function folded(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, most).map((line) => `- ${escapeMarkdown(line, longest)}`);
  const more = lines.length - shown.length;
  return details(
    title,
    [...shown, ...(more > 0 ? [`- ${formatNumber(more)} more in comparison.json`] : [])].join('\n'),
  );
}

import type { Report, VerdictKind } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { formatLocation, viewFailures } from '../view/failure-view.ts';
import { nextSteps } from '../view/next-steps.ts';
import { objectiveRows, type ObjectiveRow } from '../view/objective-row.ts';
import { recommendationsOf } from '../view/recommendations.ts';
import { nameSome, remarksOf } from '../view/remarks.ts';
import { qualifications, reportPhrases, reportVerdict, verdictTitles } from '../view/verdict-words.ts';
import { plural, tookWords } from '../view/words.ts';
import { codeBlock, escapeMarkdown } from './escape.ts';
import { details, markdownTable } from './table.ts';

/** One section, with at most so many rows; empty when there is nothing to say. `root` shortens places in files. */
export type Section = (report: Report, rows: number, root?: string) => string;

export const signs: Record<VerdictKind, string> = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  'could-not-measure': '⛔',
};

const longMessage = 500;

export const withNeeds = (text: string, needs: string | undefined): string =>
  needs === undefined ? text : `${text}; would be decided by ${needs}`;

/** The first line says whether to go on reading, and what for. */
export const verdictPart: Section = (report) => {
  const kind = reportVerdict(report);
  const { run } = report;
  const phrases = reportPhrases(report);
  const advice = kind === 'pass' ? ': no action needed' : ` · ${phrases[0]}`;
  return [
    `### ${signs[kind]} ${verdictTitles[kind]} ${escapeMarkdown(run.provenance.project)}${advice}`,
    '',
    [...(kind === 'pass' ? phrases : phrases.slice(1)), ...tookWords(run)].join(' · '),
    ...qualifications(run).map((text) => `\n> ${escapeMarkdown(text, longMessage)}`),
  ].join('\n');
};

/** Kept objectives that stand in nobody's way. */
const fewKept = 3;

/** Where something is to be read, many kept objectives are folded away: they would stand before it. */
export const objectivesPart: Section = (report, most) => {
  const rows = objectiveRows(viewBenchmarks(report.run));
  const kept = rows.filter(({ kind }) => kind === 'pass');
  if (reportVerdict(report) === 'pass' || kept.length <= fewKept) return objectivesTable(rows, most);
  const others = objectivesTable(
    rows.filter(({ kind }) => kind !== 'pass'),
    most,
  );
  const folded = details(`${plural(kept.length, 'objective')} kept`, objectivesTable(kept, most));
  return [others, folded].filter((part) => part !== '').join('\n\n');
};

function objectivesTable(rows: readonly ObjectiveRow[], most: number): string {
  if (rows.length === 0) return '';
  const cells = ({ kind, benchmark, objective, value, note, needs }: ObjectiveRow): readonly string[] => [
    signs[kind],
    escapeMarkdown(benchmark),
    escapeMarkdown(objective),
    value,
    escapeMarkdown(withNeeds(note, needs), longMessage),
  ];
  return markdownTable(['', 'benchmark', 'objective', 'value#', 'against the limit'], rows.map(cells), most);
}

/** What stands behind every objective that was not kept, and what to try. */
export const advicePart: Section = (report, most) => {
  const lines = recommendationsOf(report).map(({ benchmark, objective, fate, evidence, attempts }) =>
    [
      `- **${escapeMarkdown(benchmark)}** ${escapeMarkdown(objective)}: ${escapeMarkdown(fate, longMessage)}`,
      ...evidence.map((each) => `  - ${escapeMarkdown(each, longMessage)}`),
      ...attempts.map((each) => `  - *Try:* ${escapeMarkdown(each, longMessage)}`),
    ].join('\n'),
  );
  return lines.length === 0 ? '' : ['#### What stands behind it', '', ...cut(lines, Math.min(most, 20))].join('\n');
};

export const failuresPart: Section = ({ run }, most, root) => {
  const failures = viewFailures(run);
  const named = new Set(failures.map(({ benchmark }) => benchmark));
  const silent = viewBenchmarks(run).filter(
    ({ plan, verdict }) => verdict.kind === 'could-not-measure' && !named.has(plan.id),
  );
  if (failures.length + silent.length === 0) return '';
  const lines = [
    ...failures.map(({ benchmark, error, rounds, location }) => [
      `- **${escapeMarkdown(benchmark)}**${rounds === '' ? '' : ` (${rounds})`}: ${escapeMarkdown(error.message, longMessage)}`,
      ...(error.hint === undefined ? [] : [`  Hint: ${escapeMarkdown(error.hint, longMessage)}`]),
      ...(location ? [`  At ${escapeMarkdown(formatLocation(location, root))}`] : []),
    ]),
    ...silent.map(({ plan, verdict }) => [
      `- **${escapeMarkdown(plan.id)}**: ${escapeMarkdown(verdict.reasons.map(({ message }) => message).join('; '), longMessage)}`,
    ]),
  ].map((parts) => parts.join('  \n'));
  return ['#### Could not measure', '', ...cut(lines, most)].join('\n');
};

export const remarksPart: Section = (report, most) => {
  const lines = remarksOf(report).map(
    ({ message, about }) =>
      `- ${about.length === 0 ? '' : `${nameSome(about.map((name) => escapeMarkdown(name)))}: `}${escapeMarkdown(message, longMessage)}`,
  );
  return lines.length === 0 ? '' : ['#### Remarks', '', ...cut(lines, Math.min(most, 20))].join('\n');
};

export const nextPart: Section = (report) => {
  const steps = nextSteps(report).map(({ command, purpose }) => `${command}  # ${purpose}`);
  return steps.length === 0 ? '' : ['#### Next', '', codeBlock(steps)].join('\n');
};

function cut(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `- and ${lines.length - most} more`];
}

import { formatNumber } from '@perfkeel/core';
import { codeBlock, escapeMarkdown } from '../markdown/escape.ts';
import { details, markdownTable } from '../markdown/table.ts';
import { shellWord } from '../view/next-steps.ts';
import { enumerate, formatShare, plural } from '../view/words.ts';
import type { CiProject, CiReport, CiSide } from './ci-report.ts';
import { fates, onlyWarning, rowsOf } from './rank-rows.ts';
import { rowsTable } from './row-cells.ts';
import { skippedFiles } from './selection-part.ts';

const most = 10;
const commit = /^[0-9a-f]{7,64}$/;

const sideText = ({ label, sha }: CiSide): string =>
  sha !== undefined && commit.test(sha) && !label.includes(sha.slice(0, 7))
    ? `${escapeMarkdown(label)} (${sha.slice(0, 7)})`
    : escapeMarkdown(label);

const names = (texts: readonly string[]): string =>
  texts.length <= most
    ? enumerate(texts.map((text) => escapeMarkdown(text)))
    : `${texts
        .slice(0, most)
        .map((text) => escapeMarkdown(text))
        .join(', ')} and ${formatNumber(texts.length - most)} more`;

/** What was held against what, and which projects ran. */
export function comparedPart(report: CiReport): string {
  const { base, head, projects } = report;
  const why = base?.why === undefined ? '' : `: ${escapeMarkdown(base.why, 300)}`;
  const measured = projects.filter(({ rows }) => rows.some(({ rounds }) => rounds > 0));
  const lines = [
    ...(base && head
      ? [`**Compared:** ${sideText(head)} with ${sideText(base)}${why}. Both sides built and measured here, in turns.`]
      : []),
    ...(measured.length > 0
      ? [`**Measured:** ${plural(measured.length, 'project')}: ${names(measured.map(({ project }) => project))}.`]
      : []),
    ...controlLine(projects),
    ...notRunLine(report),
    ...[...warningsInFront(report), ...report.notes].slice(0, most).map((note) => `> ${escapeMarkdown(note, 300)}`),
  ];
  return lines.join('\n\n');
}

/** The first one of each: what could not be compared comes before what the machine did. */
const warningsInFront = (report: CiReport): readonly string[] =>
  onlyWarning(report).flatMap(({ project, warnings: [first] }) =>
    first === undefined ? [] : [`${project}: ${first}`],
  );

function notRunLine(report: CiReport): readonly string[] {
  const { skipped, all } = skippedFiles(report);
  if (skipped > 0)
    return [`**Not run:** ${formatNumber(skipped)} of ${plural(all, 'perf file')}, for which nothing changed.`];
  const { length } = report.skipped;
  return length > 0 ? [`**Not run:** ${plural(length, 'project')} that nothing changed for.`] : [];
}

function controlLine(projects: readonly CiProject[]): readonly string[] {
  const controls = projects.flatMap(({ control }) => (control ? [control] : []));
  if (controls.length === 0) return [];
  const pairs = controls.reduce((sum, control) => sum + control.pairs, 0);
  const largest = Math.max(...controls.map((control) => control.largest));
  return [`**Noise:** identical code came out up to ${formatShare(largest)} apart here (${plural(pairs, 'pair')}).`];
}

/** How to see it again, and how to say that it is meant. Commands are made here, never taken from a file. */
export function whatToDoPart(report: CiReport): string {
  const failing = rowsOf(report, 'failing');
  const [first] = failing;
  if (!first) return '';
  const { project, row } = first;
  const base = project.base?.sha ?? report.base?.sha;
  const folder = project.folder === '' ? '' : ` -C ${shellWord(project.folder)}`;
  const against = base !== undefined && commit.test(base) ? base.slice(0, 12) : 'main';
  const literal = row.label.replace(/[\\*]/g, '\\$&');
  const content = [
    'Measure the largest one again:',
    codeBlock([`npx perfkeel compare --against ${against}${folder} ${shellWord(row.benchmark)}`]),
    'Intended? Write down why, and commit the file that this writes; it is reviewed with the change:',
    codeBlock([`npx perfkeel accept ${shellWord(literal)} --reason "why"${folder}`]),
    'Noise? Run the job again: each row was measured twice, with fresh processes, before it failed.',
  ].join('\n\n');
  return details('What to do about it', content);
}

/** Everything that was compared. */
export function allRowsPart(report: CiReport): string {
  const rows = fates.flatMap((fate) => rowsOf(report, fate));
  return rows.length === 0 ? '' : details(`All ${plural(rows.length, 'result')}`, rowsTable(report, rows));
}

/** Machines and warnings. */
export function environmentPart(report: CiReport): string {
  const [first] = report.projects;
  const pairs = (first?.environment ?? []).map(([name, value]) => [escapeMarkdown(name), escapeMarkdown(value)]);
  const warnings = report.projects.flatMap(({ project, warnings }) =>
    warnings.map((warning) => `- ${escapeMarkdown(project)}: ${escapeMarkdown(warning, 300)}`),
  );
  const parts = [pairs.length > 0 ? markdownTable(['', ''], pairs) : '', warnings.join('\n')];
  const content = parts.filter((part) => part !== '').join('\n\n');
  return content === '' ? '' : details('Environment and warnings', content);
}

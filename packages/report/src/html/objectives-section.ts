import type { Report, VerdictKind } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { limitBar } from '../svg/limit-bar.ts';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { objectiveRows, type ObjectiveRow } from '../view/objective-row.ts';
import { columns, table } from './table.ts';

const fates: Record<VerdictKind, string> = {
  pass: '✓ kept',
  warn: '! within tolerance',
  fail: '✗ missed',
  inconclusive: '? undecided',
  'could-not-measure': '! not measured',
};

/** Every objective with its value, its interval and its headroom, the worst first. */
export function objectivesSection({ run }: Report): Markup {
  const benchmarks = viewBenchmarks(run);
  const rows = objectiveRows(benchmarks);
  if (rows.length === 0) return nothing;
  const anchorOf = (name: string): string => `#b${benchmarks.findIndex(({ plan }) => plan.id === name)}`;
  return el(
    'section',
    {},
    el('h2', {}, text('Objectives')),
    el(
      'p',
      { class: 'quiet' },
      text(
        'The upright line is the limit and the shaded side keeps it; the dot is the value, the line through it its interval.',
      ),
    ),
    table(
      columns('benchmark', 'objective', 'fate', 'value#', 'interval', 'against the limit', ''),
      rows.map((row, i) => cells(row, anchorOf(row.benchmark), i)),
    ),
  );
}

/** Letters of an objective for which the table has room beside everything else. */
const mostInLine = 28;

function cells(row: ObjectiveRow, anchor: string, index: number): readonly Markup[] {
  const { judgement, kind } = row;
  const { estimate } = judgement;
  const needs =
    row.needs === undefined ? nothing : el('p', { class: 'quiet' }, text(`would be decided by ${row.needs}`));
  const label = {
    id: `o${index}`,
    title: `${row.benchmark}: ${row.objective}`,
    description: `${row.value}, ${row.note}`,
  };
  return [
    el('a', { href: anchor }, text(row.benchmark)),
    el('code', { class: row.objective.length > mostInLine ? 'long' : undefined }, text(row.objective)),
    el('span', { class: `whole ${kind}` }, text(row.asExpected ? '✓ expected' : fates[kind])),
    text(row.value),
    estimate ? el('span', { class: 'interval-text', title: estimate.method }, text(row.interval)) : nothing,
    el('div', {}, text(row.note), needs),
    limitBar(label, judgement, kind) ?? nothing,
  ];
}

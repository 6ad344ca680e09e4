import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { effectAxis, effectStrip, type EffectAxis } from '../svg/effect-strip.ts';
import { allRows, reachOf, type ComparisonRow } from '../view/comparison-row.ts';
import { basisWords, gateWords, identicalWords } from '../view/comparison-words.ts';
import { formatShare } from '../view/words.ts';
import { shiftFigures } from './shift-figures.ts';
import { columns, table } from './table.ts';

/** All that was compared as a forest plot: one row each, with the interval and the zone that counts as no change. */
export function comparisonSection(report: Report, noChange: number): Markup {
  const { run, comparison } = report;
  if (!comparison) return nothing;
  const rows = allRows(run, comparison.comparisons).filter((row) => row.comparison.decision !== 'identical');
  const identical = identicalWords(comparison.comparisons);
  const axis: EffectAxis = { reach: reachOf(comparison.comparisons, noChange), noChange };
  const zone = formatShare(noChange);
  const label = {
    id: 'ca',
    title: 'axis of changes',
    description: `from −${axis.reach * 100} % to +${axis.reach * 100} %`,
  };
  const [name, base, head, change, decision, rounds] = columns(
    'benchmark',
    'base#',
    'head#',
    'change [interval]',
    'decision',
    'rounds#',
  );
  return el(
    'section',
    {},
    el('h2', {}, text(`Changes against ${comparison.base.label}`)),
    rows.length === 0
      ? nothing
      : el(
          'p',
          { class: 'quiet' },
          text(
            `Each dot is the change from base to head, the line its interval over the rounds. Up to ${zone} either way, the shaded zone, counts as no change.`,
          ),
        ),
    ...gateWords(run, rows).map((words) => el('p', { class: 'quiet' }, text(words))),
    rows.length === 0
      ? nothing
      : table(
          [name!, base!, head!, change!, { title: effectAxis(label, axis) }, decision!, rounds!],
          rows.map((row, i) => cells(row, axis, i)),
        ),
    ...shiftFigures(report, noChange),
    comparison.comparisons.length === 0
      ? el('p', {}, text('The two runs have nothing in common to compare.'))
      : nothing,
    ...(identical === '' ? [] : [el('p', {}, text(`${identical}.`))]),
    ...basisWords(comparison).map((words) => el('p', { class: 'quiet' }, text(words))),
    ...(comparison.reproduce === undefined
      ? []
      : [el('p', {}, text('Measure it again: '), el('code', {}, text(comparison.reproduce)))]),
  );
}

const arrows = { up: '▲ ', down: '▼ ', none: '' } as const;

function cells(row: ComparisonRow, axis: EffectAxis, index: number): readonly Markup[] {
  const { drawn } = row;
  const { decision, verdict } = row.comparison;
  const label = { id: `c${index}`, title: row.label, description: `${row.change}, ${row.word}` };
  const reasons = [
    ...verdict.reasons.map(({ message }) => message),
    ...(verdict.needs === undefined ? [] : [`would be decided by ${verdict.needs}`]),
  ];
  return [
    text(row.label),
    text(row.base),
    text(row.head),
    drawn ? el('span', { class: 'interval-text' }, text(row.change)) : text(row.change),
    drawn ? effectStrip(label, drawn, decision, axis) : nothing,
    el(
      'div',
      {},
      el('span', { class: decision }, text(arrows[row.direction] + row.word)),
      ...reasons.filter((reason) => reason !== row.change).map((reason) => el('p', { class: 'quiet' }, text(reason))),
    ),
    text(row.rounds),
  ];
}

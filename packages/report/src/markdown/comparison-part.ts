import { changedRows, type ComparisonRow } from '../view/comparison-row.ts';
import { basisWords, gateWords, quietWords, roundsWords } from '../view/comparison-words.ts';
import { codeBlock, escapeMarkdown } from './escape.ts';
import { signs, withNeeds, type Section } from './sections.ts';
import { markdownTable } from './table.ts';

const longMessage = 500;
const arrows = { up: '▲ ', down: '▼ ', none: '' } as const;

/** What changed or may have, and one line for everything else; below it what was compared and how to do it again. */
export const changesPart: Section = ({ run, comparison }, most) => {
  if (!comparison) return '';
  const rows = changedRows(run, comparison.comparisons);
  const titles = ['', 'benchmark', 'base#', 'head#', 'change', '', 'rounds#'];
  const rounds = roundsWords(comparison);
  const basis = basisWords(comparison).map((words) => escapeMarkdown(words, longMessage));
  return [
    `#### Changes against ${escapeMarkdown(comparison.base.label)}`,
    '',
    ...gateWords(run, rows).flatMap((words) => [words, '']),
    ...(rows.length > 0 ? [markdownTable(titles, rows.map(cells), most), ''] : []),
    comparison.comparisons.length === 0
      ? 'Nothing in common to compare.'
      : escapeMarkdown(quietWords(comparison), longMessage),
    ...(basis.length > 0 ? ['', [...basis, ...(rounds === undefined ? [] : [`Took ${rounds}.`])].join(' ')] : []),
    ...(comparison.reproduce === undefined ? [] : ['', 'Measure it again:', '', codeBlock([comparison.reproduce])]),
  ].join('\n');
};

const cells = ({
  comparison,
  label,
  base,
  head,
  change,
  direction,
  word,
  rounds,
}: ComparisonRow): readonly string[] => [
  signs[comparison.verdict.kind],
  escapeMarkdown(label),
  base,
  head,
  escapeMarkdown(withNeeds(change, comparison.verdict.needs), longMessage),
  arrows[direction] + word,
  rounds,
];

import { formatQuantity } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { allRows } from '../view/comparison-row.ts';
import { environmentPairs, provenancePairs } from '../view/environment-words.ts';
import { describeMeasured, evidenceItems } from '../view/evidence.ts';
import { ratioText, viewGroups } from '../view/group-view.ts';
import { escapeMarkdown } from './escape.ts';
import type { Section } from './sections.ts';
import { details, markdownTable } from './table.ts';

/** What every benchmark measured. */
export const measurementsDetail: Section = ({ run }, most) => {
  const measured = viewBenchmarks(run).filter(({ metrics }) => metrics.length > 0);
  if (measured.length === 0) return '';
  const rows = measured.map((view) => [
    escapeMarkdown(view.plan.id),
    escapeMarkdown(describeMeasured(view)),
    escapeMarkdown(evidenceItems(view).join(', '), 1000),
  ]);
  return details('Measurements', markdownTable(['benchmark', 'measured', 'figures'], rows, most));
};

/** Alternatives of one thing. */
export const groupsDetail: Section = ({ run }, most) => {
  const tables = viewGroups(viewBenchmarks(run)).map(({ name, metric, label, members, bestWord }) => {
    const rows = members.map(({ benchmark, value, isBest, ratio }) => [
      escapeMarkdown(benchmark.plan.id),
      value === undefined || !metric ? 'no value' : formatQuantity(value, metric.unit),
      isBest ? bestWord : ratio ? escapeMarkdown(ratioText(ratio)) : '',
    ]);
    const title = `**${escapeMarkdown(name)}**`;
    return `${title}\n\n${markdownTable(['alternative', `${escapeMarkdown(label)}#`, `change from the ${bestWord}`], rows, most)}`;
  });
  return tables.length === 0 ? '' : details('Side by side', tables.join('\n\n'));
};

/** All that was compared, with what did not change. */
export const comparedDetail: Section = ({ run, comparison }, most) => {
  if (!comparison || comparison.comparisons.length === 0) return '';
  const rows = allRows(run, comparison.comparisons).map(({ label, base, head, change, word }) => [
    escapeMarkdown(label),
    base,
    head,
    escapeMarkdown(change),
    word,
  ]);
  return details('All that was compared', markdownTable(['benchmark', 'base#', 'head#', 'change', ''], rows, most));
};

/** The machine and the code. */
export const environmentDetail: Section = ({ run }) => {
  const doubts = run.environment.warnings.map(({ message }) => ['**doubt**', escapeMarkdown(message)]);
  const pairs = [...environmentPairs(run.environment), ...provenancePairs(run)];
  const rows = [...doubts, ...pairs.map(([name, value]) => [name, escapeMarkdown(value)])];
  return details('Environment', markdownTable(['', ''], rows));
};

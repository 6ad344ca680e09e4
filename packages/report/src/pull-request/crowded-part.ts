import { formatNumber } from '@perfkeel/core';
import { escapeMarkdown } from '../markdown/escape.ts';
import { shownEffect, sizeWords } from '../view/shown-effect.ts';
import { plural } from '../view/words.ts';
import type { CiProject, CiReport } from './ci-report.ts';
import { fateOf } from './rank-rows.ts';

interface Group {
  readonly name: string;
  readonly items: readonly string[];
}

const shortName = 40;

function itemsOf({ rows, objectives, failures }: CiProject): readonly string[] {
  return [
    ...failures.map(({ benchmark }) => `${escapeMarkdown(benchmark ?? 'all of it', shortName)} not measured`),
    ...objectives
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'could-not-measure')
      .map(({ benchmark, objective }) => escapeMarkdown(`${benchmark} ${objective}`, shortName)),
    ...rows
      .filter((row) => fateOf(row) === 'failing')
      .map(
        ({ label, effect, unit, base }) =>
          `${escapeMarkdown(label, shortName)}${effect ? ` ${sizeWords(shownEffect(effect, unit, base))}` : ''}`,
      ),
  ];
}

/**
 * What fails, when there is no room for tables: every project with the number of its failing rows, and as many of their
 * names as fit, shared out evenly; the numbers are exact.
 */
export function crowdedPart(report: CiReport, budget: number, sizeOf: (text: string) => number): string {
  const groups = report.projects
    .map((project): Group => ({ name: escapeMarkdown(project.project, shortName), items: itemsOf(project) }))
    .filter(({ items }) => items.length > 0);
  let [fits, tooMany] = [0, 1 + Math.max(...groups.map(({ items }) => items.length), 0)];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (sizeOf(render(groups, middle)) <= budget) fits = middle;
    else tooMany = middle;
  }
  const text = render(groups, fits);
  if (sizeOf(text) <= budget) return text;
  const all = groups.reduce((sum, { items }) => sum + items.length, 0);
  return `**${formatNumber(all)} failing rows in ${plural(groups.length, 'project')}**; all are in the job summary.`;
}

function render(groups: readonly Group[], most: number): string {
  const lines = groups.map(({ name, items }) => {
    const shown = items.slice(0, most);
    const hidden = items.length - shown.length;
    const more = hidden > 0 ? [`${formatNumber(hidden)}${shown.length > 0 ? ' more' : ''} in comparison.json`] : [];
    return `**${name}: ${plural(items.length, 'failing row')}** ${[...shown, ...more].join(', ')}`;
  });
  return lines.join('\n\n');
}

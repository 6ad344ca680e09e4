import { formatQuantity } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { link } from './page-shell.ts';
import { dayOf } from './series-words.ts';
import { commitPath } from './site-paths.ts';
import { sparkline } from './sparkline.ts';
import type { Standing } from './standing.ts';

/** Rows with a drawing: whoever reads on looks for a name. */
const mostDrawn = 200;

// On a narrow screen there is no room for what comes last.
const heads = ['series', 'now', 'state and last change', 'newest runs'] as const;

/** Series of one environment, in the order given. */
export function seriesTable(rows: readonly Standing[], page: string, label: string): Markup {
  const several = new Set(rows.map(({ project }) => project)).size > 1;
  return el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label },
    el(
      'table',
      { class: 'series' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          heads.map((head) => el('th', { scope: 'col', class: head === 'now' ? 'number' : undefined }, text(head))),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((row, i) => seriesRow(row, page, several, i < mostDrawn)),
      ),
    ),
  );
}

const seriesRow = (row: Standing, page: string, withProject: boolean, drawn: boolean): Markup =>
  el(
    'tr',
    { 'data-worse': row.news === 'worse' },
    el(
      'th',
      { scope: 'row' },
      link(page, row.path, row.benchmark),
      el('div', {}, text([row.title, row.configuration, withProject ? row.project : ''].filter(Boolean).join(' · '))),
    ),
    el('td', { class: 'number' }, text(formatQuantity(row.now, row.unit))),
    el(
      'td',
      {},
      el('span', { class: `tag ${row.news}` }, text(row.state)),
      lastChange(row, page),
      row.note ? el('div', {}, text(row.note)) : nothing,
    ),
    el('td', {}, drawn ? sparkline(row.spark, `the newest ${row.spark.length} runs of ${row.benchmark}`) : nothing),
  );

function lastChange({ last }: Standing, page: string): readonly Markup[] {
  if (last === undefined) return [];
  const by = last.sha === undefined ? text(last.by) : link(page, commitPath(last.sha), last.by);
  const words = el('span', { class: `whole ${last.news}` }, text(last.words));
  return [
    el('div', {}, words, text(' by '), by, text(', '), el('span', { class: 'day' }, text(dayOf(last.at)))),
    last.cause === '' ? nothing : el('div', { class: 'quiet' }, text(last.cause)),
  ];
}

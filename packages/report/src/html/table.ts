import { el, text, type Markup } from '../markup/markup.ts';

export interface Column {
  readonly title: Markup;
  /** Numbers stand flush right. */
  readonly number?: boolean;
}

/**
 * A table whose first cell of each row names the row.
 *
 * @param places where the rows stand in a drawing of the same data, in pixels from its left edge
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Markup[])[],
  places?: readonly number[],
): Markup {
  const kind = (i: number): string | undefined => (columns[i]?.number ? 'number' : undefined);
  return el(
    'div',
    // Whoever has no pointer scrolls it by keys, so it must take the focus.
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'table' },
    el(
      'table',
      // Numbers that stand far apart are hard to read together.
      { class: columns.every(({ number }) => number) ? 'close' : undefined },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          columns.map(({ title }, i) => el('th', { scope: 'col', class: kind(i) }, title)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((cells, row) =>
          el(
            'tr',
            { 'data-x': places?.[row] === undefined ? undefined : Math.round(places[row]) },
            cells.map((cell, i) =>
              i === 0 ? el('th', { scope: 'row', class: kind(i) }, cell) : el('td', { class: kind(i) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Two columns of names and texts. */
export const pairsTable = (pairs: readonly (readonly [string, string])[]): Markup =>
  el(
    'table',
    { class: 'pairs' },
    el(
      'tbody',
      {},
      pairs.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, text(name)), el('td', {}, text(value)))),
    ),
  );

/** Plain titles; those that end in `#` are of numbers. */
export const columns = (...titles: readonly string[]): readonly Column[] =>
  titles.map((title) => ({ title: text(title.replace(/#$/, '')), number: title.endsWith('#') }));

/** Data behind a drawing, folded away. */
export const dataTable = (title: string, content: Markup): Markup =>
  el('details', {}, el('summary', {}, text(title)), content);

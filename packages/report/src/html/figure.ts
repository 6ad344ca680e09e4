import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { valueColumn } from '../svg/chart.ts';
import { dataTable } from './table.ts';

export interface Figure {
  readonly drawing: Markup;
  /** Which end is seen first where there is no room for all of the drawing. @default 'start' */
  readonly opensAt?: 'start' | 'end' | undefined;
  /** What the drawing shows, and how to read it. */
  readonly sentence: string;
  /** Names the data. */
  readonly tableTitle: string;
  readonly data: Markup;
  /** A second table; left out without data. */
  readonly more?: { readonly title: string; readonly data: Markup | undefined } | undefined;
}

/** A drawing with one sentence and its data as a table, folded away. */
export const figure = ({ drawing, opensAt, sentence, tableTitle, data, more }: Figure): Markup =>
  el(
    'figure',
    {},
    el('div', { class: opensAt === 'end' ? 'plot from-end' : 'plot' }, drawing, valueColumn(drawing)),
    el('figcaption', {}, text(sentence)),
    dataTable(tableTitle, data),
    more?.data === undefined ? nothing : dataTable(more.title, more.data),
  );

import { formatQuantity, type CommitPlace, type ExplainedChange, type Unit } from '@perfkeel/core';
import { columns, table } from '../html/table.ts';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { effectAxis, effectStrip, type EffectAxis } from '../svg/effect-strip.ts';
import { givenEffect, shownEffect } from '../view/shown-effect.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import { link } from './page-shell.ts';
import { causeWords, dayOf, effectWords, isExcused, placeWords } from './series-words.ts';
import { commitPath } from './site-paths.ts';

/** A change of one series, with what a row of a table says of the series. */
export interface ChangeRow {
  readonly change: ExplainedChange;
  readonly unit: DashboardSeries['unit'];
  /** What stands at the head of the row, when the table is of several series. */
  readonly name?: Markup | undefined;
}

/** Changes below this are hardly worth a look, and make the middle of the drawing. */
const noChange = 0.02;

/** A table with a forest plot: how large each change is and which commits may hold it. */
export function changesTable(rows: readonly ChangeRow[], page: string, id: string): Markup {
  if (rows.length === 0) return nothing;
  const axis: EffectAxis = { reach: reachOf(rows), noChange };
  const named = rows.some(({ name }) => name !== undefined);
  const head = columns(named ? 'series' : 'since', 'change', 'drawn', 'level', 'commits');
  const heads = head.map((column) =>
    column.title === text('drawn')
      ? { title: effectAxis({ id: `${id}-axis`, title: 'axis', description: 'relative change' }, axis) }
      : column,
  );
  return table(
    heads,
    rows.map(({ change, unit, name }, i) => [
      name ?? el('span', { class: 'whole' }, text(dayOf(change.at))),
      el('span', { class: `whole ${isExcused(change) ? 'neither' : change.news}` }, text(effectWords(change, unit))),
      strip(change, unit, `${id}-${i}`, axis),
      el(
        'span',
        { class: 'whole' },
        text(`${formatQuantity(change.before, unit)} to ${formatQuantity(change.after, unit)}`),
      ),
      el('div', {}, commits(change, page), why(change)),
    ]),
  );
}

const why = (change: ExplainedChange): Markup => {
  const words = causeWords(change);
  return words === '' ? nothing : el('div', { class: 'quiet' }, text(words));
};

const decisionOf = (change: ExplainedChange): 'regressed' | 'improved' | 'accepted' =>
  isExcused(change) || change.news === 'neither' ? 'accepted' : change.news === 'worse' ? 'regressed' : 'improved';

function strip(change: ExplainedChange, unit: Unit, id: string, axis: EffectAxis): Markup {
  const { value, lo, hi } = change.effect;
  if (Number.isNaN(value)) return nothing;
  const words = effectWords(change, unit);
  const bounded = { value, lo: Number.isNaN(lo) ? value : lo, hi: Number.isNaN(hi) ? value : hi };
  return effectStrip({ id, title: words, description: words }, bounded, decisionOf(change), axis);
}

const steps = [0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 0.8, 1, 2, 5, 10];

/** What is told as a difference is clipped: it may be many times next to nothing. */
function reachOf(rows: readonly ChangeRow[]): number {
  const sizes = rows
    .filter(({ change, unit }) => !shownEffect(givenEffect(change.effect), unit, change.before).difference)
    .map(({ change }) => Math.abs(change.effect.value))
    .filter(Number.isFinite);
  const most = Math.max(0.05, ...sizes) * 1.1;
  return steps.find((step) => step >= most) ?? 10;
}

/** `after a1b2c3d, by e4f5a6b`: the commits between them are what may have done it. */
function commits({ range: { after, upTo } }: ExplainedChange, page: string): Markup {
  if (after.sha !== undefined && after.sha === upTo.sha) {
    return el('span', { class: 'whole' }, text('with '), place(upTo, page), text(' on both sides'));
  }
  return el('span', { class: 'whole' }, text('after '), place(after, page), text(', by '), place(upTo, page));
}

export const place = (where: CommitPlace, page: string): Markup =>
  where.sha === undefined ? text(placeWords(where)) : link(page, commitPath(where.sha), placeWords(where));

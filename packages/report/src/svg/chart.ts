import type { Unit } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';

/** What every chart says of itself to those who cannot see it. */
export interface ChartLabel {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** A chart of values of one unit. */
export interface ValueChart extends ChartLabel {
  readonly unit: Unit;
}

/** Lines over one another. */
export interface LinesChart<Line> extends ValueChart {
  /** At most six can be told apart; more are not drawn. */
  readonly lines: readonly Line[];
}

/** An svg of a fixed size in pixels, which shrinks with the page but never grows, so that letters keep their size. */
export function chart(label: ChartLabel, width: number, height: number, ...children: readonly Markup[]): Markup {
  const { id, title, description } = label;
  return el(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': `${id}-t ${id}-d` },
    el('title', { id: `${id}-t` }, text(title)),
    el('desc', { id: `${id}-d` }, text(description)),
    ...children.map((child, i) => withAxisId(child, `${id}-y${i}`)),
  );
}

const axisStart = '<g class="axis values">';
const axisId = /<g id="([^"]*)" class="axis values">/g;

/** A name for what `valueColumn` shows again. */
const withAxisId = (part: Markup, id: string): Markup =>
  part.replace(axisStart, `<g id="${id}" class="axis values">`) as Markup;

/**
 * The values on the left of a drawing once more, by themselves: on a narrow screen they stand still while the drawing is
 * moved under them. Nothing for a drawing without such an axis.
 */
export function valueColumn(drawing: Markup): Markup {
  const [, height] = /^<svg width="720" height="([\d.]+)"/.exec(drawing) ?? [];
  const axes = [...drawing.matchAll(axisId)];
  if (height === undefined || axes.length === 0) return nothing;
  return el(
    'svg',
    { class: 'value-column', viewBox: `0 0 ${axisRoom} ${height}`, 'aria-hidden': 'true' },
    axes.map(([, id]) => el('use', { href: `#${id!}` })),
  );
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** The inner rectangle of a chart, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The width of a drawing that stands alone, and what of it belongs to the values on its left. */
export const plotWidth = 720;
const axisRoom = 72;

/** The frame of such a drawing, with room for values on its left and an axis below. */
export const plotFrame = (height: number, top: number, right = 16): Frame => ({
  left: axisRoom,
  right: plotWidth - right,
  top,
  bottom: height - 28,
});

/** About the width of a letter of an axis. */
export const letter = 6.6;

/** The ticks whose labels do not touch; of two that would, the earlier one is left out, so that the last one stays. */
export function spaced(ticks: readonly Tick[], gap = 8): readonly Tick[] {
  const kept: Tick[] = [];
  let free = Infinity;
  for (const tick of [...ticks].reverse()) {
    const half = (tick.label.length * letter) / 2;
    if (tick.at + half > free) continue;
    kept.unshift(tick);
    free = tick.at - half - gap;
  }
  return kept;
}

/** Labels under the frame, with grid lines through it. */
export const bottomAxis = (ticks: readonly Tick[], { top, bottom }: Frame): Markup =>
  el(
    'g',
    { class: 'axis' },
    spaced(ticks)
      .map(({ at, label }) => [
        el('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom }),
        el('text', { x: at, y: bottom + 16, 'text-anchor': 'middle' }, text(label)),
      ])
      .flat(),
  );

/** Labels left of the frame, with grid lines through it. What is moved under the labels is hidden by what lies behind them. */
export const leftAxis = (ticks: readonly Tick[], { left, right, top, bottom }: Frame): Markup =>
  el(
    'g',
    { class: 'axis values' },
    el('rect', { class: 'behind', x: 0, y: top - 6, width: left - 4, height: bottom - top + 12 }),
    ticks
      .map(({ at, label }) => [
        el('line', { class: 'grid', x1: left, x2: right, y1: at, y2: at }),
        el('text', { x: left - 8, y: at + 4, 'text-anchor': 'end' }, text(label)),
      ])
      .flat(),
  );

/** One word about an axis, above its upper end. */
export const leftTitle = (words: string, { left, top }: Frame): Markup =>
  el('text', { class: 'axis-title', x: left - 64, y: top - 8 }, text(words));

export interface LegendEntry {
  readonly name: string;
  /** The class of its line. */
  readonly style: string;
}

/** Names beside short pieces of their lines, in one row from the left; names that would not fit are shortened. */
export function legend(entries: readonly LegendEntry[], { left, right, top }: Frame): Markup {
  const room = (right - left) / Math.max(entries.length, 1) - 34;
  const names = entries.map(({ name }) => shortened(name, Math.max(Math.floor(room / letter), 4)));
  let x = left;
  const parts = entries.map(({ style }, i) => {
    const at = x;
    x += names[i]!.length * letter + 40;
    return [
      el('line', { class: style, x1: at, x2: at + 18, y1: top - 12, y2: top - 12 }),
      el('text', { x: at + 24, y: top - 8 }, text(names[i]!)),
    ];
  });
  return el('g', { class: 'legend' }, parts.flat());
}

/** The names of lines in the order of their styles. */
export const lineLegend = (lines: readonly { readonly name: string }[], frame: Frame): Markup =>
  legend(
    lines.map(({ name }, i) => ({ name, style: lineStyle(i) })),
    frame,
  );

/** A name in one line of at most so many letters. */
export const shortened = (name: string, most: number): string => {
  const letters = [...name.replaceAll('\n', ' ')];
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
};

/** Path data of a line through points, in tenths of a pixel. */
export const polyline = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${tenth(x)},${tenth(y)}`).join('');

export const tenth = (value: number): number => Math.round(value * 10) / 10;

/** The classes of lines that must be told apart: colours that differ, and dashes beside them. */
export const lineStyle = (index: number): string => `line s${index % mostLines}`;

/** More lines than these cannot be told apart. */
export const mostLines = 6;

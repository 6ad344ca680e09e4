import { el, text, type Markup } from '../markup/markup.ts';

/** What every chart says of itself to those who cannot see it. */
export interface ChartLabel {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** An svg of a fixed size in pixels, which shrinks with the page but never grows, so that letters keep their size. */
export function chart(label: ChartLabel, width: number, height: number, ...children: readonly Markup[]): Markup {
  const { id, title, description } = label;
  return el(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': `${id}-t ${id}-d` },
    el('title', { id: `${id}-t` }, text(title)),
    el('desc', { id: `${id}-d` }, text(description)),
    ...children,
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

/** Labels under the frame, with grid lines through it. */
export const bottomAxis = (ticks: readonly Tick[], { top, bottom }: Frame): Markup =>
  el(
    'g',
    { class: 'axis' },
    ticks
      .map(({ at, label }) => [
        el('line', { class: 'grid', x1: at, x2: at, y1: top, y2: bottom }),
        el('text', { x: at, y: bottom + 16, 'text-anchor': 'middle' }, text(label)),
      ])
      .flat(),
  );

/** Labels left of the frame, with grid lines through it. */
export const leftAxis = (ticks: readonly Tick[], { left, right }: Frame): Markup =>
  el(
    'g',
    { class: 'axis' },
    ticks
      .map(({ at, label }) => [
        el('line', { class: 'grid', x1: left, x2: right, y1: at, y2: at }),
        el('text', { x: left - 8, y: at + 4, 'text-anchor': 'end' }, text(label)),
      ])
      .flat(),
  );

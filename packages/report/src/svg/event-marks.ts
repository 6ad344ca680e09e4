import { el, text, type Markup } from '../markup/markup.ts';
import { spaced, type Frame } from './chart.ts';

/** Something that happened at a moment, in nanoseconds since the beginning. */
export interface ChartEvent {
  readonly at: number;
  readonly label: string;
}

/**
 * Upright lines with their words above the frame, or at `wordsAt`; where words would meet, only their lines are drawn.
 */
export function eventMarks(
  events: readonly ChartEvent[],
  place: (at: number) => number,
  frame: Frame,
  wordsAt = frame.top - 8,
): Markup {
  const { left, right, bottom } = frame;
  const inside = events
    .map(({ at, label }) => ({ at: place(at), label }))
    .filter(({ at }) => at >= left && at <= right)
    .sort((a, b) => a.at - b.at);
  const named = spaced(inside, 10);
  return el(
    'g',
    { class: 'event' },
    inside.map(({ at }) => el('line', { x1: at, x2: at, y1: wordsAt + 4, y2: bottom })),
    named.map(({ at, label }) =>
      el('text', { x: at, y: wordsAt, 'text-anchor': anchorAt(at, label, frame) }, text(label)),
    ),
  );
}

/** Words near an edge stay inside of the drawing. */
export function anchorAt(at: number, label: string, { left, right }: Frame): 'start' | 'middle' | 'end' {
  const half = label.length * 3.3;
  return at - half < left ? 'start' : at + half > right ? 'end' : 'middle';
}

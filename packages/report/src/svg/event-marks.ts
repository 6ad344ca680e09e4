import { el, text, type Markup } from '../markup/markup.ts';
import { letter, shortened, type Frame } from './chart.ts';

/** Something that happened at a moment, in nanoseconds since the beginning. */
export interface ChartEvent {
  readonly at: number;
  readonly label: string;
}

/** Longer words would leave no room for others. */
const longest = 32;

/**
 * Upright lines with their words above the frame, or at `wordsAt`; where words would meet, those of the later one in the
 * list are left out, and only its line is drawn.
 */
export function eventMarks(
  events: readonly ChartEvent[],
  place: (at: number) => number,
  frame: Frame,
  wordsAt = frame.top - 8,
): Markup {
  const { left, right, bottom } = frame;
  const inside = events
    .map(({ at, label }) => ({ at: place(at), label: shortened(label, longest) }))
    .filter(({ at }) => at >= left && at <= right);
  return el(
    'g',
    { class: 'event' },
    inside.map(({ at }) => el('line', { x1: at, x2: at, y1: wordsAt + 4, y2: bottom })),
    apart(inside, frame).map(({ at, label }) =>
      el('text', { x: at, y: wordsAt, 'text-anchor': anchorAt(at, label, frame) }, text(label)),
    ),
  );
}

/** Free pixels between words. */
const gap = 10;

function apart(events: readonly ChartEvent[], frame: Frame): readonly ChartEvent[] {
  const taken: (readonly [from: number, to: number])[] = [];
  return events.filter(({ at, label }) => {
    const width = label.length * letter;
    const from = at - { start: 0, middle: width / 2, end: width }[anchorAt(at, label, frame)];
    if (taken.some(([start, end]) => from < end + gap && from + width > start - gap)) return false;
    taken.push([from, from + width]);
    return true;
  });
}

/** Words near an edge stay inside of the drawing. */
export function anchorAt(at: number, label: string, { left, right }: Frame): 'start' | 'middle' | 'end' {
  const half = (label.length * letter) / 2;
  return at - half < left ? 'start' : at + half > right ? 'end' : 'middle';
}

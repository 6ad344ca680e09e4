import { text, type Markup } from '../markup/markup.ts';
import type { ChartEvent } from '../svg/event-marks.ts';
import type { CourseView } from '../view/course-view.ts';
import { enumerate, formatDuration } from '../view/words.ts';
import { columns, table } from './table.ts';

/** What is drawn upright. */
interface Drawn {
  readonly peak?: ChartEvent | undefined;
  readonly marks: readonly ChartEvent[];
}

/** More than these a sentence cannot hold. */
const namedMarks = 5;

/** What the upright lines in a drawing are, in one sentence; none without any. */
export function markSentence({ peak, marks }: Drawn): readonly string[] {
  if (marks.length === 0) return peak ? ['The upright line marks the greatest time.'] : [];
  const named = marks.slice(0, namedMarks).map(({ label }) => `“${label}”`);
  const more = marks.length > namedMarks ? [`${marks.length - namedMarks} more`] : [];
  const things = [...named, ...more, ...(peak ? ['the greatest time'] : [])];
  return [`${things.length === 1 ? 'The upright line marks' : 'Upright lines mark'} ${enumerate(things)}.`];
}

/** What happened when, and in which of several rounds; `undefined` when nothing did. */
export function eventsTable({ marks, panes }: CourseView): Markup | undefined {
  if (marks.length === 0) return undefined;
  const count = panes[0]!.lines[0]!.rounds.length;
  const roundsText = (rounds: readonly number[]): string =>
    rounds.length === count ? 'all' : rounds.map((round) => round + 1).join(', ');
  return table(
    columns('time', 'event', ...(count > 1 ? ['rounds'] : [])),
    marks.map(({ at, label, rounds }) => [
      text(formatDuration(at / 1e6)),
      text(label),
      ...(count > 1 ? [text(roundsText(rounds))] : []),
    ]),
  );
}

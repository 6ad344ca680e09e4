import { formatQuantity, type Unit } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { coursePlace, coursePlot, type CoursePane } from '../svg/course-plot.ts';
import type { BenchmarkView } from '../view/benchmark-view.ts';
import { eventsOf, viewCourse, type CourseView } from '../view/course-view.ts';
import { decimate, thin, type Points } from '../view/decimate.ts';
import { enumerate, formatDuration, plural } from '../view/words.ts';
import { eventsTable, markSentence } from './event-marks.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** More points of one line would be less than a pixel apart, and more rows than these nobody reads. */
const [mostPoints, mostRows] = [360, 120];

/** Rates and times over the run, one above the other. */
export function courseFigure(view: BenchmarkView, id: string): Markup {
  const course = viewCourse(view);
  if (!course) return nothing;
  const panes = course.panes.map((pane) => ({
    ...pane,
    lines: pane.lines.map((line) => ({ ...line, rounds: line.rounds.map((points) => decimate(points, mostPoints)) })),
  }));
  const rounds = course.panes[0]!.lines[0]!.rounds.length;
  const names = course.panes.flatMap(({ lines }) => lines.map(({ name }) => name));
  return figure({
    drawing: coursePlot({
      id,
      title: `${view.plan.id} over time`,
      description: `${enumerate(names)} in each interval of ${plural(rounds, 'round')}${course.peak ? `; the greatest time is ${course.peak.label}` : ''}`,
      panes,
      events: eventsOf(course),
    }),
    sentence: sentenceOf(names, rounds, course),
    tableTitle: 'Course as a table',
    data: courseTable(panes),
    more: { title: 'Events as a table', data: eventsTable(course) },
  });
}

function sentenceOf(names: readonly string[], rounds: number, course: CourseView): string {
  return [
    `${enumerate(names)} in each interval, over the same axis of time: what happened together stands together.`,
    ...(rounds > 1 ? [`One line for each of ${plural(rounds, 'round')}.`] : []),
    ...markSentence(course),
  ]
    .join(' ')
    .replace(/^./, (letter) => letter.toUpperCase());
}

interface Row {
  readonly round: number;
  readonly at: number;
  readonly cells: readonly (number | undefined)[];
}

/** A row for each moment of a round that any line has. */
function courseTable(panes: readonly CoursePane[]): Markup {
  const lines = panes.flatMap(({ unit, lines }) => lines.map((line) => ({ ...line, unit })));
  const count = Math.max(...lines.map(({ rounds }) => rounds.length));
  const rows = Array.from({ length: count }, (_, round) => rowsOf(lines, round)).flat();
  const shown = thin(rows, mostRows);
  const place = coursePlace(panes);
  return table(
    columns(...(count > 1 ? ['round'] : []), 'time', ...lines.map(({ name }) => `${name}#`)),
    shown.map(({ round, at, cells }) => [
      ...(count > 1 ? [text(round + 1)] : []),
      text(formatDuration(at / 1e6)),
      ...cells.map((value, i) => text(value === undefined ? '' : formatQuantity(value, lines[i]!.unit))),
    ]),
    shown.map(({ at }) => place(at)),
  );
}

function rowsOf(lines: readonly { readonly rounds: readonly Points[]; readonly unit: Unit }[], round: number): Row[] {
  const values = lines.map(({ rounds }) => new Map(rounds[round] ?? []));
  const times = [...new Set(values.flatMap((line) => [...line.keys()]))].sort((a, b) => a - b);
  return times.map((at) => ({ round, at, cells: values.map((line) => line.get(at)) }));
}

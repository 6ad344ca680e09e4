import type { Unit } from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import type { Points } from '../view/decimate.ts';
import {
  bottomAxis,
  chart,
  leftAxis,
  legend,
  lineStyle,
  plotFrame,
  plotWidth,
  polyline,
  type ChartLabel,
  type Frame,
} from './chart.ts';
import { eventMarks, type ChartEvent } from './event-marks.ts';
import { timeScale } from './time-scale.ts';
import { extentOf } from '../view/extent.ts';
import { valueScale, type ValueScale } from './value-scale.ts';

/** One thing over time. */
export interface CourseLine {
  readonly name: string;
  /** One list of [nanoseconds, value] for each round. */
  readonly rounds: readonly Points[];
  /** What was meant to happen, beside what did: drawn in dashes. */
  readonly intended?: boolean | undefined;
}

/** Lines of one unit, which share an axis. */
export interface CoursePane {
  readonly unit: Unit;
  readonly lines: readonly CourseLine[];
}

export interface CoursePlot extends ChartLabel {
  /** From top to bottom. */
  readonly panes: readonly CoursePane[];
  readonly events: readonly ChartEvent[];
}

const paneHeight = 120;
const headHeight = 26;
const axisHeight = 28;
const eventHeight = 14;

/** Words of events stand above the names of the lines. */
const frameOf = (index: number, events: number): Frame => {
  const top = headHeight * (index + 1) + paneHeight * index + (events > 0 ? eventHeight : 0);
  return { ...plotFrame(paneHeight, top), bottom: top + paneHeight };
};

function axisOf(panes: readonly CoursePane[]): ValueScale {
  const times = panes.flatMap(({ lines }) => lines.flatMap(({ rounds }) => rounds.flatMap(ends)));
  const { left, right } = frameOf(0, 0);
  return timeScale(Math.min(0, extentOf(times)[0]), extentOf(times)[1], [left, right]);
}

/** Where a moment stands, in pixels from the left edge of the drawing. */
export const coursePlace = (panes: readonly CoursePane[]): ((time: number) => number) => axisOf(panes).place;

/** Several things over one axis of time, one above the other, so that what happened together stands together. */
export function coursePlot(plot: CoursePlot): Markup {
  const { panes, events } = plot;
  const frameAt = (index: number): Frame => frameOf(index, events.length);
  const last = frameAt(panes.length - 1);
  const x = axisOf(panes);
  const whole = { ...last, top: frameAt(0).top };
  const drawn = panes.map((pane, i) => paneOf(pane, frameAt(i), x.place));
  const height = last.bottom + axisHeight;
  const marks = eventMarks(events, x.place, whole, eventHeight - 2);
  return chart(plot, plotWidth, height, bottomAxis(x.ticks, whole), marks, ...drawn);
}

const ends = (points: Points): readonly number[] =>
  points.length === 0 ? [] : [points[0]![0], points[points.length - 1]![0]];

function paneOf({ unit, lines }: CoursePane, frame: Frame, x: (time: number) => number): Markup {
  const values = lines.flatMap(({ rounds }) => rounds.flatMap((points) => points.map(([, value]) => value)));
  const typical = [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const y = valueScale(values, typical, unit, [frame.bottom, frame.top]);
  const solid = lines.filter(({ intended }) => !intended);
  const styles = lines.map((each) => (each.intended ? 'line intended' : lineStyle(solid.indexOf(each))));
  const pathOf = (points: Points): string => polyline(points.map(([at, value]) => [x(at), y.place(value)]));
  return el(
    'g',
    {},
    leftAxis(y.ticks, frame),
    legend(
      lines.map(({ name }, i) => ({ name, style: styles[i]! })),
      frame,
    ),
    // What was intended lies on top: where it was also done, its dashes are still seen.
    ...[...lines.keys()]
      .sort((a, b) => Number(lines[a]!.intended ?? false) - Number(lines[b]!.intended ?? false))
      .flatMap((i) =>
        lines[i]!.rounds.filter((points) => points.length > 0).map((points) =>
          el('path', { class: styles[i], d: pathOf(points) }, el('title', {}, text(lines[i]!.name))),
        ),
      ),
  );
}

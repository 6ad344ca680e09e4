import { median, type Unit } from '@perfkeel/core';
import type { CourseLine, CoursePane } from '../svg/course-plot.ts';
import type { ChartEvent } from '../svg/event-marks.ts';
import type { BenchmarkView, MetricView } from './benchmark-view.ts';
import { formatBound } from './censored.ts';
import { collectionMarks, collectionMetric } from './collection-marks.ts';
import { finitePoints, type Points } from './decimate.ts';
import { greatestOf } from './extent.ts';
import { formatDuration } from './words.ts';

/** More upright lines than these would hide what they stand in. */
const mostMarks = 64;

/** A metric over time in one round. */
export interface SeriesOfRound {
  readonly round: number;
  readonly points: Points;
  /** What an instrument says that happened meanwhile. */
  readonly marks: readonly ChartEvent[];
}

/** Every round in which a metric was recorded over time, without values that are no numbers. */
export const seriesOf = ({ rounds }: MetricView): readonly SeriesOfRound[] =>
  rounds.flatMap(({ data, round }) => {
    if (data.kind !== 'series') return [];
    const points = finitePoints(data.points);
    const marks = (data.marks ?? []).filter(({ at }) => Number.isFinite(at)).slice(0, mostMarks);
    return points.length > 1 ? [{ round, points, marks }] : [];
  });

/** Several values a moment are a distribution over time, which is a heatmap and no line. */
export function isDense(points: Points): boolean {
  let moments = 1;
  for (let i = 1; i < points.length; i++) if (points[i]![0] !== points[i - 1]![0]) moments++;
  return points.length >= 4 * moments;
}

/** Something that happened in some rounds. */
export interface CourseMark extends ChartEvent {
  readonly rounds: readonly number[];
}

/** What happened over time in a benchmark, by unit. */
export interface CourseView {
  readonly panes: readonly CoursePane[];
  /** The greatest time of all, where it stands out. */
  readonly peak?: ChartEvent | undefined;
  /** What instruments say that happened meanwhile, such as the end of a warm-up, in the order of time. */
  readonly marks: readonly CourseMark[];
}

/** Rates first, then times: what was asked stands above what came of it. */
const order: readonly Unit[] = ['1/s', 'ns', 'ratio', 'count'];

/** The words of a line, in the order in which lines stand: rates by what they count, times by the percentile that the interval gives. */
const words: Readonly<Record<string, string>> = {
  'intended-rate': 'intended',
  'sent-rate': 'sent',
  throughput: 'completed',
  'failed-rate': 'failed',
  'response-time': 'p99 of response-time',
  'schedule-lag': 'p99 of schedule-lag',
  'trial-rate': 'rate of each trial',
  'trial-throughput': 'completed in each trial',
  'trial-p99': 'p99 of each trial',
};

/** What a value over time is called: of a load, throughput over time is what was completed in each interval. */
export const courseName = (id: string): string => words[id] ?? id;

/** Bytes are a matter of slopes, and the trials of a capacity one of rates: both have drawings of their own. */
const isCourse = ({ metric }: MetricView): boolean => metric.unit !== 'B' && !metric.id.startsWith('trial-');

/** Everything that was recorded over time beside heaps and trials; `undefined` when nothing was. */
export function viewCourse({ metrics, boundFrom = Infinity }: BenchmarkView): CourseView | undefined {
  const recorded = metrics
    .filter(isCourse)
    .map((view) => ({ view, series: seriesOf(view).filter(({ points }) => !isDense(points)) }))
    .filter(({ series }) => series.length > 0);
  if (recorded.length === 0) return undefined;
  const units = [...new Set(recorded.map(({ view }) => view.metric.unit))];
  const rounds = [...new Set(recorded.flatMap(({ series }) => series.map(({ round }) => round)))].sort((a, b) => a - b);
  const rank = (unit: Unit): number => (order.indexOf(unit) + order.length + 1) % (order.length + 1);
  const panes = units
    .sort((a, b) => rank(a) - rank(b))
    .map((unit) => ({
      unit,
      lines: recorded
        .filter(({ view }) => view.metric.unit === unit)
        .sort((a, b) => placeOf(a.view.metric.id) - placeOf(b.view.metric.id))
        .map(({ view: { metric }, series }): CourseLine => ({
          name: courseName(metric.id),
          intended: metric.id === 'intended-rate',
          // What only some rounds have, such as failures, stays with its own.
          rounds: rounds.map((round) => series.find((each) => each.round === round)?.points ?? []),
        })),
    }));
  const [peak] = panes.flatMap((pane) => peakOf(pane, boundFrom));
  return { panes, ...(peak ? { peak } : {}), marks: marksOf(recorded.map(({ view }) => view)) };
}

const placeOf = (id: string): number => (Object.keys(words).indexOf(id) + 99) % 99;

/** Those of all rounds: rounds of one plan have most of them alike, which are drawn once and before what only one has. */
function marksOf(views: readonly MetricView[]): readonly CourseMark[] {
  const marks = new Map<string, { readonly at: number; readonly label: string; readonly rounds: Set<number> }>();
  for (const { round, told } of views.flatMap(toldOf)) {
    for (const { at, label } of told) {
      if (!Number.isFinite(at)) continue;
      const key = `${at} ${label}`;
      const mark = marks.get(key) ?? { at, label, rounds: new Set<number>() };
      marks.set(key, { ...mark, rounds: mark.rounds.add(round) });
    }
  }
  const all = [...marks.values()].map(({ rounds, ...mark }) => ({ ...mark, rounds: [...rounds] }));
  return all
    .sort(commonFirst)
    .slice(0, mostMarks)
    .sort((a, b) => a.at - b.at);
}

/** What an instrument says that happened in each round, and what its values say by themselves. */
const toldOf = (view: MetricView): readonly { readonly round: number; readonly told: readonly ChartEvent[] }[] =>
  view.rounds.flatMap(({ data, round }) => {
    if (data.kind !== 'series') return [];
    const { points, marks = [] } = data;
    // Where single collections are told, shares of the time say less.
    const seen = view.metric.id === collectionMetric && marks.length === 0 ? collectionMarks(finitePoints(points)) : [];
    return [{ round, told: [...marks, ...seen] }];
  });

const commonFirst = (a: CourseMark, b: CourseMark): number => b.rounds.length - a.rounds.length || a.at - b.at;

/** What is drawn on the axis of time. Where words have no room beside each other, those of the first are written. */
export const eventsOf = ({ peak, marks }: Pick<CourseView, 'peak' | 'marks'>): readonly ChartEvent[] => [
  ...(peak ? [peak] : []),
  ...[...marks].sort(commonFirst),
];

/** What happened in the interval at whose end the greatest time stands, or in the one before. */
export function marksAtPeak({ peak, marks, panes }: CourseView): readonly CourseMark[] {
  if (peak === undefined) return [];
  const [points = []] = panes[0]!.lines[0]!.rounds.filter(({ length }) => length > 1);
  const step = points.length > 1 ? (points.at(-1)![0] - points[0]![0]) / (points.length - 1) : 0;
  return marks.filter(({ at }) => at <= peak.at && at >= peak.at - 2 * step);
}

/** From this ratio to the usual value on, a moment is worth pointing at. */
export const notablePeak = 3;

/** The greatest time of all, where it stands out. */
function peakOf({ unit, lines }: CoursePane, boundFrom: number): readonly ChartEvent[] {
  const [line] = lines;
  if (unit !== 'ns' || !line) return [];
  const points = line.rounds.flat();
  const usual = median(points.map(([, value]) => value));
  const most = greatestOf(points.map(([, value]) => value));
  if (!(usual > 0) || most < notablePeak * usual) return [];
  const [at] = points.find(([, value]) => value === most)!;
  return [{ at, label: `${formatBound(most, unit, most >= boundFrom)} at ${formatDuration(at / 1e6)}` }];
}

import {
  formatNumber,
  formatQuantity,
  median,
  type ExplainedChange,
  type HistoryPoint,
  type Milestone,
  type Unit,
} from '@perfkeel/core';
import { text, type Markup } from '../markup/markup.ts';
import { figure } from '../html/figure.ts';
import { columns, table } from '../html/table.ts';
import { letter } from '../svg/chart.ts';
import { trendPlot, type Regime, type TrendChange } from '../svg/trend-plot.ts';
import { extentOf } from '../view/extent.ts';
import { plural } from '../view/words.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import type { CellsOf } from './run-cells.ts';
import { effectSize, effectWords, expectedNext, fewestRuns, isExcused, placeWords } from './series-words.ts';

/** More dots cannot be told apart in a drawing of this width; the least and greatest of each stretch stay. */
const mostDots = 240;

/** Rows of the table below: what is older is in the drawing alone. */
const mostRows = 50;

/** One series over its runs, with the levels, the changes between them, named runs, the objective, and what comes next. */
export function trendFigure(series: DashboardSeries, events: readonly Milestone[], cells: CellsOf): Markup {
  const { points, changes, unit, limits } = series;
  const values = points.map(({ value }) => value);
  const [limit] = limits;
  const drawn = limit !== undefined && isNear(limit.value, values);
  const next = expectedNext(series);
  // The newest changes are what somebody looks for.
  const marks = withRoom(
    [...changes.map((change) => changeMark(change, unit)).reverse(), ...eventMarks(points, events)],
    points.length,
  );
  const drawing = trendPlot({
    ...{ id: 'trend', title: `${series.title} of ${series.key.benchmark}`, description: describe(series), unit },
    values,
    regimes: points.length < fewestRuns ? [] : regimesOf(series),
    changes: marks,
    limit: drawn ? { value: limit.value, label: limit.source } : undefined,
    next,
    mostPoints: mostDots,
  });
  const older = points.length - Math.min(points.length, mostRows);
  return figure({
    drawing,
    // A single run stands at the left.
    opensAt: points.length > 1 ? 'end' : 'start',
    sentence: sentenceOf(series, limit === undefined || drawn ? undefined : limit.source),
    tableTitle:
      older === 0 ? 'Runs as a table' : `The newest ${mostRows} runs as a table, of ${formatNumber(points.length)}`,
    data: runsTable(series, cells),
  });
}

/** How to read the drawing. @param beyond the objective that is not in it */
const sentenceOf = ({ drifts, next }: DashboardSeries, beyond: string | undefined): string =>
  'One dot a run, oldest first; lines are levels between changes' +
  (drifts.length === 0 ? '' : ', where it drifts there is none') +
  '; upright marks are the first run of a new level' +
  (next === undefined ? '' : '; the bar at the right is where the next run is expected (90 %)') +
  (beyond === undefined ? '.' : `. The objective ${beyond} is too far away to be drawn.`);

/** A limit many times as far away as values are from each other would make one flat line of them. */
function isNear(limit: number, values: readonly number[]): boolean {
  const [low, high] = extentOf(values.filter(Number.isFinite));
  const span = Math.max(high - low, Math.abs(low + high) / 2 / leastSpan);
  return limit >= low - farthest * span && limit <= high + farthest * span;
}

/** Values that are steady have this part of their middle as a span; a limit is drawn within so many spans. */
const [leastSpan, farthest] = [20, 8] as const;

const describe = ({ points, changes }: DashboardSeries): string =>
  `${plural(points.length, 'run')}, ${plural(changes.length, 'change')} of level`;

const changeMark = (change: ExplainedChange, unit: Unit): TrendChange => ({
  index: change.index,
  label: `${change.cause.kind === 'machine' ? 'machine ' : ''}${effectSize(change, unit)}`,
  news: isExcused(change) ? 'neither' : change.news,
});

/** Named runs; the newest of a commit counts. */
const eventMarks = (points: readonly HistoryPoint[], events: readonly Milestone[]): readonly TrendChange[] =>
  events.flatMap(({ name, run, sha }): TrendChange[] => {
    const index = points.findLastIndex((point) => point.run === run || (sha !== undefined && point.sha === sha));
    return index < 0 ? [] : [{ index: index + 0.5, label: name.slice(0, 24), news: 'neither' }];
  });

/** About the width of the drawing, in pixels. */
const plotWidth = 630;

/** Labels that would meet one before them in the list are left out; their lines stay. */
export function withRoom(marks: readonly TrendChange[], runs: number): readonly TrendChange[] {
  const taken: (readonly [from: number, to: number])[] = [];
  return marks.map((mark) => {
    const half = (mark.label.length * letter) / 2 + 4;
    const at = (mark.index / Math.max(runs - 1, 1)) * plotWidth;
    const [from, to] = [at - half, at + half];
    if (taken.some(([first, last]) => first < to && from < last)) return { ...mark, label: '' };
    taken.push([from, to]);
    return mark;
  });
}

/** Levels between changes; a stretch that drifts has none. */
export function regimesOf({ points, changes, drifts }: DashboardSeries): readonly Regime[] {
  const placeOf = (run: string): number => points.findIndex((point) => point.run === run);
  const sloped = drifts.map(({ from, to }) => [placeOf(from.run), placeOf(to.run)] as const);
  const bounds = [0, ...changes.map(({ index }) => index), ...sloped.flatMap(([from, to]) => [from, to + 1])];
  const starts = [...new Set(bounds)].filter((at) => at >= 0 && at < points.length).sort((a, b) => a - b);
  return starts.flatMap((from, i) => {
    const to = (starts[i + 1] ?? points.length) - 1;
    if (sloped.some(([first, last]) => first <= from && to <= last)) return [];
    return [{ from, to, level: median(points.slice(from, to + 1).map(({ value }) => value)) }];
  });
}

function runsTable({ points, unit, changes }: DashboardSeries, cellsOf: CellsOf): Markup {
  const changed = new Map(changes.map((change) => [change.index, change]));
  const first = Math.max(0, points.length - mostRows);
  const shown = points.slice(first).map((point, i) => ({ point, change: changed.get(first + i) }));
  return table(
    columns('run', 'value#', 'commit', 'time', 'remarks'),
    shown.reverse().map(({ point, change }) => {
      const { run, commit, time } = cellsOf(point);
      return [run, text(formatQuantity(point.value, unit)), commit, time, text(remarks(point, change, unit))];
    }),
  );
}

const remarks = ({ dirty, disturbed }: HistoryPoint, change: ExplainedChange | undefined, unit: Unit): string =>
  [
    ...(change === undefined ? [] : [`${effectWords(change, unit)} since ${placeWords(change.range.after)}`]),
    ...(dirty ? ['uncommitted changes'] : []),
    ...(disturbed === undefined ? [] : [`disturbed: ${disturbed}`]),
  ].join('; ');

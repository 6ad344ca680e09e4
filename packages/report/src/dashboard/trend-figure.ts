import {
  formatChange,
  formatQuantity,
  median,
  type ExplainedChange,
  type HistoryPoint,
  type Milestone,
} from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import { figure } from '../html/figure.ts';
import { columns, table } from '../html/table.ts';
import { letter } from '../svg/chart.ts';
import { trendPlot, type Regime, type TrendChange } from '../svg/trend-plot.ts';
import { plural } from '../view/words.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import { link } from './page-shell.ts';
import { effectWords, fewestRuns, isExcused, minuteOf, placeWords, shortSha } from './series-words.ts';
import { commitPath } from './site-paths.ts';

/** More dots cannot be told apart in a drawing of this width; the least and greatest of each stretch stay. */
const mostDots = 240;

/** Rows of the table below: what is older is in the drawing alone. */
const mostRows = 50;

/** One series over its runs, with the levels, the changes between them, named runs, the objective, and what comes next. */
export function trendFigure(series: DashboardSeries, events: readonly Milestone[], page: string): Markup {
  const { points, changes, drifts, unit, limits, next } = series;
  const [limit] = limits;
  // The newest changes are what somebody looks for.
  const marks = withRoom([...changes.map(changeMark).reverse(), ...eventMarks(points, events)], points.length);
  const drawing = trendPlot({
    ...{ id: 'trend', title: `${series.title} of ${series.key.benchmark}`, description: describe(series), unit },
    values: points.map(({ value }) => value),
    regimes: points.length < fewestRuns ? [] : regimesOf(series),
    changes: marks,
    limit: limit === undefined ? undefined : { value: limit.value, label: limit.source },
    next,
    mostPoints: mostDots,
  });
  const older = points.length - Math.min(points.length, mostRows);
  return figure({
    drawing,
    sentence:
      'One dot a run, oldest first; lines are levels between changes' +
      (drifts.length === 0 ? '' : ', where it drifts there is none') +
      '; upright marks are the first run of a new level' +
      (next === undefined ? '.' : '; the bar at the right is where the next run is expected (90 %).'),
    tableTitle: older === 0 ? 'Runs as a table' : `The newest ${mostRows} runs as a table, of ${points.length}`,
    data: runsTable(series, page),
  });
}

const describe = ({ points, changes }: DashboardSeries): string =>
  `${plural(points.length, 'run')}, ${plural(changes.length, 'change')} of level`;

const changeMark = (change: ExplainedChange): TrendChange => ({
  index: change.index,
  label: `${change.cause.kind === 'machine' ? 'machine ' : ''}${formatChange(change.effect.value)}`,
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

function runsTable({ points, unit, changes }: DashboardSeries, page: string): Markup {
  const changed = new Map(changes.map((change) => [change.index, change]));
  const first = Math.max(0, points.length - mostRows);
  const shown = points.slice(first).map((point, i) => ({ point, change: changed.get(first + i) }));
  return table(
    columns('run', 'value#', 'commit', 'time', 'remarks'),
    shown
      .reverse()
      .map(({ point, change }) => [
        text(point.run),
        text(formatQuantity(point.value, unit)),
        commitCell(point, page),
        el('span', { class: 'whole' }, text(minuteOf(point.at))),
        text(remarks(point, change)),
      ]),
  );
}

const commitCell = ({ sha, branch }: HistoryPoint, page: string): Markup =>
  sha === undefined
    ? text(branch ?? '')
    : el('span', {}, link(page, commitPath(sha), shortSha(sha)), text(branch === undefined ? '' : ` ${branch}`));

const remarks = ({ dirty, disturbed }: HistoryPoint, change: ExplainedChange | undefined): string =>
  [
    ...(change === undefined ? [] : [`${effectWords(change.effect)} since ${placeWords(change.range.after)}`]),
    ...(dirty ? ['uncommitted changes'] : []),
    ...(disturbed === undefined ? [] : [`disturbed: ${disturbed}`]),
  ].join('; ');

import { formatNumber, formatQuantity, type TrendNote } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { plural } from '../view/words.ts';
import { changesTable } from './changes-table.ts';
import type { DashboardFacts, DashboardPage, DashboardSeries } from './dashboard-series.ts';
import { link, pageShell } from './page-shell.ts';
import type { CellsOf } from './run-cells.ts';
import { configurationWords, expectedNext, fewestRuns, minuteOf, presentValue } from './series-words.ts';
import { environmentPath, seriesPath } from './site-paths.ts';
import { trendFigure } from './trend-figure.ts';

/**
 * The page of one series.
 *
 * @param siblings all statistics and versions of the same metric, itself among them
 * @param percentiles the drawing of those of its version, empty for a single one
 * @param cells of its runs
 */
export function seriesPage(
  series: DashboardSeries,
  siblings: readonly DashboardSeries[],
  percentiles: Markup,
  cells: CellsOf,
  { title, environments, events }: DashboardFacts,
): DashboardPage {
  const { key, changes } = series;
  const path = seriesPath(key);
  const machine = environments.find(({ id }) => id === key.environment)?.title ?? key.environment;
  const newestFirst = [...changes].reverse();
  return {
    path,
    text: pageShell(
      {
        path,
        title: `${key.benchmark}: ${series.title}`,
        uses: 'drawings',
        above: [
          [title, 'index.html'],
          [machine, environmentPath(key.environment)],
        ],
      },
      el('h1', {}, text(key.benchmark)),
      el('p', { class: 'sub' }, text(subtitle(series))),
      el('p', { class: 'sub' }, text(`measured on ${machine}`)),
      figures(series),
      notes(series.notes),
      el('h2', {}, text('Trend')),
      trendFigure(series, events, cells),
      el('h2', {}, text('Changes')),
      changes.length === 0
        ? el('p', { class: 'quiet' }, text(noChange(series)))
        : changesTable(
            newestFirst.map((change) => ({ change, unit: series.unit })),
            path,
            'change',
          ),
      percentiles === nothing ? nothing : el('h2', {}, text('Percentiles')),
      percentiles,
      others(series, siblings, path),
    ),
  };
}

function noChange({ points, drifts }: DashboardSeries): string {
  if (points.length < fewestRuns) return `A change is found from ${fewestRuns} runs on, three on each side.`;
  return drifts.length > 0 ? 'No change at a single run was found: it drifts.' : 'No change of level was found.';
}

const betterWords = { lower: 'lower is better', higher: 'higher is better', neither: 'neither way is better' } as const;

const subtitle = ({ key, title, better, removed, ended }: DashboardSeries): string =>
  [
    title,
    configurationWords(key.configuration),
    betterWords[better],
    `project ${key.project}`,
    ...(removed ? ['no longer there'] : []),
    ...(ended ? ['before the benchmark changed'] : []),
  ]
    .filter(Boolean)
    .join(' · ');

function figures(series: DashboardSeries): Markup {
  const { points, unit, limits } = series;
  const next = expectedNext(series);
  const newest = points.at(-1)!;
  const entry = (name: string, value: string): Markup =>
    el('li', {}, el('span', {}, text(`${name} `)), el('strong', {}, text(value)));
  return el(
    'ul',
    { class: 'figures' },
    entry('now', formatQuantity(presentValue(series), unit)),
    entry('last run', `${formatQuantity(newest.value, unit)} at ${minuteOf(newest.at)}`),
    entry('runs', formatNumber(points.length)),
    ...limits.map(({ source }) => entry('objective', source)),
    ...(next === undefined
      ? []
      : [entry('next run (90 %)', `${formatQuantity(next.lo, unit)} to ${formatQuantity(next.hi, unit)}`)]),
  );
}

/** Single runs that stand alone are many in a noisy history. */
const mostAnomalies = 5;

/** Changes have a table of their own. */
function notes(all: readonly TrendNote[]): Markup {
  const anomalies = all.filter(({ kind }) => kind === 'anomaly');
  const shown = [
    ...all.filter(({ kind }) => kind !== 'change' && kind !== 'anomaly'),
    ...anomalies.slice(0, mostAnomalies),
  ];
  if (shown.length === 0) return nothing;
  const more = anomalies.length - mostAnomalies;
  return el(
    'ul',
    { class: 'notes' },
    shown.map(({ news, text: words }) => el('li', { class: news }, text(words))),
    more > 0 ? el('li', { class: 'neither' }, text(`${plural(more, 'more run')} that stood alone`)) : nothing,
  );
}

function others({ key }: DashboardSeries, siblings: readonly DashboardSeries[], path: string): Markup {
  const rest = siblings.filter((each) => each.key !== key);
  if (rest.length === 0) return nothing;
  return el(
    'p',
    {},
    text('Of the same metric: '),
    rest.flatMap((each, i) => [
      text(i === 0 ? '' : ', '),
      link(path, seriesPath(each.key), each.title + (each.ended ? ' (before the benchmark changed)' : '')),
    ]),
  );
}

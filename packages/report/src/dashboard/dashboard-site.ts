import type { Markup } from '../markup/markup.ts';
import { changesFeed, feedSeries, mostEntries, newestFirst, type FeedChange } from './changes-feed.ts';
import { commitBook } from './commit-pages.ts';
import type { DashboardFacts, DashboardPage, DashboardSeries } from './dashboard-series.ts';
import { environmentPages, indexPage } from './index-pages.ts';
import { percentilesFigure } from './percentiles-figure.ts';
import { runCells } from './run-cells.ts';
import { seriesPage } from './series-page.ts';
import { standingOf, type Standing } from './standing.ts';

/** A static site that is made while series go by: it keeps a row of each, not their runs. */
export interface DashboardSite {
  /**
   * The pages of some series. All versions and statistics of a metric belong into one call.
   *
   * @param series in any order
   */
  add(series: readonly DashboardSeries[]): Iterable<DashboardPage>;
  /** The index, the environments, the commits and the feed, when all series were added. */
  finish(): Iterable<DashboardPage>;
}

/**
 * The pages of a dashboard, one after the other: `index.html`, `e/` for environments, `s/` for series, `c/` for commits, and
 * `changes.xml`. Equal histories make equal pages; nothing in them is loaded from elsewhere, and their links are relative.
 */
export function dashboardSite(facts: DashboardFacts): DashboardSite {
  const standings: Standing[] = [];
  const commits = commitBook();
  const cells = runCells('s/any.html');
  let newest: FeedChange[] = [];
  return {
    *add(series) {
      for (const siblings of familiesOf(series)) {
        const drawings = percentilesOf(siblings);
        for (const each of siblings) {
          const standing = standingOf(each);
          const own = feedSeries(standing);
          const changes = each.changes.map((change) => ({ change, series: own }));
          standings.push(standing);
          commits.note(each, changes);
          newest.push(...changes);
          yield seriesPage(each, siblings, drawings(each), cells, facts);
        }
        if (newest.length > 10 * mostEntries) newest = newest.sort(newestFirst).slice(0, mostEntries);
      }
    },
    *finish() {
      newest = newest.sort(newestFirst).slice(0, mostEntries);
      yield indexPage(facts, standings, newest);
      yield* environmentPages(facts, standings);
      yield* commits.pages(facts);
      yield changesFeed(facts, newest);
    },
  };
}

/** One drawing for all percentiles of a version; versions do other work, and share no axis. */
function percentilesOf(siblings: readonly DashboardSeries[]): (series: DashboardSeries) => Markup {
  const drawn = new Map<string, Markup>();
  return ({ key: { version } }) => {
    const known = drawn.get(version) ?? percentilesFigure(siblings.filter(({ key }) => key.version === version));
    drawn.set(version, known);
    return known;
  };
}

/** Series that differ in their statistic or their version alone, the statistics in order. */
function familiesOf(all: readonly DashboardSeries[]): Iterable<readonly DashboardSeries[]> {
  const families = new Map<string, DashboardSeries[]>();
  for (const series of all) {
    const { project, benchmark, metric, configuration, environment, shape } = series.key;
    const name = JSON.stringify([project, benchmark, metric, configuration, environment, shape]);
    const known = families.get(name);
    if (known === undefined) families.set(name, [series]);
    else known.push(series);
  }
  return [...families.values()].map((family) => family.sort(byStatistic));
}

/** `p50` before `p99`; what has no number comes first. */
const rankOf = ({ key: { statistic } }: DashboardSeries): number =>
  /^p\d+(?:\.\d+)?$/.test(statistic) ? Number(statistic.slice(1)) : statistic === 'median' ? 50 : -1;

const byStatistic = (a: DashboardSeries, b: DashboardSeries): number => rankOf(a) - rankOf(b);

import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { plural } from '../view/words.ts';
import type { FeedChange } from './changes-feed.ts';
import type { DashboardEnvironment, DashboardFacts, DashboardPage } from './dashboard-series.ts';
import { link, pageShell } from './page-shell.ts';
import { dayOf, effectWords, isExcused, minuteOf, shortEnvironment } from './series-words.ts';
import { seriesTable } from './series-table.ts';
import { environmentPath } from './site-paths.ts';
import { worstFirst, type Standing } from './standing.ts';

/** Rows of the first page; of more series each environment shows its worst there. */
const [mostRows, worstRows] = [2000, 50] as const;

const newestChanges = 12;

/** `index.html`: every environment with its series, worst first. */
export function indexPage(
  facts: DashboardFacts,
  standings: readonly Standing[],
  changes: readonly FeedChange[],
): DashboardPage {
  const path = 'index.html';
  const whole = standings.length <= mostRows;
  const sections = facts.environments.map((environment) => {
    const rows = rowsOf(environment, standings);
    return section(environment, whole ? rows : rows.slice(0, worstRows), rows.length, path);
  });
  return {
    path,
    text: pageShell(
      { path, title: facts.title, uses: 'filter', above: [] },
      el('h1', {}, text(facts.title)),
      el('p', { class: 'sub' }, text(summary(standings, facts.environments))),
      newest(changes, facts, path),
      ...sections,
    ),
  };
}

/** One page for each environment, with all of its series. */
export function* environmentPages(
  facts: DashboardFacts,
  standings: readonly Standing[],
): Generator<DashboardPage, void, void> {
  for (const environment of facts.environments) {
    const path = environmentPath(environment.id);
    const rows = rowsOf(environment, standings);
    yield {
      path,
      text: pageShell(
        { path, title: `${facts.title}: ${environment.title}`, uses: 'filter', above: [[facts.title, 'index.html']] },
        el('h1', {}, text(environment.title)),
        el('p', { class: 'sub' }, text(summary(rows, []))),
        section(environment, rows, rows.length, path),
      ),
    };
  }
}

const rowsOf = ({ id }: DashboardEnvironment, standings: readonly Standing[]): readonly Standing[] =>
  standings.filter(({ environment }) => environment === id).sort(worstFirst);

function summary(rows: readonly Standing[], environments: readonly DashboardEnvironment[]): string {
  const worse = rows.filter(({ news }) => news === 'worse').length;
  const newest = environments
    .map((each) => each.newest)
    .sort()
    .at(-1);
  return [
    `${rows.length} series`,
    ...(environments.length > 1 ? [plural(environments.length, 'environment')] : []),
    worse === 0 ? 'no change for the worse found' : `${worse} got worse`,
    ...(newest === undefined ? [] : [`newest run ${minuteOf(newest)}`]),
  ].join(' · ');
}

function section(environment: DashboardEnvironment, rows: readonly Standing[], total: number, path: string): Markup {
  const own = environmentPath(environment.id);
  const { title, id, runs, newest, became } = environment;
  return el(
    'section',
    {},
    path === own ? el('h2', {}, text('Series')) : el('h2', {}, link(path, own, title)),
    el(
      'p',
      { class: 'sub' },
      text(`environment ${shortEnvironment(id)} · ${plural(runs, 'run')} · newest ${minuteOf(newest)}`),
    ),
    became === undefined
      ? nothing
      : el('p', { class: 'sub' }, text(`Not compared with the environment before it: ${became}.`)),
    rows.length === 0
      ? el('p', { class: 'quiet' }, text('No series: nothing in its runs decides whether a benchmark changed.'))
      : seriesTable(rows, path, `series measured on ${title}`),
    rows.length < total ? el('p', {}, link(path, own, `All ${total} series of this environment`)) : nothing,
  );
}

function newest(changes: readonly FeedChange[], { environments }: DashboardFacts, path: string): Markup {
  if (changes.length === 0) return nothing;
  const machine = (id: string): string =>
    environments.length < 2 ? '' : ` on ${environments.find((each) => each.id === id)?.title ?? id}`;
  return el(
    'details',
    {},
    el('summary', {}, text('Newest changes')),
    el(
      'ul',
      { class: 'notes' },
      changes
        .slice(0, newestChanges)
        .map(({ change, series }) =>
          el(
            'li',
            { class: isExcused(change) ? 'neither' : change.news },
            text(`${dayOf(change.at)} ${effectWords(change, series.unit)} `),
            link(path, series.path, `${series.benchmark}: ${series.title}`),
            text(machine(series.environment)),
          ),
        ),
    ),
    el('p', { class: 'quiet' }, el('a', { href: 'changes.xml' }, text('as a feed'))),
  );
}

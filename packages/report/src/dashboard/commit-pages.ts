import type { HistoryPoint } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { columns, table } from '../html/table.ts';
import { plural } from '../view/words.ts';
import { changesTable } from './changes-table.ts';
import type { FeedChange } from './changes-feed.ts';
import type { DashboardFacts, DashboardPage, DashboardSeries } from './dashboard-series.ts';
import { link, pageShell } from './page-shell.ts';
import { minuteOf, shortSha } from './series-words.ts';
import { commitPath } from './site-paths.ts';

/** What is known of a commit. */
export interface Commit {
  readonly sha: string;
  readonly runs: Map<string, CommitRun>;
  /** Changes that this commit may hold. */
  readonly changes: FeedChange[];
}

interface CommitRun {
  readonly at: string;
  readonly branch: string | undefined;
  readonly environment: string;
  readonly dirty: boolean;
  series: number;
}

/** Commits of one change: a range of more is told at its ends. */
const mostOfRange = 20;

/** A page for each commit that a run was made of, while series go by. */
export function commitBook(): {
  note(series: DashboardSeries, changes: readonly FeedChange[]): void;
  pages(facts: DashboardFacts): Iterable<DashboardPage>;
} {
  const commits = new Map<string, Commit>();
  // Most series were measured by the same runs as the one before: these are not looked up again.
  let before: { readonly points: readonly HistoryPoint[]; readonly runs: readonly (CommitRun | undefined)[] };
  before = { points: [], runs: [] };
  return {
    note({ points, key: { environment } }, changes) {
      const runs = points.map((point, i) => {
        const known = isSameRun(point, before.points[i]) ? before.runs[i] : undefined;
        const run = known?.environment === environment ? known : runOf(commits, point, environment);
        if (run !== undefined) run.series++;
        return run;
      });
      before = { points, runs };
      for (const each of changes) {
        for (const sha of commitsOf(points, each.change)) commits.get(sha)?.changes.push(each);
      }
    },
    *pages(facts) {
      for (const commit of commits.values()) yield commitPage(commit, facts);
    },
  };
}

const isSameRun = (a: HistoryPoint, b: HistoryPoint | undefined): boolean => a.run === b?.run && a.sha === b.sha;

/** `undefined` for a run of no commit. */
function runOf(
  commits: Map<string, Commit>,
  { sha, run, at, branch, dirty }: HistoryPoint,
  environment: string,
): CommitRun | undefined {
  if (sha === undefined) return undefined;
  let commit = commits.get(sha);
  if (commit === undefined) commits.set(sha, (commit = { sha, runs: new Map(), changes: [] }));
  let known = commit.runs.get(run);
  if (known === undefined) commit.runs.set(run, (known = { at, branch, environment, dirty, series: 0 }));
  return known;
}

/** The commits of which one has made a change; the first and the last ones of a long range. */
function commitsOf(
  points: readonly HistoryPoint[],
  { places: [first, last], index }: FeedChange['change'],
): Set<string> {
  const range = points.slice(first, last + 1);
  const half = mostOfRange / 2;
  const told = range.length <= mostOfRange ? range : [...range.slice(0, half), ...range.slice(-half)];
  return new Set([...told, points[index]].flatMap((point) => point?.sha ?? []));
}

function commitPage({ sha, runs, changes }: Commit, facts: DashboardFacts): DashboardPage {
  const path = commitPath(sha);
  const machine = (id: string): string => facts.environments.find((each) => each.id === id)?.title ?? id;
  const ordered = [...runs].sort(([a, { at: x }], [b, { at: y }]) => (x < y ? 1 : x > y ? -1 : a < b ? -1 : 1));
  return {
    path,
    text: pageShell(
      { path, title: `Commit ${shortSha(sha)}`, uses: 'none', above: [[facts.title, 'index.html']] },
      el('h1', {}, text(`Commit ${shortSha(sha)}`)),
      el('p', { class: 'sub' }, el('code', {}, text(sha))),
      ...sections(changes, machine, path),
      el('h2', {}, text('Runs')),
      table(
        columns('run', 'time', 'branch', 'series#', 'measured on', 'remarks'),
        ordered.map(([run, { at, branch, environment, dirty, series }]) => [
          text(run),
          el('span', { class: 'whole' }, text(minuteOf(at))),
          text(branch ?? ''),
          text(series),
          el('div', {}, text(machine(environment))),
          text(dirty ? 'uncommitted changes' : ''),
        ]),
      ),
    ),
  };
}

/** Changes of one environment each: sizes of two are not compared. */
function sections(changes: readonly FeedChange[], machine: (id: string) => string, path: string): readonly Markup[] {
  if (changes.length === 0) return [el('p', {}, text('No change of level begins with this commit.'))];
  const environments = [...new Set(changes.map(({ series }) => series.environment))].sort();
  return environments.flatMap((environment, i) => {
    const own = changes.filter(({ series }) => series.environment === environment).sort(largestFirst);
    return [
      el('h2', {}, text(`${plural(own.length, 'change')} that this commit may hold`)),
      el('p', { class: 'sub' }, text(`measured on ${machine(environment)}`)),
      own.length === 0
        ? nothing
        : changesTable(
            own.map((each) => rowOf(each, path)),
            path,
            `change-${i}`,
          ),
    ];
  });
}

const rowOf = ({ change, series }: FeedChange, path: string): Parameters<typeof changesTable>[0][number] => ({
  change,
  unit: series.unit,
  name: el('span', {}, link(path, series.path, series.benchmark), text(` ${series.title}`)),
});

const largestFirst = (a: FeedChange, b: FeedChange): number =>
  Math.abs(b.change.effect.value) - Math.abs(a.change.effect.value) || (a.series.path < b.series.path ? -1 : 1);

import { expect, test } from 'vitest';
import {
  dashboardFacts,
  dashboardHistory,
  pointsOf,
  seriesOf,
  shaOf,
  stepAt,
} from '../../test/support/dashboard-history.ts';
import { expectGolden } from '../../test/support/golden.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import { dashboardSite } from './dashboard-site.ts';
import { commitPath, environmentPath, seriesPath } from './site-paths.ts';

/** Few runs make short files. */
const points = pointsOf([50, 51, 49, 50, 60, 61, 59, 60, 61].map((value) => value * 1e5));
const short = seriesOf({
  name: 'render/<all>',
  points,
  changes: [stepAt(points, 4, [5e6, 6e6], { cause: { kind: 'unclear', because: 'host a became host b' } })],
  limits: [{ source: 'p99 < 7ms', comparator: '<', value: 7e6 }],
  creep: [{ since: 'release/1.4', runs: 6, effect: effectOf(0.2), news: 'worse' }],
  notes: [
    { kind: 'creep', news: 'worse', text: '+20.0 % [+18.0 %, +22.0 %] since release/1.4, 6 runs ago' },
    { kind: 'anomaly', news: 'neither', text: 'run RUN-002 stands alone: 4.9 ms, −2.0 % off its neighbours' },
  ],
  next: { value: 6e6, lo: 5.9e6, hi: 6.1e6, confidence: 0.9 },
});
const median = seriesOf({ name: 'render/<all>', statistic: 'p50', points: points.slice(1) });
const lone = seriesOf({ name: 'parse', points: points.slice(0, 1), ended: true });

function effectOf(value: number): DashboardSeries['creep'][number]['effect'] {
  return { value, lo: value - 0.02, hi: value + 0.02, confidence: 0.95, method: 'test', warnings: [] };
}

/** Style and scripts have tests of their own; here they would hide what differs. */
const bare = (html: string): string =>
  html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '<$1></$1>').replaceAll(/sha256-[\w+/]+=*/g, 'sha256-of-it');

function built(series: readonly DashboardSeries[]): (path: string) => string {
  const site = dashboardSite({ ...dashboardFacts, events: [{ name: 'release/1.4', run: 'RUN-002' }] });
  const pages = new Map([...site.add(series), ...site.finish()].map(({ path, text }) => [path, text]));
  return (path) => bare(pages.get(path) ?? expect.fail(`there is no page ${path}`));
}

const page = built([short, median, lone]);

test.each([
  ['index.html', 'index.html'],
  ['environment.html', environmentPath('c0ffee00')],
  ['environment-without-series.html', environmentPath('decaf000')],
  ['series.html', seriesPath(short.key)],
  ['series-of-one-run.html', seriesPath(lone.key)],
  ['commit.html', commitPath(shaOf(4))],
  ['commit-without-changes.html', commitPath(shaOf(1))],
  ['changes.xml', 'changes.xml'],
])('%s', (name, path) => {
  expectGolden(`dashboard/${name}`, page(path));
});

test('a long history: what is drawn of it, and the table of its newest runs', () => {
  const whole = built(dashboardHistory());
  const text = whole(seriesPath(dashboardHistory().find(({ key }) => key.benchmark === 'drifting')!.key));
  expectGolden('dashboard/series-drifting.html', text);
});

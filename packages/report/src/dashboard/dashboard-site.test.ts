import { expect, test } from 'vitest';
import {
  dashboardFacts,
  dashboardHistory,
  levelsOf,
  pointsOf,
  seriesOf,
  shaOf,
  stepAt,
} from '../../test/support/dashboard-history.ts';
import { tagProblems } from '../../test/support/markup-balance.ts';
import { sha256 } from '../html/sha256.ts';
import type { DashboardFacts, DashboardSeries } from './dashboard-series.ts';
import { dashboardSite } from './dashboard-site.ts';
import { commitPath, environmentPath, fileName, seriesPath } from './site-paths.ts';
import { regimesOf, withRoom } from './trend-figure.ts';

function built(series: readonly DashboardSeries[], facts: DashboardFacts = dashboardFacts): Map<string, string> {
  const site = dashboardSite(facts);
  return new Map([...site.add(series), ...site.finish()].map(({ path, text }) => [path, text]));
}

/** What a reader sees of a page, in one line. */
const wordsOf = (html: string): string =>
  html
    .replace(/^[\s\S]*<main>/, '')
    .replace(/<(title|desc|script)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll(/\s+/g, ' ');

const history = dashboardHistory();
const site = built(history);
const page = (path: string): string => site.get(path) ?? expect.fail(`there is no page ${path}`);
const seriesNamed = (name: string, statistic = 'p99', environment = 'c0ffee00'): DashboardSeries =>
  history.find(({ key }) => key.benchmark === name && key.statistic === statistic && key.environment === environment)!;

test('every page is sound, allows only its own style and script, and every link leads to a page', () => {
  for (const [path, text] of site) {
    if (path === 'changes.xml') continue;
    expect([path, tagProblems(text)]).toEqual([path, []]);
    expect(text.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/NaN|undefined|\[object/);
    const parts = [...text.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map(
      ([, , code]) => `'sha256-${sha256(code!)}'`,
    );
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)![1]!.replaceAll('&#39;', "'");
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy.match(/'sha256-[^']*'/g)).toEqual(parts);
    for (const [, link = ''] of text.matchAll(/href="([^"]*)"/g)) {
      const target = path.includes('/') ? link.replace(/^\.\.\//, '') : link;
      const leads = link.startsWith('#') ? text.includes(` id="${link.slice(1)}"`) : site.has(target);
      expect([path, link, leads]).toEqual([path, link, true]);
    }
  }
});

test('the index: environments apart, each with its series from the worst on', () => {
  const text = page('index.html');
  const order = [...text.matchAll(/<th scope="row"><a href="[^"]*">(\w+)<\/a><div>(\w+)/g)].map(
    ([, name, what]) => `${name} ${what}`,
  );
  expect(order).toEqual([
    ...['slow p99', 'drifting p99', 'parse p50', 'parse p90', 'render p99', 'search p99', 'parse p99', 'gone p99'],
    'slow p99',
  ]);
  expect(text.match(/<section>/g)).toHaveLength(2);
  const words = wordsOf(text);
  expect(words).toContain('9 series · 2 environments · 2 got worse · newest run 2027-03-31 09:30');
  expect(words).toContain('Not compared with the environment before it: Node 20.19.0 became Node 20.20.2.');
  expect(words).toMatch(
    /slow p99 of response-time [\d.]+ ms worse \+50\.0 % \[\+48\.0 %, \+52\.0 %\] by \w{7} , 2027-01-31/,
  );
  expect(words).toMatch(/render .* machine changed \+20\.0 % .* the machine, not the code: Node 20\.19\.0 became/);
  expect(words).toMatch(/search .* accepted \+12\.5 % .* accepted: exact results are worth it/);
  expect(words).toMatch(/drifting .* drifts will cross "p99 < 5ms" in about 80 runs/);
  expect(text.match(/data-worse/g)!.length - 1).toBe(2);
});

test('a page of an environment holds what was measured there alone', () => {
  const words = wordsOf(page(environmentPath('decaf000')));
  expect(words).toContain('Apple M2 × 8, darwin 24, Node 20.20.2 1 series · no change for the worse found');
  expect(words).not.toContain('parse');
});

test('a page of a series: levels, changes with commits and intervals, percentiles, a named run, the objective', () => {
  const text = page(seriesPath(seriesNamed('parse').key));
  const words = wordsOf(text);
  expect(words).toContain('objective p99 < 7ms');
  expect(words).toContain('next run (90 %) 5.3 ms to 5.5 ms');
  expect(words).toMatch(/2027-03-02 −10\.0 % \[−12\.0 %, −8\.0 %\] 6 ms to 5\.4 ms after \w{7} , by \w{7}/);
  expect(text.match(/class="regime"/g)).toHaveLength(3);
  expect(text).toContain('>release/1.4</text>');
  expect(text.match(/class="line s\d"/g)!.length).toBeGreaterThanOrEqual(3);
  expect(words).toContain('uncommitted changes');
  expect(words).toContain('The newest 50 runs as a table, of 90');
});

test('a page of a commit: its runs, and every change that it may hold', () => {
  const words = wordsOf(page(commitPath(shaOf(30))));
  // One of each series in which it is a candidate: the largest first.
  expect(words).toMatch(
    /4 changes that this commit may hold .*slow .*parse .*render .*the machine, not the code.*search/,
  );
  expect(wordsOf(page(commitPath(shaOf(31))))).toContain('4 changes that this commit may hold');
  expect(wordsOf(page(commitPath(shaOf(5))))).toMatch(/No change of level begins with this commit\. Runs .* RUN-005/);
});

test('the feed has an entry for each change, newest first, whose name stays', () => {
  const feed = page('changes.xml');
  expect(tagProblems(feed.replace(/^<\?.*\n/, '').replaceAll(/<(link|category)([^>]*)\/>/g, ''))).toEqual([]);
  const titles = [...feed.matchAll(/<entry>\n<title>(\w+): (\w+)/g)].map(([, kind, name]) => `${kind} ${name}`);
  expect(titles).toEqual(['better parse', ...titles.slice(1)]);
  expect(titles.slice(1).sort()).toEqual(['accepted search', 'machine render', 'worse parse', 'worse slow']);
  expect(feed).toContain('<updated>2027-03-31T09:30:00.000Z</updated>');
  const names = [
    ...feed.matchAll(/<id>(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})<\/id>/g),
  ];
  expect(new Set(names.map(([, name]) => name)).size).toBe(6);
  for (const [, link = ''] of feed.matchAll(/<link href="([^"]*)"/g))
    expect([link, site.has(link)]).toEqual([link, true]);
});

test('an entry of the feed keeps its name and its time when runs and series are added; the feed says when it grew', () => {
  const points = pointsOf(levelsOf([1e6, 1.5e6], 4));
  const changes = [stepAt(points, 30, [1e6, 1.5e6])];
  const feedOf = (runs: number, others: readonly DashboardSeries[]): string => {
    const environments = [{ ...dashboardFacts.environments[0]!, newest: points[runs - 1]!.at }];
    const series = seriesOf({ name: 'slow', points: points.slice(0, runs), changes });
    return built([series, ...others], { ...dashboardFacts, environments }).get('changes.xml')!;
  };
  const entriesOf = (feed: string): string[] => feed.match(/<entry>[\s\S]*?<\/entry>/g)!;
  const [early, late] = [feedOf(40, []), feedOf(60, history.slice(0, 2))];
  expect(entriesOf(late)).toEqual(expect.arrayContaining(entriesOf(early)));
  expect(entriesOf(early)[0]).toContain(`<updated>${points[30]!.at}</updated>`);
  const headsOf = (feed: string): string[] =>
    [...feed.split('<entry>')[0]!.matchAll(/<(?:id|updated)>(.*?)</g)].map(([, is = '']) => is);
  expect(headsOf(late)).toEqual([headsOf(early)[0], points[59]!.at]);
  expect(headsOf(early)[1]).toBe(points[39]!.at);
});

test('the same history in another order makes the same pages', () => {
  const again = built([...history].reverse());
  expect([...again.keys()].sort()).toEqual([...site.keys()].sort());
  for (const path of ['index.html', 'changes.xml', seriesPath(seriesNamed('slow').key)]) {
    expect(again.get(path)).toBe(site.get(path));
  }
});

const hostile = [
  '"><script>alert(1)</script><img src=x onerror="alert(2)"></title></svg>',
  '../../../etc/passwd\u0000.html',
  'CON',
  'a/b\\c:d|e?f*g',
  '\u202egnp.exe\u001b[2J\ud800\ufffe',
  ']]><!--',
  '',
  '.',
  'é'.repeat(500),
];

test('names from outside: files of plain letters, no two names one file, nothing obeyed', () => {
  const names = [...hostile, ...hostile.map((name) => name.toUpperCase()), 'parse', 'Parse', 'PARSE'];
  const paths = [...new Set(names)].map((name) => fileName(name, name));
  expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(new Set(names).size);
  expect(paths.filter((path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(path) || path.length > 80)).toEqual([]);

  for (const name of hostile) {
    const points = pointsOf(levelsOf([1, 2])).map((point) => ({
      ...point,
      run: name + point.run,
      sha: name + point.sha!,
      branch: name,
    }));
    const change = stepAt(points, 30, [1, 2], {
      accepted: { id: name, reason: name },
      cause: { kind: 'unclear', because: name },
    });
    const base = seriesOf({
      name,
      statistic: name,
      points,
      changes: [change],
      notes: [{ kind: 'removed', news: 'neither', text: name }],
    });
    const key = { ...base.key, project: name, environment: name, configuration: JSON.stringify({ [name]: name }) };
    const environments = [{ id: name, title: name, runs: 60, newest: name, became: name }];
    const pages = built([{ ...base, key, title: name }], {
      title: name,
      environments,
      events: [{ name, run: points[3]!.run }],
    });
    for (const [path, text] of pages) {
      expect(path).toMatch(/^(?:index\.html|changes\.xml|[ces]\/[a-z0-9-]+\.html)$/);
      expect(text).not.toMatch(/<script>alert|<img|\u001b|\u202e|\u0000/);
      if (path !== 'changes.xml') expect(tagProblems(text)).toEqual([]);
      else expect(text).not.toMatch(/[\ufffe\uffff\p{Surrogate}]/u);
    }
  }
});

test('one run, values of 0, changes without an end: a page all the same', () => {
  const points = pointsOf([0, 0, 0, 5, 5, 5]);
  const endless = { value: Infinity, lo: -Infinity, hi: Infinity, confidence: 0.95, method: 'test', warnings: [] };
  const zero = seriesOf({
    name: 'zero',
    unit: 'count',
    points,
    changes: [stepAt(points, 3, [0, 5], { effect: endless, news: 'worse' })],
  });
  const one = seriesOf({ name: 'one', points: pointsOf([1e6]) });
  const pages = built([zero, one]);
  // Of one run nobody can say that nothing has changed.
  expect(wordsOf(pages.get('index.html')!)).toMatch(/one p99 of response-time 1 ms too few runs/);
  expect(wordsOf(pages.get(seriesPath(one.key))!)).toContain('A change is found from 6 runs on');
  expect(pages.get(seriesPath(one.key))).not.toContain('class="regime"');
  for (const [path, text] of pages) {
    if (path === 'changes.xml') continue;
    expect([path, tagProblems(text)]).toEqual([path, []]);
    expect(text.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/NaN|undefined|="-?Infinity/);
  }
  expect(wordsOf(pages.get('index.html')!)).toMatch(/zero p99 of response-time 5 worse \+∞ % by/);
});

test('an objective far away makes no flat line of the runs, and values that were never below 0 are not expected there', () => {
  const points = pointsOf(levelsOf([5e6, 6e6]));
  const pageOf = (limit: number, fields: Partial<DashboardSeries> = {}): string => {
    const limits = [{ source: 'p99 < it', comparator: '<', value: limit }] as const;
    const series = seriesOf({ points, limits, next: { value: 1e5, lo: -1e5, hi: 3e5, confidence: 0.9 }, ...fields });
    return [...dashboardSite(dashboardFacts).add([series])][0]!.text;
  };
  expect(pageOf(9e6)).toContain('class="promise"');
  expect(wordsOf(pageOf(9e6))).not.toContain('too far away');
  expect(pageOf(2e9)).not.toContain('class="promise"');
  expect(wordsOf(pageOf(2e9))).toContain('The objective p99 < it is too far away to be drawn.');
  // Steady values have room for theirs, too.
  expect(pageOf(6e6, { points: pointsOf([5e6, 5e6, 5e6, 5e6, 5e6, 5e6]) })).toContain('class="promise"');
  expect(wordsOf(pageOf(9e6))).toContain('next run (90 %) 0 ns to 300 µs');
});

test('levels are between changes; a stretch that drifts has none', () => {
  const points = pointsOf(Array.from({ length: 40 }, (_, i) => (i < 10 ? 100 : i < 20 ? 200 : 200 + i)));
  const drift = { from: points[20]!, to: points[39]!, runs: 20, total: 0.1, news: 'worse', goesOn: true } as const;
  const series = seriesOf({ points, changes: [stepAt(points, 10, [100, 200])], drifts: [drift] });
  expect(regimesOf(series)).toEqual([
    { from: 0, to: 9, level: 100 },
    { from: 10, to: 19, level: 200 },
  ]);
});

test('thousands of runs make a small page', () => {
  const series = seriesOf({ points: pointsOf(levelsOf(Array.from({ length: 100 }, () => 5e6))) });
  const [only] = [...dashboardSite(dashboardFacts).add([series])];
  expect(only!.text.length).toBeLessThan(60_000);
});

test('of labels that would meet those of the newest changes stay', () => {
  const marks = [90, 85, 10].map((index) => ({ index, label: '+14.2 %', news: 'worse' as const }));
  expect(withRoom(marks, 100).map(({ label }) => label)).toEqual(['+14.2 %', '', '+14.2 %']);
});

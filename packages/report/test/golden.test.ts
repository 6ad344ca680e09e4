import { describe, test } from 'vitest';
import {
  renderAnnotations,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderPullRequest,
  renderSarif,
  renderStepSummary,
  renderTerminal,
  renderTrendTable,
  renderTrends,
  summariseReport,
  summaryLine,
  trendPlot,
  type CiReport,
} from '../src/index.ts';
import { gallery } from './support/gallery.ts';
import { expectGolden } from './support/golden.ts';
import { comparing, failing, grouped, nothingRan, passing, rehearsal, small, warning } from './support/fixtures.ts';

const paths = { html: '.perf/runs/20261120-093000-7f3a/report.html', root: '/srv/shop' };
const reports = { passing, failing, grouped, comparing, warning, rehearsal, 'nothing-ran': nothingRan };

describe.each(Object.entries(reports))('%s', (name, report) => {
  test('on a terminal of 100 columns', () => {
    expectGolden(`${name}.txt`, renderTerminal(report(), { colour: false, unicode: true, width: 100, paths }));
  });
  test('as Markdown', () => {
    expectGolden(`${name}.md`, renderMarkdown(report(), { root: paths.root }));
  });
});

test('80 columns of ASCII', () => {
  expectGolden('comparing-ascii-80.txt', renderTerminal(comparing(), { colour: false, unicode: false, width: 80 }));
  expectGolden('failing-ascii-80.txt', renderTerminal(failing(), { colour: false, unicode: false, width: 80, paths }));
});

test('with everything that is collapsed otherwise', () => {
  const verbose = { colour: false, unicode: true, width: 120, paths, verbose: true };
  expectGolden('comparing-verbose.txt', renderTerminal(comparing(), verbose));
  expectGolden('failing-verbose.txt', renderTerminal(failing(), verbose));
});

test('in colour', () => {
  expectGolden('comparing-colour.txt', renderTerminal(comparing(), { colour: true, unicode: true, width: 100, paths }));
});

test('as a page', () => {
  expectGolden('comparing.html', renderHtml(comparing(), { root: paths.root }));
  expectGolden('failing.html', renderHtml(failing(), { root: paths.root }));
});

describe('for a pull request', () => {
  const ci: CiReport = {
    ...{ schemaVersion: 1, tool: 'perfkeel 0.1.0', event: 'pull request', skipped: [], notes: [] },
    base: { label: 'main' },
    head: { label: 'this run' },
    projects: [
      summariseReport(failing(), { folder: 'packages/shop', exitCode: 4, toplevel: paths.root, why: ['no baseline'] }),
      summariseReport(comparing(), {
        folder: 'packages/orders',
        exitCode: 1,
        toplevel: paths.root,
        why: ['it changed'],
      }),
    ],
  };
  test.each([
    ['pull-request.md', renderPullRequest],
    ['step-summary.md', renderStepSummary],
    ['annotations.txt', renderAnnotations],
    ['junit.xml', renderJunit],
    ['sarif.json', renderSarif],
  ] as const)('%s', (name, render) => {
    expectGolden(name, render(ci));
  });
});

test('every kind of benchmark on wide and narrow terminals', () => {
  for (const width of [40, 80, 120, 200]) {
    const look = { colour: false, unicode: width > 80, width, paths };
    expectGolden(`gallery-${width}.txt`, renderTerminal(gallery(), look));
  }
});

describe('a history', () => {
  const values = [...Array.from({ length: 9 }, (_, i) => 20 + (i % 3)), 28, 29, 28, 27, 29].map((ms) => ms * 1e6);
  const worse = '+31.8 % [+28.0 %, +35.1 %], 21 ms to 28 ms, after aaaaaaa, by bbbbbbb';
  const row = { name: 'checkout', title: 'p99 of response-time', values, marks: [9], now: '28 ms' };
  const rows = [
    { ...row, notes: [{ news: 'worse' as const, text: worse }] },
    {
      ...row,
      name: 'start the server',
      title: 'median of startup-time',
      values: values.slice(0, 9),
      marks: [],
      notes: [],
    },
  ];
  test.each([40, 80, 120, 200])('on a terminal of %d columns', (width) => {
    const look = { colour: false, unicode: width > 80, width };
    expectGolden(`trends-${width}.txt`, `${renderTrends(rows, look)}\n${renderTrendTable(rows, look)}`);
  });
  test('as a drawing', () => {
    const plot = trendPlot({
      ...{ id: 't', title: 'checkout p99', description: worse, unit: 'ns', values },
      regimes: [
        { from: 0, to: 8, level: 21e6 },
        { from: 9, to: 13, level: 28e6 },
      ],
      changes: [{ index: 9, label: '+31.8 % at bbbbbbb', news: 'worse' }],
      limit: { value: 30e6, label: 'p99 < 30ms' },
      next: { lo: 26e6, hi: 31e6 },
    });
    expectGolden('trend.svg', `${plot}\n`);
  });
});

test('in one line', () => {
  const lines = Object.values(reports).map((report) => summaryLine(report().run));
  expectGolden('summary-lines.txt', `${lines.join('\n')}\n`);
});

test('as JSON', () => {
  expectGolden('small.json', renderJson(small()));
});

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
  summariseReport,
  type CiReport,
} from '../src/index.ts';
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

test('as JSON', () => {
  expectGolden('small.json', renderJson(small()));
});

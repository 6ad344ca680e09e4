import { describe, test } from 'vitest';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from '../src/index.ts';
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

test('as JSON', () => {
  expectGolden('small.json', renderJson(small()));
});

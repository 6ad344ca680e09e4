import { expect, test } from 'vitest';
import { renderHtml, renderMarkdown, renderTerminal } from '../src/index.ts';
import { buildRun } from './support/build-run.ts';
import { load, parser } from './support/drafts.ts';

// A group of one is none.
const bench = { run: buildRun([parser('parse', 812_000, ['median < 1ms'])]) };
const terminal = { colour: false, unicode: true, width: 100 };

test('the figures of a micro-benchmark say that they are of batches', () => {
  for (const verbose of [true, false]) {
    const text = renderTerminal(bench, { ...terminal, verbose });
    expect(text).toContain('parse  bench, 5 rounds, 600 batch means of time');
    expect(text).toMatch(/^ {5}means of batches: p50 818 µs {3}p90 \d+ µs {3}max \d+ µs$/m);
    expect(text).not.toMatch(/\bp99/);
  }
  expect(renderMarkdown(bench)).toMatch(
    /\| bench, 5 rounds, 600 batch means of time \| means of batches: p50 818 µs, p90 \d+ µs, max \d+ µs \|/,
  );
});

test('so do the drawings of the page', () => {
  const html = renderHtml(bench);
  expect(html).toContain('>batch means of time of parse by percentile</title>');
  expect(html).toContain('Each value is the mean time of a batch of operations; single operations spread further.');
  expect(html).toContain('The median batch of each round');
  expect(html).not.toContain('99 % at p99');
});

test('so do alternatives side by side', () => {
  const group = { run: buildRun([parser('a', 800_000), parser('b', 900_000)]) };
  expect(renderTerminal(group, terminal)).toContain('median batch of time of each');
  expect(renderMarkdown(group)).toContain('| alternative | median batch of time |');
  expect(renderHtml(group)).toMatch(/<th [^>]*>median batch of time<\/th>/);
});

test('what times every operation keeps its percentiles', () => {
  const each = { run: buildRun([load('checkout', [])]) };
  expect(renderTerminal(each, terminal)).toMatch(/18 000 values of response-time\n +p50 .* p99 /);
  for (const text of [renderTerminal(each, terminal), renderMarkdown(each), renderHtml(each)]) {
    expect(text).not.toContain('batch');
  }
});

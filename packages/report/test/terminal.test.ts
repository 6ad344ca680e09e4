import { stripVTControlCharacters } from 'node:util';
import { metrics } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../src/index.ts';
import { buildRun } from './support/build-run.ts';
import { load, parser } from './support/drafts.ts';
import * as fixtures from './support/fixtures.ts';
import { gallery } from './support/gallery.ts';

const { passing, failing, grouped, comparing, hostile, warning, rehearsal, nothingRan, unexpected } = fixtures;
const reports = { passing, failing, grouped, comparing, hostile, warning, rehearsal, nothingRan, unexpected };
const widths = [40, 47, 58, 66, 79, 80, 93, 120, 200];
const paths = { html: `/srv/${'deep/'.repeat(30)}report.html`, root: '/elsewhere' };

/** A number at the end of a line whose unit begins the next one. */
const tornFigure = /\d\n *(?:ns|µs|us|ms|s|B|KB|MB|GB|%)(?!\w)/;

// The fixtures hold only characters of one column, so counting them is the width.
const widest = (text: string): number =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => Array.from(line).length),
  );

describe.each(Object.entries(reports))('%s', (_, report) => {
  const made = report();
  test.each(widths)('no line is wider than %i columns', (width) => {
    for (const unicode of [true, false]) {
      for (const verbose of [true, false]) {
        const text = renderTerminal(made, { colour: true, unicode, width, paths, verbose });
        expect(widest(text)).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(tornFigure);
      }
    }
  });

  test('colour changes nothing but the colour', () => {
    const options = { unicode: true, width: 100, paths };
    const coloured = renderTerminal(made, { ...options, colour: true });
    const plain = renderTerminal(made, { ...options, colour: false });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  test('without unicode there is only ASCII, without colour no control character', () => {
    expect(renderTerminal(made, { colour: false, unicode: false, width: 80, verbose: true })).toMatch(
      /^[\x20-\x7e\n]*$/,
    );
    expect(renderTerminal(made, { colour: false, unicode: true, width: 80 })).not.toMatch(/[^\P{C}\n]/u);
  });

  test('no line ends in a blank', () => {
    expect(renderTerminal(made, { colour: false, unicode: true, width: 80, verbose: true })).not.toMatch(/ \n/);
  });
});

test('the order: verdict, objectives, changes, evidence, machine, next', () => {
  const text = renderTerminal(comparing(), { colour: false, unicode: true, width: 100 });
  const places = ['FAIL', 'Objectives', 'Change against', 'Evidence', 'Machine', 'Next'].map((word) =>
    text.indexOf(` ${word}`),
  );
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(0);
});

test('a demonstration that does not fail is told beside the verdict', () => {
  const text = renderTerminal(unexpected(), { colour: false, unicode: true, width: 100 });
  expect(text).toContain('Interrupted: what had been measured until then is kept.');
  expect(text).toContain('cache without a bound says that it must fail, and it did not.');
  expect(text).toContain(
    '✗ cache without a bound  growth < 16B/op  0.1 B/op  kept, but it says that it must be missed',
  );
});

test('a zone for no change that the caller chose', () => {
  const strip = (noChange: number): string =>
    renderTerminal(comparing(), { colour: false, unicode: true, width: 100, noChange })
      .split('\n')
      .find((line) => line.includes('checkout p99'))!;
  expect(strip(0.1).indexOf('┊')).toBeLessThan(strip(0.05).indexOf('┊'));
});

test('a run that could not be stored is named by no command', () => {
  const options = { colour: false, unicode: true, width: 100 };
  const { id } = comparing().run;
  expect(renderTerminal(comparing(), options)).toContain(`perfkeel baseline set main ${id}`);
  expect(renderTerminal(comparing(), { ...options, stored: false })).not.toContain(id);
});

test('an absurd width is taken as the narrowest that makes sense', () => {
  const at = (width: number): string => renderTerminal(failing(), { colour: false, unicode: true, width });
  expect(at(0)).toBe(at(40));
  expect(at(NaN)).toBe(at(40));
  expect(widest(at(40))).toBeLessThanOrEqual(40);
});

describe('a missed objective', () => {
  const slow = (objectives: readonly string[]) =>
    buildRun([
      {
        ...load('checkout', objectives, { middle: 200e6 }),
        metrics: [metrics.responseTime, metrics.scheduleLag, metrics.throughput, metrics.errors, metrics.cpuTime],
        measure: (round) => [
          ...load('checkout', []).measure!(round),
          { metric: 'cpu-time', data: { kind: 'exact', value: 21e6 } },
        ],
      },
    ]);
  const shown = (objectives: readonly string[], options: object = {}): string =>
    renderTerminal({ run: slow(objectives) }, { colour: false, unicode: true, width: 100, ...options });

  test('says what was measured beside it, and what to try, once for each benchmark', () => {
    const text = shown(['p99 < 1ms', 'p50 < 1ms']);
    const [, first, second] = text.split(/✗ checkout/);
    expect(first).toMatch(/\n {7}processor time is 21 ms, \d+ % of response-time\n {7}try {2}It is computing/);
    expect(second!.split('\n\n')[0]).not.toMatch(/processor time|It is computing/);
  });

  test('that is kept, or undecided, has no such lines', () => {
    expect(shown(['p99 < 10s'])).not.toMatch(/\btry\b/);
  });

  test('of what is in no store has no past', () => {
    const bare = (options: object): string =>
      renderTerminal(
        { run: buildRun([load('checkout', ['p99 < 1ms'])]) },
        { colour: false, unicode: true, width: 100, ...options },
      );
    expect(bare({})).toContain('perfkeel trend checkout');
    expect(bare({ stored: false })).not.toContain('perfkeel trend');
  });

  test('is told by a remark that is not repeated below', () => {
    const message = '12 of 1000 failed: 12 reset';
    const warnings = [{ code: 'failed-requests', message }];
    const run = buildRun([
      {
        ...load('checkout', ['errors < 1%']),
        measure: () => [{ metric: 'errors', data: { kind: 'count', events: 12, trials: 100 }, warnings }],
      },
    ]);
    const at = (verbose: boolean): readonly string[] =>
      renderTerminal({ run }, { colour: false, unicode: true, width: 100, verbose }).split(message);
    expect(at(false)).toHaveLength(2);
    expect(at(true)).toHaveLength(3);
  });
});

test('over time: the usual value of each, by its name, without what only the page can show', () => {
  const text = renderTerminal(gallery(), { colour: false, unicode: true, width: 80 });
  expect(text).toMatch(/completed over time$/m);
  expect(text).toMatch(/p99 of response-time over time$/m);
  expect(text).not.toMatch(/response-times|intended over|sent over/);
});

test('of many kept objectives those with the least room are shown, and every other one', () => {
  const drafts = Array.from({ length: 30 }, (_, i) =>
    parser(`p${i}`, 1000, [i === 3 ? 'median < 1ns' : `median < ${2 + i}us`]),
  );
  const rows = (verbose: boolean): readonly string[] =>
    renderTerminal({ run: buildRun(drafts) }, { colour: false, unicode: true, width: 100, verbose })
      .split('\n\n')
      .find((part) => part.startsWith(' Objectives'))!
      .split('\n')
      .filter((line) => /^ {3}\S/.test(line));
  const [missed, first, ...others] = rows(false);
  expect(missed).toMatch(/^ {3}✗ p3 /);
  expect(first).toMatch(/^ {3}✓ p0 /);
  expect(others).toHaveLength(12);
  expect(others.at(-1)).toBe('   17 more are kept: --verbose shows them');
  expect(rows(true)).toHaveLength(30);
});

test('what happened meanwhile is told on demand', () => {
  const look = { colour: false, unicode: true, width: 100 };
  const events = '     events   5 s warm-up ends   20 s browse   40 s spike\n';
  expect(renderTerminal(gallery(), { ...look, verbose: true })).toContain(events);
  expect(renderTerminal(gallery(), look)).not.toContain('warm-up ends');
});

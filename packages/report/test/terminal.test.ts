import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../src/index.ts';
import * as fixtures from './support/fixtures.ts';

const { passing, failing, grouped, comparing, hostile, warning, rehearsal, nothingRan, unexpected } = fixtures;
const reports = { passing, failing, grouped, comparing, hostile, warning, rehearsal, nothingRan, unexpected };
const widths = [80, 81, 93, 100, 120, 157, 200];
const paths = { html: `/srv/${'deep/'.repeat(30)}report.html`, root: '/elsewhere' };

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
  expect(at(0)).toBe(at(60));
  expect(at(NaN)).toBe(at(60));
  expect(widest(at(60))).toBeLessThanOrEqual(60);
});

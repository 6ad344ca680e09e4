import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../run.ts';
import { sampleMeasurement, samplePlan, sampleRun } from '../testing.ts';
import { parseRun, toJsonable } from '../schema.ts';
import { failureOf } from '../../test/failure-of.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(toJsonable(value)));

/** A run as JSON with another value at one place; `undefined` takes the field away. */
function damaged(place: string, value: unknown): unknown {
  const run = throughJson(sampleRun()) as Record<string, unknown>;
  const steps = place.split('.');
  const last = steps.pop()!;
  const holder = steps.reduce((object, step) => object[step] as Record<string, unknown>, run);
  holder[last] = value;
  return throughJson(run);
}

describe('parseRun', () => {
  it('gives back the run that was written, with infinite bounds and all kinds of data', () => {
    const run = sampleRun({
      plans: [
        samplePlan({ group: 'parsers', tags: ['fast'], expected: 'fail', objectives: ['p99.9 < 1ms', 'errors = 0'] }),
        samplePlan({ id: 'other', location: undefined, rounds: 1 }),
      ],
      failures: [{ benchmark: 'other', round: 0, error: { code: 'threw', message: 'no', exitCode: 4, stack: 'at x' } }],
    });
    const more: Run = {
      ...run,
      measurements: [
        ...run.measurements,
        sampleMeasurement({ data: { kind: 'sample', values: [1.5, Infinity, NaN, -3e-300] } }),
        sampleMeasurement({
          data: {
            kind: 'series',
            points: [
              [0, 1],
              [1e9, -Infinity],
            ],
          },
        }),
        sampleMeasurement({
          data: {
            kind: 'estimate',
            estimate: { value: NaN, lo: -Infinity, hi: Infinity, confidence: 0, method: 'none', warnings: [] },
          },
          warnings: [{ code: 'noisy', message: 'the machine was busy' }],
        }),
      ],
    };
    expect(parseRun(throughJson(more), 'run.json')).toEqual(more);
  });

  it('is the inverse of toJsonable for any numbers of an estimate', () => {
    const number = fc.double().map((value) => value + 0);
    fc.assert(
      fc.property(number, number, number, (value, lo, hi) => {
        const estimate = { value, lo, hi, confidence: 0.95, method: 'm', warnings: [] };
        const run = sampleRun({ measurements: [sampleMeasurement({ data: { kind: 'estimate', estimate } })] });
        expect(parseRun(throughJson(run), 'run.json')).toEqual(run);
      }),
      { numRuns: 50 },
    );
  });

  it('leaves out fields that it does not know, so that later versions may add some', () => {
    const run = damaged('measurements.0.data.shape', 'round');
    expect(parseRun(run, 'run.json')).toEqual(sampleRun());
  });

  const data = 'measurements.0.data';
  it.each<[string, unknown, string]>([
    ['what is not an object', 'hello', 'expected an object, got "hello"'],
    ['null', null, 'expected an object, got null'],
    ['another json file', { name: 'orders' }, '$schema: is missing'],
    ['a field that is gone', damaged('environment.cpu', undefined), 'environment.cpu: is missing'],
    ['a wrong type', damaged('durationMs', '12'), 'durationMs: expected a number, got "12"'],
    [
      'a fraction of a round',
      damaged('measurements.0.round', 0.5),
      'measurements[0].round: expected a whole number, got 0.5',
    ],
    [
      'a round before the first',
      damaged('measurements.0.round', -1),
      'measurements[0].round: expected at least 0, got -1',
    ],
    [
      'a time that is none',
      damaged('startedAt', 'yesterday'),
      'startedAt: expected a time such as 2025-01-02T03:04:05.678Z, got "yesterday"',
    ],
    [
      'a kind that nobody knows',
      damaged(`${data}.kind`, 'guess'),
      'measurements[0].data.kind: got "guess", which is none of',
    ],
    ['a verdict that nobody knows', damaged('verdict.kind', 'maybe'), 'or "could-not-measure", got "maybe"'],
    ['an older version than the first', damaged('schemaVersion', 0), 'schemaVersion: expected 1, got 0'],
    [
      'a null among samples',
      damaged(data, { kind: 'sample', values: [1, null] }),
      'measurements[0].data.values[1]: got null',
    ],
    [
      'a histogram that does not add up',
      damaged(`${data}.histogram.count`, 7),
      'cells: the counts in the cells do not add up to count',
    ],
    [
      'a histogram with half a pair',
      damaged(`${data}.histogram.cells`, [1]),
      'measurements[0].data.histogram.cells: the counts',
    ],
    [
      'a histogram beyond its layout',
      damaged(`${data}.histogram.cells`, [1e6, 1000]),
      'measurements[0].data.histogram.cells: the counts',
    ],
    ['an array for a record', [], 'expected an object, got an array'],
  ])('refuses %s', (_, value, message) => {
    const error = failureOf(() => parseRun(value, '/results/run.json'));
    expect(error).toMatchObject({ code: 'corrupt-run', exitCode: 4 });
    expect(error.message).toContain('/results/run.json is not a run file');
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(/Delete it and measure again/);
  });

  it('shows the first three problems and counts the others', () => {
    const error = failureOf(() => parseRun({}, 'run.json'));
    expect(error.message.split('\n')).toEqual([
      'run.json is not a run file:',
      '  - $schema: is missing',
      '  - schemaVersion: is missing',
      '  - id: is missing',
      '  - and 11 more problems',
    ]);
  });

  it('says that a newer perfkeel wrote it, whatever else it holds', () => {
    const error = failureOf(() => parseRun({ schemaVersion: 7 }, 'run.json'));
    expect(error).toMatchObject({ code: 'newer-run', exitCode: 4 });
    expect(error.hint).toContain('Update perfkeel');
    expect(error.message).toBe(
      'run.json was written by a newer perfkeel: it has schema version 7, and this one reads up to 1',
    );
  });
});

describe('toJsonable', () => {
  it.each<[string, unknown, string]>([
    ['infinite and undefined numbers as strings', [Infinity, -Infinity, NaN, 1], '["Infinity","-Infinity","NaN",1]'],
    ['fields without a value are left out', { a: undefined, b: null }, '{"b":null}'],
    ['typed arrays as arrays', { v: Float64Array.of(1, Infinity) }, '{"v":[1,"Infinity"]}'],
    ['plain values as they are', ['x', true, null], '["x",true,null]'],
  ])('%s', (_, value, text) => {
    expect(JSON.stringify(toJsonable(value))).toBe(text);
  });

  it('changes nothing in place', () => {
    const value = { a: [NaN] };
    toJsonable(value);
    expect(value).toEqual({ a: [NaN] });
  });
});

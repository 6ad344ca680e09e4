import { describe, expect, test } from 'vitest';
import { declarations, type PerfError } from '@perfkeel/core';
import { roundContext } from '../../test/round-context.ts';
import { bench, type BenchOptions } from './bench.ts';

const run = (): number => 1;

describe('declaring', () => {
  test('a function alone is enough', () => {
    const declaration = bench('concat', () => 'a'.concat('b'));
    expect(declaration).toMatchObject({ name: 'concat', kind: 'bench', primary: 'time', quantiles: true, rounds: 5 });
    expect(declaration.metrics.map(({ id, unit }) => `${id} ${unit}`)).toEqual(['time ns', 'throughput 1/s']);
    expect(declaration.location?.file).toContain('bench.test.ts');
    expect(declarations()).toContain(declaration);
  });

  test('options reach the declaration, and setup types run', () => {
    const declaration = bench('length', {
      setup: () => Promise.resolve('abc'),
      run: (text) => text.length,
      group: 'strings',
      tags: ['fast'],
      rounds: 3,
      objectives: ['median < 1ms', 'mean < 2ms', 'min > 0ns', 'throughput > 10/s'],
    });
    expect(declaration).toMatchObject({ group: 'strings', tags: ['fast'], rounds: 3 });
    expect(declaration.objectives).toEqual(['median < 1ms', 'mean < 2ms', 'min > 0ns', 'throughput > 10/s']);
  });

  test.each([
    ['no function', {}, 'bad-option', 'run'],
    ['a value instead of a function', { run: 5 }, 'bad-option', 'run'],
    ['a setup that is a value', { run, setup: {} }, 'bad-option', 'setup'],
    ['a time without a unit', { run, time: '300' }, 'bad-quantity', '300'],
    ['no time at all', { run, time: '0ms' }, 'bad-option', 'time'],
    ['an objective of another kind', { run, objectives: ['errors = 0'] }, 'bad-objective', 'errors = 0'],
    ['a time objective without a unit', { run, objectives: ['median < 200'] }, 'bad-objective', 'median < 200'],
    ['objectives that are no list', { run, objectives: 'median < 1ms' }, 'bad-declaration', 'objectives'],
    ['nothing', undefined, 'bad-option', 'options'],
  ])('%s is refused with the place and a hint', (_, options, code, excerpt) => {
    const refused = (): unknown => bench('bad', options as unknown as BenchOptions);
    expect(refused).toThrow(expect.objectContaining({ code, excerpt, exitCode: 2 }) as PerfError);
    expect(refused).toThrow(expect.objectContaining({ hint: expect.any(String) as string }) as PerfError);
    expect(refused).toThrow(
      expect.objectContaining({
        location: expect.objectContaining({ file: expect.stringContaining('bench.test.ts') as string }) as object,
      }) as PerfError,
    );
  });
});

test.each(['p99 < 100us', 'max < 500us', 'p50<1ms', ' p99.9 >= 1ns', 'p95 = 0'])(
  '"%s" is about single operations, which a batch hides',
  (objective) => {
    const refused = (): unknown => bench('bad', { run, objectives: ['median < 1s', objective] } as never);
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'bad-objective',
        exitCode: 2,
        excerpt: objective,
        hint: expect.stringContaining('a batch hides single operations: use latency()') as string,
        location: expect.objectContaining({ file: expect.stringContaining('bench.test.ts') as string }) as object,
      }) as PerfError,
    );
  },
);

test('its instrument gives a sample of times and an exact throughput', async () => {
  const declaration = bench('parse', { run: () => JSON.parse('{"a":[1,2]}') as unknown, time: '30ms' });
  const { measurements } = await declaration.instrument(roundContext());
  const [time, throughput] = measurements;
  expect(measurements.map(({ metric, data }) => `${metric} ${data.kind}`)).toEqual(['time sample', 'throughput exact']);
  if (time?.data.kind !== 'sample' || throughput?.data.kind !== 'exact') throw new Error('other data');
  const { values } = time.data;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(throughput.data.value).toBeCloseTo(1e9 / mean, 0);
  expect(time.warnings).toEqual([]);
});

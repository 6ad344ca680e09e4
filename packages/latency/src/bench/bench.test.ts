import { describe, expect, test } from 'vitest';
import { declarations, type Declaration, type PerfError } from '@perfkeel/core';
import { roundContext } from '../../test/round-context.ts';
import { bench, type BenchObjective, type BenchOptions } from './bench.ts';
import { benchMeasurements } from './bench-measurements.ts';
import type { BenchResult } from './measure-bench.ts';

const run = (): number => 1;

describe('declaring', () => {
  test('a function alone is enough', () => {
    const declaration = bench('concat', () => 'a'.concat('b'));
    expect(declaration).toMatchObject({ name: 'concat', kind: 'bench', primary: 'time', quantiles: true, rounds: 5 });
    expect(declaration.metrics.map(({ id, unit }) => `${id} ${unit}`)).toEqual([
      'time ns',
      'throughput 1/s',
      'cpu-time ns',
      'user-time ns',
      'system-time ns',
      'allocated B/op',
      'gc-count count',
      'gc-time ratio',
    ]);
    expect(declaration).not.toHaveProperty('variant');
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

  test('what costs something beside time can be promised too', () => {
    const objectives = [
      'cpu-time < 2ms',
      'user-time <= 1ms',
      'system-time < 100us',
      'allocated < 1KB/op',
      'allocated = 0',
      'gc-count <= 3',
      'gc-count = 0',
      'gc-time < 5%',
    ] as const;
    expect(bench('frugal', { run, objectives }).objectives).toEqual(objectives);
    const refused = [
      // @ts-expect-error bytes of an operation
      'allocated < 1KB',
      // @ts-expect-error a promise from below of what should be little
      'allocated > 1KB/op',
      // @ts-expect-error a share
      'gc-time < 5ms',
      // @ts-expect-error a time
      'cpu-time < 5%',
    ] satisfies readonly BenchObjective[];
    expect(refused).toHaveLength(4);
  });

  test.each([
    ['no function', {}, 'bad-option', 'run'],
    ['a value instead of a function', { run: 5 }, 'bad-option', 'run'],
    ['a setup that is a value', { run, setup: {} }, 'bad-option', 'setup'],
    ['a time without a unit', { run, time: '300' }, 'bad-quantity', '300'],
    ['no time at all', { run, time: '0ms' }, 'bad-option', 'time'],
    ['a warm-up that is a switch', { run, warmup: true }, 'bad-quantity', undefined],
    ['no warm-up at all', { run, warmup: '0s' }, 'bad-option', 'warmup'],
    [
      'allocation without "per operation"',
      { run, objectives: ['allocated < 1KB'] },
      'bad-objective',
      'allocated < 1KB',
    ],
    ['a share without per cent', { run, objectives: ['gc-time < 5'] }, 'bad-objective', 'gc-time < 5'],
    ['a parameter without a list', { run, over: { size: 5 } }, 'bad-option', 'size'],
    ['no parameter', { run, over: {} }, 'bad-option', 'over'],
    ['a list of parameters', { run, over: [1, 2] }, 'bad-option', 'over'],
    ['nothing to vary', { run, over: null }, 'bad-option', 'over'],
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

test.each(['p99 < 100us', 'max < 500us', 'p50<1ms', ' p99.9 >= 1ns', 'p95 = 0', 'p9x9 < 1ms'])(
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

test('a word that is none is answered with those that are taken', () => {
  expect(() => bench('bad', { run, objectives: ['medium < 1s'] } as never)).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/"median < 1s"\? This benchmark measures median, mean, min, throughput, /) as string,
    }) as PerfError,
  );
});

test.each([
  ['median of cpu-time < 2ms', 'Write "cpu-time < 2ms".'],
  ['mean of system-time <= 1us', 'Write "system-time <= 1us".'],
  ['p99 of time < 1ms', 'use latency() for the others.'],
])('"%s" is about values that there are not', (objective, hint) => {
  expect(() => bench('bad', { run, objectives: [objective] } as never)).toThrow(
    expect.objectContaining({
      code: 'bad-objective',
      excerpt: objective,
      hint: expect.stringContaining(hint) as string,
    }) as PerfError,
  );
});

describe('over several values', () => {
  test('each becomes a declaration of one family', () => {
    const before = declarations().length;
    const made = bench('sort', {
      over: { size: [10, 100], kind: ['random', 'sorted'] },
      run,
      rounds: 3,
      group: 'sorting',
      objectives: ['median < 1s', 'allocated < 1MB/op'],
    });
    expect(made.map(({ name }) => name)).toEqual([
      'sort [size=10, kind=random]',
      'sort [size=10, kind=sorted]',
      'sort [size=100, kind=random]',
      'sort [size=100, kind=sorted]',
    ]);
    expect(made[2]).toMatchObject({
      kind: 'bench',
      primary: 'time',
      rounds: 3,
      group: 'sorting',
      objectives: ['median < 1s', 'allocated < 1MB/op'],
      variant: { family: 'sort', parameters: { size: 100, kind: 'random' } },
      location: { file: expect.stringContaining('bench.test.ts') as string },
    });
    expect(declarations().slice(before)).toEqual(made);
  });

  test.each([undefined, 5, null])('a family needs a name: %s is none', (name) => {
    expect(() => bench(name as never, { over: { size: [1, 2] }, run })).toThrow(
      expect.objectContaining({ code: 'bad-declaration', message: 'a bench needs a name', exitCode: 2 }) as PerfError,
    );
  });

  test('a single value is a family of one', () => {
    expect(bench('alone', { over: { size: [10] }, run }).map(({ name }) => name)).toEqual(['alone [size=10]']);
  });

  test('nothing is declared when one of them is wrong', () => {
    const before = declarations().length;
    expect(() => bench('none', { over: { size: [1, 1] }, run })).toThrow();
    expect(() => bench('none', { over: { size: [1, 2] }, run, objectives: ['median < 5'] } as never)).toThrow();
    expect(declarations()).toHaveLength(before);
  });

  test('setup and run get the parameters of their declaration, and these have types', async () => {
    const seen = new Set<string>();
    const made = bench('fill', {
      over: { size: [2, 4], value: ['x', 'y'] },
      setup: ({ size, value }) => Promise.resolve(new Array<'x' | 'y'>(size satisfies 2 | 4).fill(value)),
      run: (array, { size, value }) => {
        seen.add(`${array.join('')} ${size satisfies number} ${value satisfies 'x' | 'y'}`);
        return array.includes(value);
      },
      time: '1ms',
    });
    for (const { instrument } of made) await instrument(roundContext({ short: true }));
    expect([...seen]).toEqual(['xx 2 x', 'yy 2 y', 'xxxx 4 x', 'yyyy 4 y']);
  });

  test('what the compiler refuses', () => {
    const wide: readonly number[] = [1, 2];
    const made: readonly Declaration[] = bench('wide', { over: { size: wide }, run: (_, { size }) => size + 1 });
    expect(made).toHaveLength(2);
    // @ts-expect-error no such parameter
    bench('typed', { over: { size: [1] }, run: (_, { length }) => length as unknown });
    // @ts-expect-error without over there are no parameters
    bench('plain', { run: (_state, { size }) => size as unknown });
    // @ts-expect-error one declaration, not several
    const one: readonly Declaration[] = bench('one', { run });
    expect(Array.isArray(one)).toBe(false);
  });
});

test('its instrument gives a sample of times, and one value of everything else', async () => {
  const declaration = bench('parse', { run: () => JSON.parse('{"a":[1,2]}') as unknown, time: '30ms' });
  const { measurements } = await declaration.instrument(roundContext());
  expect(measurements.map(({ metric, data }) => `${metric} ${data.kind}`)).toEqual([
    'time sample',
    'throughput exact',
    'cpu-time exact',
    'user-time exact',
    'system-time exact',
    'allocated exact',
    'gc-count exact',
    'gc-time exact',
  ]);
  const valueOf = (id: string): number => {
    const data = measurements.find(({ metric }) => metric === id)?.data;
    if (data?.kind === 'exact') return data.value;
    return data?.kind === 'sample' ? data.values.reduce((sum, value) => sum + value, 0) / data.values.length : NaN;
  };
  expect(valueOf('throughput')).toBeCloseTo(1e9 / valueOf('time'), 0);
  expect(valueOf('user-time') + valueOf('system-time')).toBeCloseTo(valueOf('cpu-time'), 3);
  // An object with one property, an array, and its two elements.
  expect(valueOf('allocated')).toBeGreaterThan(32 + 32 + 32 - 1);
  expect(valueOf('allocated')).toBeLessThan(200);
});

test('what a remark forbids is forbidden of every time, and not of bytes', () => {
  const warning = { code: 'not-steady', message: 'no steady state', forbids: 'fail' } as const;
  const floor = { code: 'at-the-floor', message: 'nothing' };
  const { measurements } = benchMeasurements({
    ...({ cpuTime: 3, userTime: 2, systemTime: 1, throughput: 4, collections: 0 } as BenchResult),
    timePerOperation: [1, 2],
    allocated: 8,
    warnings: [floor, warning],
  });
  expect(measurements.map(({ metric, warnings }) => [metric, ...(warnings ?? []).map(({ code }) => code)])).toEqual([
    ['time', 'at-the-floor', 'not-steady'],
    ['throughput', 'not-steady'],
    ['cpu-time', 'not-steady'],
    ['user-time', 'not-steady'],
    ['system-time', 'not-steady'],
    ['allocated'],
    // No share of collections was given, so there is none.
    ['gc-count'],
  ]);
});

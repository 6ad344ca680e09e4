import { expect, expectTypeOf, test } from 'vitest';
import { createHistogram, declarations, target, type Declaration, type PerfError } from '@perfkeel/core';
import { roundContext } from '../../test/round-context.ts';
import { latency } from './latency.ts';

const run = (): number => 1;

test('a list of concurrencies makes one declaration for each', async () => {
  const seen: number[] = [];
  let [running, most] = [0, 0];
  const family = latency('get', {
    concurrency: [1, 10, 50],
    samples: 100,
    warmup: 0,
    run: async ({ parameters }) => {
      expect(parameters).toEqual({});
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    },
  });
  expectTypeOf(family).toEqualTypeOf<readonly Declaration[]>();
  expect(family.map(({ name, variant }) => ({ name, variant }))).toEqual(
    [1, 10, 50].map((concurrency) => ({
      name: `get [concurrency=${concurrency}]`,
      variant: { family: 'get', parameters: { concurrency } },
    })),
  );
  expect(declarations().slice(-3)).toEqual(family);
  for (const declaration of family) {
    most = 0;
    await declaration.instrument(roundContext());
    seen.push(most);
  }
  expect(seen).toEqual([1, 10, 50]);
});

test('parameters reach setup and every call, and the compiler knows them', async () => {
  const seen: string[] = [];
  const family = latency('find', {
    over: { size: [1, 10], kind: ['flat'] },
    samples: 2,
    warmup: 0,
    setup: ({ parameters: { size } }) => ({ rows: new Array<number>(size).fill(0) }),
    run: ({ setup, parameters }) => {
      expectTypeOf(parameters.size).toExtend<number>();
      expectTypeOf(parameters.kind).toExtend<string>();
      seen.push(`${parameters.kind} ${parameters.size} ${setup.rows.length}`);
    },
  });
  expectTypeOf(family).toEqualTypeOf<readonly Declaration[]>();
  expect(family.map(({ name }) => name)).toEqual(['find [size=1, kind=flat]', 'find [size=10, kind=flat]']);
  for (const declaration of family) await declaration.instrument(roundContext());
  expect(seen).toEqual(['flat 1 1', 'flat 1 1', 'flat 10 10', 'flat 10 10']);
});

test('both vary together, and each has the calls that its own width wants', async () => {
  const family = latency('get', { over: { size: [1, 2] }, concurrency: [1, 50], run });
  expect(family.map(({ variant }) => variant?.parameters)).toEqual([
    { size: 1, concurrency: 1 },
    { size: 1, concurrency: 50 },
    { size: 2, concurrency: 1 },
    { size: 2, concurrency: 50 },
  ]);
  const counts = family.map(async ({ instrument }) => {
    const [time] = (await instrument(roundContext())).measurements;
    return time?.data.kind === 'histogram' && createHistogram(time.data.histogram).count;
  });
  expect(await Promise.all(counts)).toEqual([200, 500, 200, 500]);
});

test('a single value without a list is no family', () => {
  const one = latency('get', { concurrency: 10, run });
  expectTypeOf(one).toEqualTypeOf<Declaration>();
  expect([one.name, one.variant]).toEqual(['get', undefined]);
  expect(latency('get', { concurrency: [10], run })).toHaveLength(1);
});

test('everything else is the same in all of them', () => {
  const place = target({ url: 'http://127.0.0.1:9' });
  const objectives = ['p99 < 1s', 'errors = 0'] as const;
  const family = latency('get', {
    concurrency: [1, 2],
    run,
    group: 'g',
    tags: ['t'],
    rounds: 3,
    objectives,
    target: place,
  });
  for (const declaration of family) {
    expect(declaration).toMatchObject({ group: 'g', tags: ['t'], rounds: 3, objectives, target: place });
    expect(declaration.location?.file).toContain('latency-family.test.ts');
  }
});

test.each([
  ['no concurrency', { concurrency: [] }, 'concurrency'],
  ['half a client', { concurrency: [1, 1.5] }, 'concurrency'],
  ['a concurrency twice', { concurrency: [1, 1] }, 'concurrency'],
  ['a concurrency in words', { concurrency: 'many' }, 'concurrency'],
  ['nothing to vary', { over: {} }, 'over'],
  ['a list to vary', { over: [1, 2] }, 'over'],
  ['nothing to vary beside concurrencies', { over: null, concurrency: [1, 2] }, 'over'],
  ['no values', { over: { size: [] } }, 'size'],
  ['objects', { over: { size: [{ a: 1n }] } }, 'size'],
  ['concurrency as a parameter', { over: { concurrency: [1, 2] } }, 'over'],
])('%s is refused at its own line, and nothing is declared', (_what, options, excerpt) => {
  const before = declarations().length;
  expect(() => latency('bad', { run, ...(options as object) })).toThrow(
    expect.objectContaining({
      code: 'bad-option',
      exitCode: 2,
      excerpt,
      location: expect.objectContaining({
        file: expect.stringContaining('latency-family.test.ts') as string,
      }) as object,
    }) as PerfError,
  );
  expect(declarations().length).toBe(before);
});

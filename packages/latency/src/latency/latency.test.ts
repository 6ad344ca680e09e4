import { expect, test } from 'vitest';
import { createHistogram, defaultErrorObjective, fewErrorObjective, target } from '@perfkeel/core';
import { judgeRounds } from '../../test/judge-rounds.ts';
import { roundContext } from '../../test/round-context.ts';
import type { LatencyCall } from './latency-call.ts';
import { latency, type LatencyOptions } from './latency.ts';

/** An operation of one's own, and no request. */
type FunctionOptions = Extract<LatencyOptions, { readonly run: unknown }>;

test('the declaration carries the options', () => {
  const api = target({ url: 'http://127.0.0.1:9' });
  const declaration = latency('get one', {
    target: api,
    setup: ({ target }) => ({ base: target?.url }),
    run: ({ setup }) => setup.base?.length,
    objectives: ['p99 < 200ms', 'errors = 0'],
  });
  expect(declaration).toMatchObject({
    kind: 'latency',
    primary: 'response-time',
    quantiles: true,
    rounds: 5,
    target: api,
  });
  expect(declaration.metrics.map(({ id }) => id)).toEqual(['response-time', 'throughput', 'errors', 'response-times']);
  expect(declaration.location?.file).toContain('latency.test.ts');
});

test('its instrument gives a histogram, an exact throughput and a count of errors', async () => {
  const declaration = latency('half', {
    run: ({ index, target }) => {
      if (index % 2 === 1) throw new Error(`no answer from ${target?.url}`);
    },
    samples: 10,
    warmup: 0,
  });
  const { measurements } = await declaration.instrument(roundContext({ target: { url: 'http://127.0.0.1:9' } }));
  const [time, throughput, errors] = measurements;
  expect(measurements.map(({ metric }) => metric)).toEqual(['response-time', 'throughput', 'errors']);
  expect(time?.data.kind === 'histogram' && createHistogram(time.data.histogram).count).toBe(5);
  expect(throughput?.data.kind === 'exact' && throughput.data.value > 0).toBe(true);
  expect(errors?.data).toEqual({ kind: 'count', events: 5, trials: 10 });
  expect(errors?.warnings?.[0]?.message).toContain('no answer from http://127.0.0.1:9');
});

test('an objective for errors is added where none is written', () => {
  const objectivesOf = (options: Partial<FunctionOptions>): readonly string[] =>
    latency('defaults', { run: () => 1, ...options }).objectives;
  expect(objectivesOf({ objectives: ['p99 < 50ms'] })).toEqual(['p99 < 50ms', 'errors < 5%']);
  expect(objectivesOf({ objectives: ['p50 < 50ms'], samples: 59 })).toEqual(['p50 < 50ms', defaultErrorObjective]);
  expect(objectivesOf({ objectives: ['p50 < 50ms'], samples: 58 })).toEqual(['p50 < 50ms', fewErrorObjective]);
  expect(objectivesOf({ objectives: ['p99 < 50ms', 'errors < 50%'] })).toEqual(['p99 < 50ms', 'errors < 50%']);
  expect(objectivesOf({ objectives: ['p99 < 50ms'], expected: 'fail' })).toEqual(['p99 < 50ms']);
  expect(objectivesOf({ objectives: [] })).toEqual([defaultErrorObjective]);
  expect(objectivesOf({ samples: 58 })).toEqual([fewErrorObjective]);
});

test.each([2, 5])(
  'in %d rounds the survivors keep no promise, and few calls without an error decide',
  async (rounds) => {
    const verdicts = async (options: Partial<FunctionOptions>): Promise<readonly string[]> => {
      const declaration = latency('judged', { run: () => 1, warmup: 0, objectives: ['p50 < 10s'], ...options });
      return (await judgeRounds(declaration, rounds)).map(({ verdict }) => verdict.kind);
    };
    const half = ({ index }: LatencyCall): void => {
      if (index % 2 === 1) throw new Error('no answer');
    };
    for (const samples of [undefined, 150, 59, 20]) {
      const size = samples === undefined ? {} : { samples };
      expect(await verdicts(size)).toEqual(['pass', 'pass']);
      expect(await verdicts({ ...size, run: half })).toEqual(['pass', 'fail']);
    }
  },
);

test('a wrong objective is refused at its own line', () => {
  expect(() => latency('bad', { run: () => 1, objectives: ['p99 < 200' as 'p99 < 200ms'] })).toThrow(
    expect.objectContaining({
      code: 'bad-objective',
      excerpt: 'p99 < 200',
      location: expect.anything() as object,
    }) as Error,
  );
});

test('a declaration without run is refused at its own line', () => {
  expect(() => latency('bad', {} as LatencyOptions)).toThrow(
    expect.objectContaining({ code: 'bad-option', excerpt: 'run', location: expect.anything() as object }) as Error,
  );
});

test('the compiler wants a function or a request, and names that are declared', () => {
  const refused: (() => unknown)[] = [
    // @ts-expect-error neither
    () => latency('bad', {}),
    // @ts-expect-error a request without a path
    () => latency('bad', { request: {}, target: target({ url: 'http://127.0.0.1:9' }) }),
    // @ts-expect-error both
    () => latency('bad', { request: { path: '/' }, run: () => 1, target: target({ url: 'http://127.0.0.1:9' }) }),
    // @ts-expect-error nobody declared this component
    () => latency('bad', { run: () => 1, components: ['a'], objectives: ['p99 of b < 1s'] }),
    // @ts-expect-error a parameter is a list
    () => latency('bad', { run: () => 1, over: { size: 5 } }),
    // @ts-expect-error an option that only requests have
    () => latency('bad', { run: () => 1, connection: 'new' }),
    // @ts-expect-error nobody knows it
    () => latency('bad', { run: () => 1, objective: ['p99 < 1s'] }),
  ];
  for (const declare of refused) expect(declare).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
});

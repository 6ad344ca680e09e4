import { expect, test } from 'vitest';
import { createHistogram, target } from '@perfkeel/core';
import { roundContext } from '../../test/round-context.ts';
import { latency, type LatencyOptions } from './latency.ts';

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
  expect(declaration.metrics.map(({ id }) => id)).toEqual(['response-time', 'throughput', 'errors']);
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

test('a declaration without run is refused at its own line', () => {
  expect(() => latency('bad', {} as LatencyOptions)).toThrow(
    expect.objectContaining({ code: 'bad-option', excerpt: 'run', location: expect.anything() as object }) as Error,
  );
});

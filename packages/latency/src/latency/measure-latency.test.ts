import { describe, expect, test } from 'vitest';
import { target, type PerfError } from '@perfkeel/core';
import type { LatencyCall } from './latency-call.ts';
import { measureLatency } from './measure-latency.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('times', () => {
  test('the calls that count begin behind the warm-up, and whoever asks is told when they end', async () => {
    const told: (string | number)[] = [];
    await measureLatency(
      { run: ({ index }) => Promise.resolve(told.push(index)), warmup: 2, samples: 3 },
      { counting: (moment) => told.push(moment) },
    );
    expect(told).toEqual([0, 1, 'begins', 2, 3, 4, 'ends']);
  });

  test('a known delay is seen in the quantiles', async () => {
    const { responseTime, calls, errors, warnings } = await measureLatency({ run: () => sleep(20), samples: 30 });
    expect({ calls, errors, warnings, count: responseTime.count }).toEqual({
      calls: 30,
      errors: 0,
      warnings: [],
      count: 30,
    });
    // A timer may fire up to a millisecond early by a finer clock.
    expect(responseTime.quantile(0.5)).toBeGreaterThanOrEqual(19e6);
    expect(responseTime.quantile(0.5)).toBeLessThan(60e6);
  });

  test('one slow call among fast ones is the maximum and not the median', async () => {
    const run = ({ index }: LatencyCall): Promise<void> => sleep(index === 15 ? 120 : 1);
    const { responseTime } = await measureLatency({ run, samples: 20, warmup: 5 });
    expect(responseTime.max).toBeGreaterThanOrEqual(119e6);
    expect(responseTime.quantile(0.5)).toBeLessThan(60e6);
  });

  test('calls under way together share the time: 100 sleeps of 50 ms, ten at a time', async () => {
    const start = performance.now();
    const { throughput } = await measureLatency({ run: () => sleep(50), samples: 100, warmup: 0, concurrency: 10 });
    const elapsed = performance.now() - start;
    expect(elapsed).toBeGreaterThanOrEqual(490);
    expect(elapsed).toBeLessThan(1500);
    expect(throughput).toBeGreaterThan(100 / (elapsed / 1000) - 1);
    expect(throughput).toBeLessThan(204);
  });

  test('never more than `concurrency` calls at a time, and as many as that', async () => {
    let [running, most] = [0, 0];
    const run = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(1);
      running--;
    };
    await measureLatency({ run, samples: 50, concurrency: 7 });
    expect(most).toBe(7);
  });

  test('a function that returns no promise works too', async () => {
    const { responseTime } = await measureLatency({ run: () => 1 + 1, samples: 50 });
    expect(responseTime.count).toBe(50);
  });
});

describe('calls', () => {
  test('indices are distinct and count the warm-up, which is a tenth', async () => {
    const indices: number[] = [];
    await measureLatency({ run: ({ index }) => indices.push(index), samples: 30 });
    expect(indices).toEqual(Array.from({ length: 33 }, (_, i) => i));
  });

  test('setup is shared, and taken down after the last call', async () => {
    const events: string[] = [];
    const setup = (): Promise<{ name: string }> => {
      events.push('setup');
      return Promise.resolve({ name: 'shared' });
    };
    await measureLatency({
      setup,
      run: ({ setup: { name } }) => events.push(name),
      teardown: ({ name }) => events.push(`no more ${name}`),
      samples: 2,
      warmup: 0,
    });
    expect(events).toEqual(['setup', 'shared', 'shared', 'no more shared']);
  });

  test('garbage is collected between warm-up and timing', async () => {
    const events: string[] = [];
    const run = ({ index }: LatencyCall): number => events.push(`call ${index}`);
    await measureLatency({ run, samples: 1, warmup: 1 }, { collectGarbage: () => events.push('collect') });
    expect(events).toEqual(['call 0', 'collect', 'call 1']);
  });

  test('a rehearsal makes at most 20 timed calls', async () => {
    const { calls } = await measureLatency({ run: () => 1, samples: 5000, warmup: 5000 }, { short: true });
    expect(calls).toBe(20);
    expect((await measureLatency({ run: () => 1, samples: 3 }, { short: true })).calls).toBe(3);
  });
});

describe('targets', () => {
  test('the url of a target that runs elsewhere, and the one that the runner started', async () => {
    const urls: (string | undefined)[] = [];
    const run = (call: LatencyCall): number => urls.push(call.target?.url);
    const elsewhere = target({ url: 'http://127.0.0.1:1' });
    await measureLatency({ run, samples: 1, warmup: 0, target: elsewhere });
    await measureLatency({ run, samples: 1, warmup: 0, target: elsewhere }, { target: { url: 'http://127.0.0.1:2' } });
    expect(urls).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
  });

  test('a command is not started here', async () => {
    const subject = { run: () => 1, target: target({ command: ['node', 'server.js'] }) };
    await expect(measureLatency(subject)).rejects.toMatchObject({ code: 'target-not-started', exitCode: 2 });
  });
});

describe('failures', () => {
  test('a rejection is counted, and its time left out', async () => {
    const run = async ({ index }: LatencyCall): Promise<void> => {
      if (index % 4 === 0) throw new Error(`refused ${index}`);
      await sleep(5);
    };
    const { responseTime, errors, calls, warnings } = await measureLatency({ run, samples: 40, warmup: 0 });
    expect({ errors, calls, count: responseTime.count }).toEqual({ errors: 10, calls: 40, count: 30 });
    expect(responseTime.min).toBeGreaterThan(3.9e6);
    expect(warnings).toEqual([
      {
        code: 'some-failed',
        message: '10 of 40 calls failed and are not in the response time; the first: refused 0',
      },
    ]);
  });

  test('when every call fails, the first error comes out as it is, and teardown still runs', async () => {
    const first = new Error('first');
    let downs = 0;
    const run = ({ index }: LatencyCall): never => {
      throw index === 2 ? first : new Error('another');
    };
    const failing = measureLatency({ run, teardown: () => downs++, samples: 5, warmup: 2 });
    await expect(failing).rejects.toBe(first);
    expect(downs).toBe(1);
  });

  test('a signal ends it even when a call never settles, and teardown still runs', async () => {
    let downs = 0;
    const signal = AbortSignal.timeout(50);
    const hanging = { run: () => new Promise(() => undefined), teardown: () => downs++ };
    await expect(measureLatency(hanging, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(downs).toBe(1);
  });

  test.each([
    ['samples', { samples: 0 }],
    ['samples', { samples: 1.5 }],
    ['concurrency', { concurrency: -1 }],
    ['warmup', { warmup: NaN }],
    ['teardown', { teardown: 5 as never }],
  ])('a wrong %s is refused', async (excerpt, options) => {
    const refused = expect.objectContaining({ code: 'bad-option', excerpt, exitCode: 2 }) as PerfError;
    await expect(measureLatency({ run: () => 1, ...options })).rejects.toEqual(refused);
  });
});

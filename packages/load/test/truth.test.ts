import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateLoad, type LoadResult } from '../src/index.ts';
import { serveHttp, startStallingServer, type TestServer } from './support/servers.ts';

const ms = (ns: number): number => ns / 1e6;

/**
 * Coordinated omission: a server that stops for 0.5 s within a run of 2.5 s keeps a fifth of all arrivals waiting, each
 * for what is left of the stop. The truth is arithmetic:
 *
 *     P(response time > x) = 0.2 (1 - x / 500 ms)      p50 ~ 0 | p90 = 250 ms | p99 = 475 ms | mean = 50 ms
 *
 * A real time can only be longer: the server still has to work off the queue, and a busy machine adds to it. So the
 * bounds are close below, and above only exclude times that are made up.
 */
describe('a server that stops for half a second', () => {
  const requests = { path: '/' };

  async function measure(
    pace: { rate: '100/s'; for: '2500ms' } | { clients: number; for: '1600ms' },
  ): Promise<LoadResult> {
    const server = await startStallingServer(800, 500);
    try {
      return await generateLoad({ url: server.url, requests, warmup: '0s', ...pace });
    } finally {
      await server.close();
    }
  }

  it('is seen by the open model as the arithmetic says', async () => {
    const { responseTime, scheduled, completed } = await measure({ rate: '100/s', for: '2500ms' });
    expect([scheduled, completed, responseTime.count]).toEqual([250, 250, 250]);
    const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => ms(responseTime.quantile(q)));
    const mean = ms(responseTime.mean);
    const within = (value: number, lo: number, hi: number): boolean => value > lo && value < hi;
    expect([p50, within(p50!, 0, 200)]).toEqual([p50, true]);
    expect([p90, within(p90!, 220, 900)]).toEqual([p90, true]);
    expect([p99, within(p99!, 440, 1200)]).toEqual([p99, true]);
    expect([mean, within(mean, 42, 300)]).toEqual([mean, true]);
  });

  it('is hidden by the closed model, which sends nothing meanwhile', async () => {
    const { responseTime, model, warnings } = await measure({ clients: 4, for: '1600ms' });
    expect(model).toBe('closed');
    expect(warnings.map(({ code }) => code)).toContain('closed-model');
    expect(ms(responseTime.max)).toBeGreaterThan(400);
    expect(ms(responseTime.quantile(0.9))).toBeLessThan(100);
  });
});

describe('a generator that stops itself', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serveHttp((_, response) => response.end('ok'));
  });
  afterAll(() => server.close());

  it('sends what it owes, says that it was late, and keeps its lateness out of the service time', async () => {
    const block = setTimeout(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    }, 300);
    const result = await generateLoad({
      url: server.url,
      requests: { path: '/' },
      rate: '200/s',
      for: '1s',
      warmup: '0s',
    });
    clearTimeout(block);
    expect([result.scheduled, result.completed]).toEqual([200, 200]);
    // 60 of 200 arrivals were due during the stop, evenly spread over it.
    const { responseTime, serviceTime, scheduleLag } = result;
    expect(ms(scheduleLag!.quantile(0.85))).toBeGreaterThan(100);
    expect(ms(scheduleLag!.max)).toBeGreaterThan(290);
    // Of every single request: response time = schedule lag + service time.
    expect(Math.abs(responseTime.mean - scheduleLag!.mean - serviceTime.mean)).toBeLessThan(3);
    for (const q of [0, 0.5, 0.85, 0.99, 1]) {
      expect(responseTime.quantile(q)).toBeGreaterThanOrEqual(scheduleLag!.quantile(q) * 0.999);
    }
    expect(result.warnings.map(({ code }) => code)).toContain('generator-late');
  });
});

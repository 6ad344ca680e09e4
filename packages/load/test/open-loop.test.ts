import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions } from '../src/index.ts';
import { serveHttp, type TestServer } from './support/servers.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

let server: TestServer;
const seen: Seen[] = [];

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: request.method, url: request.url, type: request.headers['content-type'], body });
      const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
      response.writeHead(status).end(status === 204 ? undefined : 'x'.repeat(100_000));
    });
  });
});
afterAll(() => server.close());

const run = (options: Partial<GenerateLoadOptions>) => {
  seen.length = 0;
  const base = { url: server.url, requests: { path: '/' }, rate: '100/s', for: '300ms', warmup: '0s' } as const;
  return generateLoad({ ...base, ...options } as GenerateLoadOptions);
};

describe('the open model', () => {
  it('sends what was scheduled, and counts each request once', async () => {
    const result = await run({ for: '500ms' });
    expect(seen).toHaveLength(50);
    expect(result).toMatchObject({ model: 'open', scheduled: 50, completed: 50, failed: 0, dropped: 0, censored: 0 });
    expect([result.responseTime.count, result.serviceTime.count, result.scheduleLag?.count]).toEqual([50, 50, 50]);
    expect(result.statuses).toEqual({ 200: 50 });
    expect(result.responseTime.min).toBeGreaterThanOrEqual(result.serviceTime.min);
  });

  it('leaves the warm-up out, by intended time', async () => {
    const result = await run({ warmup: '200ms' });
    expect(seen).toHaveLength(50);
    expect([result.scheduled, result.responseTime.count]).toEqual([30, 30]);
  });

  it('gives each request of a mix its share', async () => {
    await run({
      requests: [
        { path: '/a', weight: 8 },
        { path: '/b', weight: 2 },
      ],
      for: '500ms',
    });
    expect(seen.filter(({ url }) => url === '/a')).toHaveLength(40);
    expect(seen.filter(({ url }) => url === '/b')).toHaveLength(10);
  });

  it('sends method, body and headers, behind the path of the url', async () => {
    await run({
      url: `${server.url}/api/`,
      requests: { method: 'put', path: '/orders?a=b', body: { id: 1 } },
      for: '10ms',
    });
    expect(seen).toEqual([{ method: 'PUT', url: '/api/orders?a=b', type: 'application/json', body: '{"id":1}' }]);
  });

  it('holds answers against the expected status, and times the wrong ones too', async () => {
    const { completed, failed, failures, responseTime, statuses } = await run({
      requests: [{ path: '/status/201', expect: 201 }, { path: '/status/503' }, { path: '/status/404', expect: 404 }],
    });
    expect([completed, failed, failures.status, responseTime.count]).toEqual([20, 10, 10, 30]);
    expect(statuses).toEqual({ 201: 10, 404: 10, 503: 10 });
  });

  it.each(['HEAD', 'OPTIONS', 'DELETE'])('understands the answer to %s', async (method) => {
    expect(await run({ requests: { path: '/', method }, for: '50ms' })).toMatchObject({ completed: 5, failed: 0 });
  });

  it('understands an answer without a body', async () => {
    expect(await run({ requests: { path: '/status/204' }, for: '50ms' })).toMatchObject({ completed: 5, failed: 0 });
  });

  it('repeats Poisson arrivals with the same seed', async () => {
    const poisson = { arrivals: 'poisson', rate: '400/s', for: '150ms' } as const;
    const counts: number[] = [];
    for (const seed of [1, 1, 2]) counts.push((await run({ ...poisson, seed })).scheduled);
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).not.toBe(counts[2]);
    expect(counts[0]).toBeGreaterThan(30);
    expect(counts[0]).toBeLessThan(95);
  });

  it('counts as throughput what the server gets done within the window, not what it gets done later', async () => {
    let last = Promise.resolve();
    const slow = await serveHttp((_, response) => {
      last = last.then(() => new Promise((resolve) => setTimeout(resolve, 20))).then(() => void response.end('ok'));
    });
    const result = await run({ url: slow.url, rate: '100/s', for: '400ms' });
    await slow.close();
    expect(result.completed).toBe(40);
    // One after the other, 20 ms each: at most 50 a second.
    expect(result.throughput).toBeLessThanOrEqual(52.5);
    expect(result.throughput).toBeGreaterThan(5);
    expect(result.responseTime.quantile(0.9)).toBeGreaterThan(250e6);
  });

  it('loses nothing when the rate is too high for it, recovers, and says so', async () => {
    const result = await run({ rate: '100000/s', for: '30ms', requests: { path: '/status/204' } });
    expect(result).toMatchObject({ scheduled: 3000, completed: 3000, failed: 0, dropped: 0 });
    expect(result.responseTime.max).toBeGreaterThanOrEqual(result.scheduleLag!.max);
    expect(result.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['generator-late', 'generator-behind']),
    );
  });

  it('counts what an interruption left undone', async () => {
    const stop = new AbortController();
    const interrupting = await serveHttp((_, response) => response.end('ok', () => stop.abort()));
    const result = await run({ url: interrupting.url, for: '60s', signal: stop.signal });
    await interrupting.close();
    const { scheduled, completed, failed, dropped, interrupted } = result;
    expect([scheduled, failed, interrupted]).toEqual([6000, 0, true]);
    expect(completed + dropped).toBe(6000);
    expect(dropped).toBeGreaterThan(5000);
  });

  it('sends nothing at all when it is interrupted before it begins', async () => {
    const result = await run({ signal: AbortSignal.abort() });
    expect([seen.length, result.scheduled, result.dropped]).toEqual([0, 30, 30]);
  });

  it('sends each stage as many requests as the area under it, and tells them apart', async () => {
    const result = await generateLoad({
      url: server.url,
      requests: { path: '/status/204' },
      stages: [
        'warm up at 50/s for 100ms',
        'ramp to 250/s over 200ms',
        'hold 250/s for 200ms',
        'rest for 100ms',
        'spike to 500/s for 100ms',
      ],
    });
    const { phases, scheduled, completed, duration } = result;
    expect(phases.map(({ name, scheduled }) => [name, scheduled])).toEqual([
      ['ramp', 30],
      ['hold', 50],
      ['spike', 50],
    ]);
    expect([scheduled, completed, duration]).toEqual([130, 130, 500e6]);
    expect(phases.reduce((sum, { responseTime }) => sum + responseTime.count, 0)).toBe(result.responseTime.count);
  });
});

import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions, type LoadContext, type LoadWork } from '../src/index.ts';
import { okAnswer, serveHttp, serveRaw, type TestServer } from './support/servers.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const options = (url: string, more: Partial<LoadWork & LoadContext> = {}): GenerateLoadOptions => ({
  url,
  requests: { path: '/' },
  clients: 4,
  for: '400ms',
  warmup: '100ms',
  ...more,
});

const ms = (ns: number): number => ns / 1e6;

describe('the closed model', () => {
  it('never has more requests open than clients, and leaves none without an outcome', async () => {
    let open = 0;
    let most = 0;
    server = await serveHttp((_, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end('ok');
      }, 20);
    });
    const result = await generateLoad(options(server.url));
    expect(most).toBe(4);
    expect(result).toMatchObject({ model: 'closed', failed: 0, dropped: 0, interrupted: false });
    expect(result.completed).toBe(result.scheduled);
    expect([result.responseTime.count, result.serviceTime.count]).toEqual([result.scheduled, result.scheduled]);
    expect([result.scheduleLag, result.achieved]).toEqual([undefined, undefined]);
    // Little: 4 clients, 20 ms each, is at most 200 answers a second.
    expect(result.throughput).toBeLessThanOrEqual(210);
    expect(result.throughput).toBeGreaterThan(10);
    expect(ms(result.responseTime.min)).toBeGreaterThan(18);
  });

  it('sends the mix, the bodies and the path of the url, and knows which answer it expected', async () => {
    const seen = new Map<string, number>();
    server = await serveHttp((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const key = `${request.method} ${request.url} ${body}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        response.writeHead(request.method === 'POST' ? 201 : 404).end();
      });
    });
    const result = await generateLoad(
      options(`${server.url}/api`, {
        requests: [
          { path: '/made', body: { id: 1 }, expect: 201, weight: 3 },
          { path: '/gone', expect: 404 },
        ],
      }),
    );
    expect([...seen.keys()].sort()).toEqual(['GET /api/gone ', 'POST /api/made {"id":1}']);
    expect(seen.get('POST /api/made {"id":1}')! / seen.get('GET /api/gone ')!).toBeCloseTo(3, 0);
    expect(result).toMatchObject({ failed: 0, dropped: 0 });
    expect(result.completed).toBeGreaterThan(5);
  });

  it('counts the wrong status', async () => {
    server = await serveHttp((_, response) => response.writeHead(503).end());
    const result = await generateLoad(options(server.url));
    expect([result.completed, result.failures.status]).toEqual([0, result.scheduled]);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['closes', (socket) => socket.end(), 'closed_early'],
    ['resets', (socket) => socket.resetAndDestroy(), 'reset'],
  ])('counts a request whose connection %s, and times the others rightly', async (_, misbehave, kind) => {
    server = await serveRaw((socket, index) => {
      if (index % 10 === 9) misbehave(socket);
      else setTimeout(() => socket.write(okAnswer), 10);
    });
    const result = await generateLoad(options(server.url, { for: '600ms' }));
    const { scheduled, completed, failed, dropped, failures, responseTime } = result;
    expect(completed + failed + dropped).toBe(scheduled);
    expect(failures[kind as 'reset']).toBe(failed);
    expect(Math.abs(failed / scheduled - 0.1)).toBeLessThan(0.05);
    // autocannon's own median of this is several times the truth.
    expect(ms(responseTime.quantile(0.5))).toBeGreaterThan(9);
    expect(ms(responseTime.quantile(0.5))).toBeLessThan(60);
  });

  it('counts no error when the server ends each connection in good order', async () => {
    server = await serveHttp((_, response) => response.setHeader('connection', 'close').end('ok'));
    const result = await generateLoad(options(server.url));
    expect(result).toMatchObject({ failed: 0, dropped: 0 });
    expect(result.completed).toBeGreaterThan(5);
  });

  it('puts timeouts into the distribution as "at least"', async () => {
    let index = 0;
    server = await serveHttp((_, response) => {
      if (index++ !== 10) setTimeout(() => response.end('ok'), 5);
    });
    const result = await generateLoad(options(server.url, { timeout: '1s', warmup: '0s' }));
    expect(result).toMatchObject({ failed: 1, censored: 1, dropped: 0, failures: { timeout: 1 } });
    expect(result.responseTime.max).toBe(1e9);
    expect(result.completed + 1).toBe(result.scheduled);
  });

  it('stops when it is told to, and counts what it gave up', async () => {
    server = await serveHttp(() => {});
    const result = await generateLoad(
      options(server.url, { warmup: '0s', for: '20s', signal: AbortSignal.timeout(200) }),
    );
    expect(result).toMatchObject({ scheduled: 4, completed: 0, failed: 0, dropped: 4, interrupted: true });
  });
});

import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions } from '../src/index.ts';
import { okAnswer, serveHttp, serveRaw, type TestServer } from './support/servers.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const closed = (url: string, more: Partial<GenerateLoadOptions> = {}): GenerateLoadOptions =>
  ({ url, requests: { path: '/' }, clients: 4, for: '400ms', warmup: '100ms', ...more }) as GenerateLoadOptions;

const ms = (ns: number): number => ns / 1e6;

// autocannon is a second opinion: whatever is said of the closed model holds for both.
describe.each(['http1', 'autocannon'] as const)('the closed model over %s', (driver) => {
  const options = (url: string, more: Partial<GenerateLoadOptions> = {}): GenerateLoadOptions =>
    closed(url, { driver, ...more } as Partial<GenerateLoadOptions>);

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
    expect(result.phases.map(({ name, completed }) => [name, completed])).toEqual([['steady', result.completed]]);
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
      options(server.url, { warmup: '0s', for: '20s', signal: AbortSignal.timeout(500) }),
    );
    expect(result).toMatchObject({ scheduled: 4, completed: 0, failed: 0, dropped: 4, interrupted: true });
  });
});

describe('clients', () => {
  /** How many requests were open at most, in each tenth of a second since the first. */
  async function busyServer(ms: number): Promise<{ server: TestServer; most: number[] }> {
    const most: number[] = [];
    let [open, began] = [0, 0];
    const note = (): void => {
      const at = Math.floor((performance.now() - began) / 100);
      most[at] = Math.max(most[at] ?? 0, open);
    };
    const busy = await serveHttp((_, response) => {
      began ||= performance.now();
      open += 1;
      note();
      setTimeout(() => {
        open -= 1;
        note();
        response.end('ok');
      }, ms);
    });
    return { server: busy, most };
  }

  it('join and leave along a ramp, and each phase has its own result', async () => {
    const busy = await busyServer(10);
    server = busy.server;
    const result = await generateLoad({
      url: server.url,
      requests: { path: '/' },
      stages: [
        'up: ramp to 20 clients over 500ms',
        'hold 20 clients for 200ms',
        'rest for 100ms',
        'down: hold 2 clients for 200ms',
      ],
    });
    const { most } = busy;
    expect(Math.max(...most)).toBe(20);
    expect(most[0]!).toBeLessThanOrEqual(6);
    expect(result.phases.map(({ name }) => name)).toEqual(['up', 'hold', 'down']);
    const [up, hold, down] = result.phases;
    expect([up!.start, hold!.start, down!.start].map(ms)).toEqual([0, 500, 800]);
    // Little: 20 clients of 10 ms are at most 2000 a second, two of them 200.
    expect(hold!.throughput).toBeLessThan(2200);
    expect(down!.throughput).toBeLessThan(240);
    expect(up!.scheduled + hold!.scheduled + down!.scheduled).toBe(result.scheduled);
    expect(result).toMatchObject({ failed: 0, dropped: 0, duration: 900e6 });
  });

  it('think between an answer and the next request', async () => {
    const times: number[] = [];
    server = await serveHttp((_, response) => {
      times.push(performance.now());
      response.end('ok');
    });
    const result = await generateLoad(closed(server.url, { clients: 1, think: '50ms', warmup: '0s', for: '400ms' }));
    expect(result.scheduled).toBe(times.length);
    expect(times.length).toBeLessThanOrEqual(8);
    for (const [i, time] of times.slice(1).entries()) expect(time - times[i]!).toBeGreaterThan(48);
    // The pause is not a part of anybody's waiting.
    expect(ms(result.responseTime.quantile(0.5))).toBeLessThan(45);
  });

  it('pause when their requests fail one after the other, instead of asking again at once', async () => {
    let asked = 0;
    server = await serveRaw((socket, index) => {
      asked += 1;
      if (index === 0) socket.write(okAnswer);
      else socket.resetAndDestroy();
    });
    const result = await generateLoad(closed(server.url, { clients: 1, warmup: '0s', for: '500ms' }));
    expect([result.completed, result.failures.reset]).toEqual([1, asked - 1]);
    // 0, 0, 10, 20, 40, 80, 160, 320 ms: no more than eight of them.
    expect(asked).toBeLessThanOrEqual(9);
    expect(asked).toBeGreaterThanOrEqual(3);
  });

  it('send HEAD, and may time out in less than a second', async () => {
    let index = 0;
    server = await serveHttp((_, response) => {
      if (index++ !== 3) response.end();
    });
    const head = { path: '/', method: 'HEAD' };
    const result = await generateLoad(closed(server.url, { requests: head, timeout: '300ms', warmup: '0s' }));
    expect(result).toMatchObject({ failed: 1, censored: 1, failures: { timeout: 1 } });
    expect(result.responseTime.max).toBe(300e6);
  });
});

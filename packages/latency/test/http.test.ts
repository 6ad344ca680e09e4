import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { target, type PerfError } from '@perfkeel/core';
import {
  latency,
  measureLatency,
  type LatencyComponent,
  type LatencyRequest,
  type LatencyResult,
  type LatencySubject,
} from '../src/index.ts';
import { httpServer, httpsServer, rawServer } from './http-server.ts';
import { roundContext } from './round-context.ts';
import { certificate } from './tls.ts';

type RequestSubject = Extract<LatencySubject, { readonly request: unknown }>;

const measure = (url: string, options: Partial<RequestSubject> = {}): Promise<LatencyResult> =>
  measureLatency({ target: target({ url }), request: { path: '/' }, samples: 10, warmup: 1, ...options });

const namesOf = ({ components }: LatencyResult): string[] => components.map(({ component }) => component);

/** A component in milliseconds, and how much of the median it is. */
const part = ({ components }: LatencyResult, name: string): LatencyComponent =>
  components.find(({ component }) => component === name)!;

const ok = (_request: IncomingMessage, response: ServerResponse): void => void response.end('ok');

describe('where the time goes', () => {
  test('on a connection that is open already: first byte and body', async () => {
    const server = await httpServer((_request, response) => {
      setTimeout(() => {
        response.write('first');
        setTimeout(() => response.end('last'), 60);
      }, 30);
    });
    const result = await measure(server.url, { samples: 5 });
    expect(namesOf(result)).toEqual(['first-byte', 'body']);
    expect(server.connections).toBe(1);
    // A timer may fire up to a millisecond early by a finer clock.
    expect(part(result, 'first-byte').time.min).toBeGreaterThan(28.9e6);
    expect(part(result, 'body').time.quantile(0.5)).toBeGreaterThan(part(result, 'first-byte').time.quantile(0.5));
    expect(part(result, 'body').shares.p50).toBeGreaterThan(0.5);
    const sum = result.components.reduce((total, { time }) => total + time.mean, 0);
    expect(Math.abs(result.responseTime.mean - sum)).toBeLessThanOrEqual(2);
  });

  test('on new ones: connecting, each time', async () => {
    const server = await httpServer(ok);
    const result = await measure(server.url, { connection: 'new', samples: 20 });
    expect(namesOf(result)).toEqual(['connect', 'first-byte', 'body']);
    expect(server.connections).toBe(21);
    expect(part(result, 'connect').time.min).toBeGreaterThan(0);
  });

  test('a name is looked up first', async () => {
    const server = await httpServer(ok);
    const result = await measure(server.url.replace('127.0.0.1', 'localhost'), { connection: 'new' });
    expect(namesOf(result)).toEqual(['dns', 'connect', 'first-byte', 'body']);
    expect(part(result, 'dns').time.min).toBeGreaterThan(0);
  });

  test('over TLS: a full handshake on every new connection, none on an open one', async () => {
    let resumed = 0;
    const server = await httpsServer((request, response) => {
      if ((request.socket as TLSSocket).isSessionReused()) resumed++;
      response.end('ok');
    });
    const fresh = await measure(server.url, { connection: 'new', tls: { ca: certificate } });
    expect(namesOf(fresh)).toEqual(['connect', 'tls', 'first-byte', 'body']);
    expect([server.connections, resumed]).toEqual([11, 0]);
    expect(part(fresh, 'tls').time.min).toBeGreaterThan(0);
    const kept = await measure(server.url, { tls: { ca: certificate } });
    expect(namesOf(kept)).toEqual(['first-byte', 'body']);
    expect(server.connections).toBe(12);
  });

  test.each([1, 10, 50])('as many connections as requests under way: %d', async (concurrency) => {
    let [running, most] = [0, 0];
    const server = await httpServer((_request, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        response.end('ok');
      }, 5);
    });
    const { calls, errors } = await measure(server.url, { samples: 60, warmup: concurrency, concurrency });
    expect({ calls, errors, most }).toEqual({ calls: 60, errors: 0, most: concurrency });
    expect(server.connections).toBe(concurrency);
  });
});

describe('what is sent', () => {
  const sent = async (path: string, request: LatencyRequest, place = ''): Promise<object> => {
    let seen: object = {};
    const server = await httpServer((message, response) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => {
        const { method, url, headers } = message;
        seen = { method, url, type: headers['content-type'], own: headers['x-own'], auth: headers.authorization };
        seen = { ...seen, body: Buffer.concat(chunks).toString() };
        response.statusCode = 201;
        response.end();
      });
    });
    await measure(server.url.replace('//', `//${place}`) + path, { request, samples: 1, warmup: 0 });
    return seen;
  };

  test('a GET without a body', async () => {
    expect(await sent('', { path: '/orders?open=1', headers: { 'X-Own': 'yes' } })).toEqual({
      ...{ method: 'GET', url: '/orders?open=1', type: undefined, own: 'yes', auth: undefined },
      body: '',
    });
  });

  test('a POST of plain data is JSON, below the path of the target, with the name in its url', async () => {
    expect(await sent('/api/', { path: '/orders', body: { id: 1 } }, 'me:it%20is@')).toEqual({
      ...{ method: 'POST', url: '/api/orders', type: 'application/json', own: undefined },
      auth: `Basic ${Buffer.from('me:it is').toString('base64')}`,
      body: '{"id":1}',
    });
  });

  test.each([
    ['text', 'grüße'],
    ['bytes', new TextEncoder().encode('grüße')],
  ])('%s as it is', async (_what, body) => {
    const request: LatencyRequest = { path: '/', method: 'put', body, headers: { 'content-type': 'text/plain' } };
    expect(await sent('', request)).toMatchObject({ method: 'PUT', type: 'text/plain', body: 'grüße' });
  });
});

describe('failures are data', () => {
  const warningOf = ({ warnings }: LatencyResult): string | undefined =>
    warnings.find(({ code }) => code === 'some-failed')?.message;

  test('a status that nobody hoped for, on a connection that stays open', async () => {
    let requests = 0;
    const server = await httpServer((_request, response) => {
      response.statusCode = ++requests % 2 === 0 ? 503 : 200;
      response.end('ok');
    });
    const result = await measure(server.url, { warmup: 0 });
    expect([result.calls, result.errors, result.responseTime.count]).toEqual([10, 5, 5]);
    expect(warningOf(result)).toContain('the first: GET /: the status is 503; expected one from 200 to 399');
    expect(server.connections).toBe(1);
  });

  test('a good status that is not the expected one', async () => {
    const server = await httpServer((request, response) => {
      response.statusCode = request.headers['x-call'] === undefined ? 200 : 201;
      response.end();
    });
    const result = measure(server.url, { request: { path: '/orders', expect: 201 } });
    await expect(result).rejects.toThrow('GET /orders: the status is 200; expected 201');
    const created = await measure(server.url, { request: { path: '/', headers: { 'x-call': '1' }, expect: 201 } });
    expect(created.errors).toBe(0);
  });

  test('an answer that does not come in time, or not to its end', async () => {
    let requests = 0;
    const server = await httpServer((_request, response) => {
      requests++;
      if (requests % 3 === 0) return;
      response.write('begun');
      if (requests % 3 === 1) response.end();
    });
    const start = performance.now();
    const result = await measure(server.url, { samples: 6, warmup: 0, timeout: '100ms' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(395);
    expect([result.errors, result.responseTime.count]).toEqual([4, 2]);
    expect(warningOf(result)).toContain('GET /: no complete answer within 100 ms');
    expect(result.responseTime.max).toBeLessThan(100e6);
  });

  test.each([
    ['closed at once', '', 'socket hang up'],
    ['garbage', 'HELLO\r\n\r\n', 'Parse Error'],
    ['cut short', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', 'aborted'],
  ])('an answer that is %s', async (_what, bytes, message) => {
    let requests = 0;
    const good = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    const server = await rawServer(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => socket.end(requests++ % 2 === 0 ? good : bytes));
      }),
    );
    const result = await measure(server.url, { connection: 'new', samples: 6, warmup: 0 });
    expect([result.errors, result.responseTime.count]).toEqual([3, 3]);
    expect(warningOf(result)).toContain(message);
    expect(result.warnings).toHaveLength(1);
  });

  test('a body that the end of the connection delimits is a whole answer', async () => {
    const server = await rawServer(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\nbegin');
          setTimeout(() => socket.end('end'), 5);
        });
      }),
    );
    expect((await measure(server.url)).errors).toBe(0);
  });

  test('when nobody answers at all, it says why', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await new Promise((resolve) => server.close(resolve));
    await expect(measure(`http://127.0.0.1:${port}`)).rejects.toThrow(`GET /: connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  test('a certificate that nobody trusts', async () => {
    const server = await httpsServer(ok);
    await expect(measure(server.url)).rejects.toThrow('self-signed certificate');
    expect((await measure(server.url, { tls: { rejectUnauthorized: false } })).errors).toBe(0);
  });
});

describe('the end', () => {
  const allClosed = async (open: () => number): Promise<void> => {
    const until = performance.now() + 5000;
    while (open() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(open()).toBe(0);
  };

  test('no connection is left open', async () => {
    const server = await httpServer(ok);
    await measure(server.url, { concurrency: 5, samples: 50 });
    await allClosed(() => server.open);
    expect(server.connections).toBeGreaterThan(0);
  });

  test('a signal ends requests that are never answered', async () => {
    const server = await httpServer(() => undefined);
    const measuring = measureLatency(
      { target: target({ url: server.url }), request: { path: '/' }, concurrency: 3, samples: 3 },
      { signal: AbortSignal.timeout(100) },
    );
    await expect(measuring).rejects.toMatchObject({ name: 'TimeoutError' });
    await allClosed(() => server.open);
  });
});

describe('declaring', () => {
  test('a request in a family, on the target that the runner started', async () => {
    const paths: string[] = [];
    const server = await httpServer(({ url }, response) => {
      paths.push(url!);
      response.end('ok');
    });
    const family = latency('get an order', {
      target: target({ command: ['node', 'server.js'] }),
      over: { id: [1, 2] },
      request: ({ id }) => ({ path: `/orders/${id}` }),
      samples: 2,
      warmup: 0,
      objectives: ['p50 of first-byte < 10s', 'first-byte-of-p99 > 1%', 'errors = 0'],
    });
    expect(family.map(({ name }) => name)).toEqual(['get an order [id=1]', 'get an order [id=2]']);
    for (const { metrics, instrument } of family) {
      const { measurements } = await instrument(roundContext({ target: { url: server.url } }));
      expect(metrics.length).toBe(3 + 5 * 3 + 1);
      // Its first call opened the connection. There is no name to look up, and no TLS.
      expect(measurements.slice(3).map(({ metric }) => metric)).toEqual([
        ...['connect', 'connect-of-p50', 'connect-of-p99'],
        ...['first-byte', 'first-byte-of-p50', 'first-byte-of-p99'],
        ...['body', 'body-of-p50', 'body-of-p99'],
      ]);
    }
    expect(paths).toEqual(['/orders/1', '/orders/1', '/orders/2', '/orders/2']);
  });

  const place = target({ url: 'http://127.0.0.1:9' });
  const request = { path: '/' };
  test.each<[string, object, string, string]>([
    ['a request without a target', { request }, 'bad-option', 'target'],
    ['a request and a function', { target: place, request, run: () => 1 }, 'bad-option', 'run'],
    ['components of its own', { target: place, request, components: ['a'] }, 'bad-option', 'components'],
    ['another connection', { target: place, request, connection: 'close' }, 'bad-option', 'connection'],
    ['no time', { target: place, request, timeout: '0s' }, 'bad-option', 'timeout'],
    ['more time than a timer has', { target: place, request, timeout: '1000h' }, 'bad-option', 'timeout'],
    ['no object for TLS', { target: place, request, tls: true }, 'bad-option', 'tls'],
    ['no certificate', { target: place, request, tls: { ca: 'me' } }, 'bad-option', 'ca'],
    ['a timeout beside a function', { run: () => 1, timeout: '1s' }, 'bad-option', 'timeout'],
    ['text', { target: place, request: '/orders' }, 'bad-request', 'request'],
    ['nothing', { target: place, request: null }, 'bad-request', 'request'],
    ['no path', { target: place, request: {} }, 'bad-request', 'path'],
    ['a url as the path', { target: place, request: { path: 'http://127.0.0.1/' } }, 'bad-request', 'path'],
    ['a path with blanks', { target: place, request: { path: '/a b' } }, 'bad-request', 'path'],
    ['an unknown method', { target: place, request: { path: '/', method: 'FETCH' } }, 'bad-request', 'method'],
    ['a status that no answer has', { target: place, request: { path: '/', expect: 99 } }, 'bad-request', 'expect'],
    [
      'a header with a line break',
      { target: place, request: { path: '/', headers: { a: 'b\r\nc' } } },
      'bad-request',
      'a',
    ],
    ['a body that is no data', { target: place, request: { path: '/', body: 5 } }, 'bad-request', 'body'],
    ['a body that holds itself', { target: place, request: { path: '/', body: circular() } }, 'bad-request', 'body'],
    ['a misspelt option', { target: place, request: { path: '/', boby: 'a' } }, 'bad-request', 'boby'],
    ['a function that makes no request', { target: place, request: () => undefined }, 'bad-request', 'request'],
    ['a function that makes a wrong one', { target: place, request: () => ({ path: 'a' }) }, 'bad-request', 'path'],
  ])('%s is refused with the place and a hint', (_what, options, code, excerpt) => {
    expect(() => latency('bad', options as never)).toThrow(
      expect.objectContaining({
        ...{ code, excerpt, exitCode: 2, hint: expect.any(String) as string },
        location: expect.objectContaining({ file: expect.stringContaining('http.test.ts') as string }) as object,
      }) as PerfError,
    );
  });

  test('a direct call needs a target too', async () => {
    await expect(measureLatency({ request })).rejects.toMatchObject({ code: 'bad-option', excerpt: 'target' });
  });
});

function circular(): object {
  const own: Record<string, unknown> = {};
  return (own['own'] = own);
}

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { PerfError } from '@perfkeel/core';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, load, type GenerateLoadOptions, type LoadResult, type Step } from '../src/index.ts';
import { serveHttp, type TestServer } from './support/servers.ts';

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A shop: who logs in gets a session and a cart, and the cart takes orders of its own session only. */
function shop(misbehaves: (path: string, count: number) => number | 'never' | 'reset' | undefined = () => undefined) {
  const asked = new Map<string, number>();
  let sessions = 0;
  const strangers: string[] = [];
  const answer = (request: Pick<IncomingMessage, 'url' | 'headers' | 'socket'>, response: ServerResponse): void => {
    const path = request.url!.replace(/\d+/, 'n');
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const fault = misbehaves(path, asked.get(path)!);
    if (fault === 'never') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    if (path === '/login') {
      const id = sessions++;
      response.setHeader('set-cookie', [`sid=s${id}; Path=/; HttpOnly`, 'theme=dark']);
      response.setHeader('x-cart', `${id}`);
      response.writeHead(fault ?? 200).end(JSON.stringify({ user: { id } }));
      return;
    }
    const [, id] = /(\d+)/.exec(request.url!) ?? [];
    if (!String(request.headers.cookie).includes(`sid=s${id};`)) strangers.push(request.url!);
    response.writeHead(fault ?? 201).end('made');
  };
  return { asked, strangers, answer };
}

const checkout: readonly Step[] = [
  {
    name: 'login',
    path: '/login',
    body: { user: 'ann' },
    capture: ({ body, headers }) => ({
      id: (JSON.parse(body) as { user: { id: number } }).user.id,
      cart: headers['x-cart']!,
    }),
  },
  {
    name: 'order',
    request: ({ captured, index }) => ({ path: `/carts/${captured.cart}`, body: { index }, expect: 201 }),
  },
  {
    request: ({ captured }) => ({
      path: `/users/${captured.id}/done`,
      expect: 201,
      expectBody: (body) => body === 'made',
    }),
  },
];

async function run(
  server: ReturnType<typeof shop>,
  more: object = {},
): Promise<LoadResult & { counts: readonly unknown[] }> {
  const served = await serveHttp((request, response) => {
    request.resume().on('end', () => server.answer(request, response));
  });
  servers.push(served);
  const pace = { rate: '100/s', for: '300ms', warmup: '0s' };
  const result = await generateLoad({ url: served.url, steps: checkout, ...pace, ...more } as GenerateLoadOptions);
  return { ...result, counts: countsOf(result) };
}

/** Of the whole and of each endpoint; all accounts are balanced. */
function countsOf({ endpoints, ...whole }: LoadResult): readonly unknown[] {
  return [{ name: 'whole', ...whole }, ...endpoints].map(
    ({ name, scheduled, completed, failed, dropped, responseTime }) => {
      expect([name, completed + failed + dropped, responseTime.count]).toEqual([name, scheduled, completed + failed]);
      return [name, scheduled, completed, failed, dropped];
    },
  );
}

describe.concurrent('steps', () => {
  it('follow each other, with what was captured and the cookies of their visit', async () => {
    const server = shop();
    const { counts, endpoints, responseTime, connections } = await run(server);
    expect(counts).toEqual([
      ['whole', 30, 30, 0, 0],
      ['login', 30, 30, 0, 0],
      ['order', 30, 30, 0, 0],
    ]);
    expect(Object.fromEntries(server.asked)).toEqual({ '/login': 30, '/carts/n': 30, '/users/n/done': 30 });
    expect(server.strangers).toEqual([]);
    expect(endpoints.map(({ statuses }) => statuses)).toEqual([{ 200: 30 }, { 201: 30 }]);
    expect(responseTime.min).toBeGreaterThan(endpoints[0]!.responseTime.min);
    expect(connections.opened).toBeGreaterThan(0);
  });

  it('end with the first that fails, which is counted where it failed, and say which it was', async () => {
    const server = shop((path, count) => (path === '/carts/n' && count % 3 === 0 ? 500 : undefined));
    const { counts, failures, firstMessages, censored } = await run(server);
    expect(counts).toEqual([
      ['whole', 30, 20, 10, 0],
      ['login', 30, 30, 0, 0],
      ['order', 30, 20, 10, 0],
    ]);
    expect([failures.status, censored, firstMessages.status]).toEqual([10, 0, 'step "order": status 500']);
    expect(server.asked.get('/users/n/done')).toBe(20);
  });

  it.each<[string, Step['capture'] | undefined, object, string]>([
    ['throws', () => JSON.parse('{') as never, {}, 'step "login": capture threw: '],
    ['finds nothing', () => ({ cart: undefined as never }), {}, 'step "login": the answer has no "cart"'],
    ['returns nothing', () => undefined as never, {}, 'step "login": capture returned no object'],
  ])('fail when their capture %s', async (_, capture, more, message) => {
    const steps = [{ ...checkout[0]!, capture }, ...checkout.slice(1)];
    const { counts, failures, firstMessages } = await run(shop(), { steps, for: '50ms', ...more });
    expect(counts).toEqual([
      ['whole', 5, 0, 5, 0],
      ['login', 5, 0, 5, 0],
      ['order', 0, 0, 0, 0],
    ]);
    expect([failures.body, firstMessages.body?.startsWith(message)]).toEqual([5, true]);
  });

  it('fail when they ask for what was never captured', async () => {
    const steps = [
      checkout[0]!,
      { request: ({ captured }: { captured: Record<string, unknown> }) => ({ path: `/${captured['basket']}` }) },
    ];
    const { counts, firstMessages } = await run(shop(), { steps, for: '50ms' });
    expect(counts[0]).toEqual(['whole', 5, 0, 5, 0]);
    expect(firstMessages.other).toBe('step 2: the request could not be made: nothing has been captured as "basket"');
  });

  it('have one timeout together, and go on without the visit that had it', async () => {
    const server = shop((path, count) => (path === '/carts/n' && count % 2 === 0 ? 'never' : undefined));
    const { counts, failures, responseTime } = await run(server, { timeout: '1500ms', for: '200ms' });
    expect([failures.timeout, responseTime.max >= 1500e6]).toEqual([10, true]);
    expect(counts[0]).toEqual(['whole', 20, 10, 10, 0]);
  });

  it('are given up together when the run is', async () => {
    const all = new AbortController();
    const server = shop((path, count) => {
      if (path === '/carts/n' && count === 4) setTimeout(() => all.abort());
      return path === '/carts/n' ? 'never' : undefined;
    });
    const { counts } = await run(server, { rate: undefined, clients: 4, for: '10s', signal: all.signal });
    expect(counts).toEqual([
      ['whole', 4, 0, 0, 4],
      ['login', 4, 4, 0, 0],
      ['order', 4, 0, 0, 4],
    ]);
  });

  it('begin again from the first when they are idempotent', async () => {
    const server = shop((path, count) => (path === '/carts/n' && count % 4 === 0 ? 'reset' : undefined));
    const { completed, failed, retried, endpoints } = await run(server, { idempotent: true, retries: 10 });
    expect([completed, failed, retried > 5]).toEqual([30, 0, true]);
    expect(endpoints.map(({ scheduled, completed, failed }) => [scheduled, completed, failed])).toEqual([
      [30 + retried, 30 + retried, 0],
      [30 + retried, 30, retried],
    ]);
    expect(server.strangers).toEqual([]);
  });

  it('go over HTTP/2, too', async () => {
    const { answer, strangers } = shop();
    const server = http2.createServer((request, response) => {
      request.resume().on('end', () => answer(request, response as never));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const driver = { use: 'undici', http2: true } as const;
    const result = await generateLoad({ url, steps: checkout, driver, rate: '100/s', for: '100ms', warmup: '0s' });
    server.close();
    expect([countsOf(result)[0], strangers]).toEqual([['whole', 10, 10, 0, 0], []]);
  });
});

describe('a declaration of steps', () => {
  const place = { url: 'http://127.0.0.1:1', rate: '1/s', for: '1s' } as const;

  it('promises of each that has a name', () => {
    const objectives = ['p99 < 1s', 'p95 of login.response-time < 200ms', 'order.errors < 5%'] as const;
    const { metrics } = load('checkout', { ...place, steps: checkout, objectives });
    const ids = metrics.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['login.response-time', 'login.errors', 'order.errors']));
    expect(ids).not.toContain('first-byte');
  });

  it.each<[string, object, string]>([
    ['none', { steps: [] }, 'steps need a list of at least one request'],
    ['one that is none', { steps: ['/'] }, 'step 1 is "/"'],
    ['a path and a function', { steps: [{ path: '/', request: () => ({ path: '/' }) }] }, 'step 1 has both'],
    ['no function', { steps: [{ request: 5 }] }, '5 makes no request'],
    ['nothing to capture with', { steps: [{ path: '/', capture: 'id' }] }, '"id" captures nothing'],
    ['a weight', { steps: [{ path: '/', weight: 2 }] }, 'steps follow each other and have no weight'],
    ['a path that is none', { steps: [{ path: 'x' }] }, '"x" is not a path'],
    ['a name of a phase', { steps: [{ path: '/', name: 'steady' }] }, 'a phase and a request are both called'],
    ['other work beside them', { steps: checkout, requests: { path: '/' } }, 'load has both requests and steps'],
    ['workers', { steps: checkout, workers: 2 }, 'functions stay in their own thread'],
    ['autocannon', { steps: checkout, driver: 'autocannon' }, 'autocannon has no steps'],
  ])('is refused with %s', async (_, options, message) => {
    await expect(generateLoad({ ...place, ...options } as never)).rejects.toSatisfy((error: PerfError) => {
      expect([error instanceof PerfError, error.exitCode, error.message]).toEqual([
        true,
        2,
        expect.stringContaining(message),
      ]);
      return true;
    });
  });
});

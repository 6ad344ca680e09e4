import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, load, type LoadCall } from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { refusingUrl, serveHttp, type TestServer } from './support/servers.ts';

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ms = (ns: number): number => ns / 1e6;

describe.concurrent('a function as the load', () => {
  it('is called at a rate, whether or not earlier calls have returned', async () => {
    const calls: LoadCall[] = [];
    let [open, most] = [0, 0];
    const result = await generateLoad({
      rate: '100/s',
      for: '300ms',
      warmup: '100ms',
      run: async (call) => {
        calls.push(call);
        most = Math.max(most, ++open);
        await sleep(60);
        open -= 1;
      },
    });
    expect(result).toMatchObject({ model: 'open', scheduled: 30, completed: 30, failed: 0, statuses: {} });
    expect(calls.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(most).toBeGreaterThanOrEqual(5);
    // As many clients as calls that were open at once, and never the same one twice.
    expect(Math.max(...calls.map(({ client }) => client))).toBe(most - 1);
    expect(ms(result.responseTime.min)).toBeGreaterThan(59);
    expect(result.responseTime.count).toBe(30);
  });

  it('is called by clients one after the other, with what belongs to each', async () => {
    const open = new Set<number>();
    const counts = [0, 0, 0];
    const result = await generateLoad({
      clients: 3,
      // Long enough for two calls of each on a machine that stands still in between.
      for: '1s',
      warmup: '0s',
      run: async ({ client }) => {
        expect(open.has(client)).toBe(false);
        open.add(client);
        counts[client]! += 1;
        await sleep(10);
        open.delete(client);
      },
    });
    expect(counts.reduce((a, b) => a + b)).toBe(result.completed);
    expect(Math.min(...counts)).toBeGreaterThan(1);
    expect(result).toMatchObject({ model: 'closed', failed: 0, dropped: 0 });
  });

  it('fails by throwing, at once or later, and says how', async () => {
    const result = await generateLoad({
      rate: '200/s',
      for: '100ms',
      warmup: '0s',
      run: ({ index }) => {
        if (index % 4 === 0) throw new Error('no such table');
        if (index % 4 === 1) return Promise.reject(new TypeError('fetch failed', { cause: reset }));
        return index % 4 === 2 ? Promise.resolve(7) : 8;
      },
    });
    expect(result).toMatchObject({ scheduled: 20, completed: 10, failed: 10, failures: { other: 5, reset: 5 } });
    expect(result.firstMessages).toEqual({ other: 'no such table', reset: 'fetch failed: read ECONNRESET' });
    // They are not among the quick ones.
    expect(result.responseTime.quantile(0.51)).toBeGreaterThan(9.9e9);
  });

  it('counts what this machine had no port for in its own class, with advice', async () => {
    const server = await serveHttp((_, response) => response.end('ok'));
    servers.push(server);
    const { port, hostname } = new URL(server.url);
    const result = await generateLoad({
      rate: '100/s',
      for: '100ms',
      warmup: '0s',
      run: async ({ index }) => {
        // An address of no machine (RFC 5737): the system has no port on it to give.
        const localAddress = index % 2 === 0 ? '192.0.2.1' : '127.0.0.1';
        const socket = createConnection({ port: Number(port), host: hostname, localAddress });
        await once(socket, 'connect');
        socket.destroy();
      },
    });
    expect(result).toMatchObject({ scheduled: 10, completed: 5, failures: { out_of_ports: 5, other: 0 } });
    expect(result.warnings).toContainEqual({
      code: 'out-of-ports',
      message: expect.stringMatching(
        /no local port left for 5 requests \(.*EADDRNOTAVAIL.*keep connections alive/,
      ) as string,
      forbids: 'verdict',
    });
  });

  it('times out, hears of it by its signal, and is counted once however it ends', async () => {
    const reasons: unknown[] = [];
    const result = await generateLoad({
      rate: '100/s',
      for: '100ms',
      warmup: '0s',
      timeout: '150ms',
      run: async ({ index, signal }) => {
        if (index % 2 === 0) return;
        await once(signal, 'abort');
        reasons.push((signal.reason as Error).name);
        throw new Error('late');
      },
    });
    expect(result).toMatchObject({ completed: 5, failed: 5, censored: 5, failures: { timeout: 5, other: 0 } });
    expect(reasons).toEqual(Array.from({ length: 5 }, () => 'TimeoutError'));
    expect(result.serviceTime.max).toBe(150e6);
  });

  it('is told to stop at the end of an interrupted run', async () => {
    const stop = new AbortController();
    const aborted: string[] = [];
    const result = await generateLoad({
      rate: '100/s',
      for: '20s',
      warmup: '0s',
      signal: stop.signal,
      run: async ({ index, signal }) => {
        if (index === 9) setImmediate(() => stop.abort());
        await once(signal, 'abort');
        aborted.push((signal.reason as Error).message);
      },
    });
    expect(result).toMatchObject({ scheduled: 2000, completed: 0, failed: 0, dropped: 2000, interrupted: true });
    await sleep(20);
    expect(aborted.length).toBeGreaterThanOrEqual(10);
    expect(new Set(aborted)).toEqual(new Set(['the run is over']));
  });

  it('takes rows in their order', async () => {
    const seen: string[] = [];
    await generateLoad({
      rate: '100/s',
      for: '50ms',
      warmup: '0s',
      data: [{ sku: 'a' }, { sku: 'b' }],
      run: ({ row }) => seen.push(row.sku),
    });
    expect(seen).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('that never reaches anything has not been measured', async () => {
    const url = new URL(await refusingUrl());
    const attempt = generateLoad({
      rate: '500/s',
      for: '20s',
      run: () => once(createConnection(Number(url.port), url.hostname), 'connect'),
    });
    await expect(attempt).rejects.toMatchObject({ code: 'target-refused', exitCode: 4 });
  });

  it('that cannot be given a row is counted as failed', async () => {
    const result = await generateLoad({
      rate: '100/s',
      for: '30ms',
      warmup: '0s',
      data: function* () {
        yield 1;
        throw new Error('disk on fire');
      },
      run: () => {},
    });
    expect(result).toMatchObject({ completed: 1, failed: 2, firstMessages: { other: expect.any(String) as string } });
  });
});

const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe.concurrent('a template of requests', () => {
  it('makes each request of a row', async () => {
    const seen: string[] = [];
    const server = await serveHttp((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.writeHead(request.method === 'POST' ? 201 : 200).end();
    });
    servers.push(server);
    const result = await generateLoad({
      url: server.url,
      rate: '200/s',
      for: '20ms',
      warmup: '0s',
      data: [{ id: 7 }, { id: 8 }],
      request: ({ row, index }) =>
        index === 3 ? { path: '/orders', body: { id: row.id }, expect: 200 } : { path: `/users/${row.id}?n=${index}` },
    });
    expect(seen.sort()).toEqual(['GET /users/7?n=0', 'GET /users/7?n=2', 'GET /users/8?n=1', 'POST /orders']);
    expect(result).toMatchObject({ completed: 3, failures: { status: 1 } });
  });

  it('that makes nonsense fails the request, not the run', async () => {
    const server = await serveHttp((_, response) => response.end());
    servers.push(server);
    const result = await generateLoad({
      url: server.url,
      rate: '100/s',
      for: '30ms',
      warmup: '0s',
      request: ({ index }) => ({ path: index === 1 ? 'nowhere' : '/' }),
    });
    expect(result).toMatchObject({ completed: 2, failures: { other: 1 } });
    expect(result.firstMessages.other).toContain('the request could not be made: "nowhere" is not a path');
  });
});

describe('load() with a function', () => {
  it('needs no target, and has no connections to wait for', async () => {
    const urls = new Set<string | undefined>();
    const declaration = load('query', {
      run: ({ url }) => void urls.add(url),
      rate: '100/s',
      for: '100ms',
      warmup: '0s',
      objectives: ['p99 < 1s'],
    });
    expect([declaration.target, declaration.metrics.map(({ id }) => id)]).toEqual([
      undefined,
      [
        ...['response-time', 'service-time', 'throughput', 'errors', 'schedule-lag'],
        ...['intended-rate', 'sent-rate', 'failed-rate', 'response-times'],
      ],
    ]);
    const { measurements } = await declaration.instrument(roundContext());
    // It is too short to have a course.
    const values = declaration.metrics.map(({ id }) => id).slice(0, 5);
    expect(measurements.map(({ metric }) => metric).sort()).toEqual(values.sort());
    expect(urls).toEqual(new Set([undefined]));
  });

  it('is told where its target is, if it has one', async () => {
    const urls: (string | undefined)[] = [];
    const declaration = load('query', {
      url: 'http://127.0.0.1:9',
      run: ({ url }) => urls.push(url),
      rate: '100/s',
      for: '10ms',
      warmup: '0s',
    });
    await declaration.instrument(roundContext({ target: { url: 'http://127.0.0.1:9' } }));
    expect(urls).toEqual(['http://127.0.0.1:9']);
  });

  it('shares what its setup has made before the load, and takes it down behind the last call', async () => {
    const server = await serveHttp((_, response) => response.end('ok'));
    servers.push(server);
    const events: string[] = [];
    const result = await generateLoad({
      url: server.url,
      setup: async ({ url, signal }) => {
        await sleep(50);
        events.push(`setup of ${url}, aborted: ${signal.aborted}`);
        return { made: 0 };
      },
      run: async ({ setup }) => {
        await sleep(20);
        setup.made += 1;
        events.push('call');
      },
      teardown: async ({ made }) => {
        await sleep(1);
        events.push(`teardown behind ${made}`);
      },
      rate: '50/s',
      for: '100ms',
      warmup: '40ms',
    });
    // The time that the setup takes is none of the load's.
    expect(result).toMatchObject({ scheduled: 5, completed: 5 });
    expect(events).toEqual([
      `setup of ${server.url}, aborted: false`,
      ...Array.from({ length: 7 }, () => 'call'),
      'teardown behind 7',
    ]);
  });

  it('is surrounded in every round of a declaration, a rehearsal as well', async () => {
    const events: string[] = [];
    const declared = load('surrounded', {
      setup: () => ({ name: `connection ${events.push('setup')}` }),
      run: ({ setup }) => expect(setup.name).toBe('connection 1'),
      teardown: ({ name }) => events.push(`end of ${name}`),
      clients: 1,
      for: '20ms',
    });
    const { measurements } = await declared.instrument(roundContext({ short: true }));
    expect(measurements.find(({ metric }) => metric === 'errors')?.data).toMatchObject({ events: 0 });
    expect(events).toEqual(['setup', 'end of connection 1']);
  });

  it('sends nothing when its setup fails, and says what failed', async () => {
    const events: string[] = [];
    const send = generateLoad({
      setup: () => Promise.reject(new Error('no such table')),
      run: () => events.push('call'),
      teardown: () => events.push('teardown'),
      rate: '50/s',
      for: '100ms',
    });
    await expect(send).rejects.toThrow('no such table');
    expect(events).toEqual([]);
  });

  it('does not wait for a setup that never ends, and takes down what comes too late', async () => {
    const stop = new AbortController();
    const takenDown = new Promise<string>((resolve) => {
      const send = generateLoad({
        setup: () => sleep(60).then(() => 'late'),
        run: () => undefined,
        teardown: resolve,
        rate: '50/s',
        for: '100ms',
        signal: stop.signal,
      });
      void send.catch((error: Error) => stop.signal.reason === error || resolve('another error'));
      setTimeout(() => stop.abort(new Error('enough')), 10);
    });
    expect(await takenDown).toBe('late');
  });

  it('says when its teardown fails, but not in the place of what failed before', async () => {
    const work = { clients: 1, for: '10ms', warmup: '0s' } as const;
    const teardown = (): never => {
      throw new Error('cannot close');
    };
    await expect(generateLoad({ ...work, run: () => sleep(1), teardown })).rejects.toThrow('cannot close');
    const url = new URL(await refusingUrl());
    const run = () => once(createConnection(Number(url.port), url.hostname), 'connect');
    await expect(generateLoad({ rate: '500/s', for: '20s', run, teardown })).rejects.toThrow(
      'nothing accepts connections',
    );
  });

  it('refuses a setup that nobody would use', () => {
    const options = { url: 'http://127.0.0.1:1', requests: { path: '/' }, rate: '1/s', for: '1s' } as const;
    // @ts-expect-error only functions share something
    expect(() => load('x', { ...options, setup: () => 1 })).toThrow('requests share nothing that setup could make');
    // @ts-expect-error a function it is
    expect(() => load('x', { run: () => 1, rate: '1/s', for: '1s', setup: 7 })).toThrow('7 is no setup');
  });
});

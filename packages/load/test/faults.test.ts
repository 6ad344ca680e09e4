import type { Socket } from 'node:net';
import { PerfError } from '@perfkeel/core';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions, type LoadResult } from '../src/index.ts';
import { okAnswer, refusingUrl, serveHttp, serveRaw, type TestServer } from './support/servers.ts';

// Tests run side by side here: what they expect does not depend on speed. All servers go when all tests have ended.
const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function untilTheEnd(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting;
  servers.push(server);
  return server;
}

const options = (url: string, changes: Partial<GenerateLoadOptions> = {}): GenerateLoadOptions =>
  ({ url, requests: { path: '/' }, rate: '800/s', for: '125ms', warmup: '0s', ...changes }) as GenerateLoadOptions;

/** Every request is in exactly one place, and every time in the distribution belongs to one. */
function expectAccounts(result: LoadResult): void {
  const { scheduled, completed, failed, dropped, failures, responseTime, serviceTime } = result;
  expect(completed + failed + dropped).toBe(scheduled);
  expect(Object.values(failures).reduce((a, b) => a + b, 0)).toBe(failed);
  expect(responseTime.count).toBe(completed + failed);
  expect(result.censored).toBe(failed - failures.status);
  expect(serviceTime.count).toBe(responseTime.count);
}

describe.concurrent('a fault', () => {
  it.each<[string, (socket: Socket) => void, string]>([
    ['closes the connection without an answer', (socket) => socket.end(), 'closed_early'],
    ['closes it in the middle of an answer', (socket) => socket.end(okAnswer.slice(0, -1)), 'closed_early'],
    ['closes it in the middle of the head', (socket) => socket.end(okAnswer.slice(0, 20)), 'closed_early'],
    ['resets the connection', (socket) => socket.resetAndDestroy(), 'reset'],
    ['answers in another language', (socket) => socket.end('220 mail.example ESMTP\r\n'), 'parse'],
  ])('every tenth request: %s', async (_, misbehave, kind) => {
    const server = await untilTheEnd(
      serveRaw((socket, index) => (index % 10 === 9 ? misbehave(socket) : socket.write(okAnswer))),
    );
    const result = await generateLoad(options(server.url));
    expectAccounts(result);
    expect(result).toMatchObject({ scheduled: 100, completed: 90, failed: 10, dropped: 0, failures: { [kind]: 10 } });
    // Nobody knows how long they would have taken: they are not among the quick ones.
    expect(result.responseTime.quantile(0.91)).toBeGreaterThanOrEqual(10e9 * 0.999);
    expect(result.responseTime.quantile(0.9)).toBeLessThan(10e9);
    expect(result.warnings.map(({ code }) => code)).toContain('censored');
  });

  it('of each kind in turn is counted once in its class, and the good answers are as quick as without', async () => {
    const faults: readonly ((socket: Socket) => unknown)[] = [
      (socket) => socket.end(),
      (socket) => socket.resetAndDestroy(),
      (socket) => socket.end('220 mail.example ESMTP\r\n'),
      (socket) => socket.end(okAnswer.slice(0, -1)),
    ];
    const serve = (isFaulty: (index: number) => boolean): Promise<TestServer> =>
      untilTheEnd(
        serveRaw((socket, index) => {
          if (isFaulty(index)) faults[Math.floor(index / 10) % faults.length]!(socket);
          else setTimeout(() => socket.write(okAnswer), 100);
        }),
      );
    const [faulty, sound] = await Promise.all([serve((index) => index % 10 === 9), serve(() => false)]);
    // At the same time: whatever disturbs one disturbs the other.
    const both = [faulty, sound].map(({ url }) => generateLoad(options(url, { rate: '160/s', for: '1s' })));
    const [result, without] = (await Promise.all(both)) as [LoadResult, LoadResult];
    expectAccounts(result);
    const { reset, closed_early, parse } = result.failures;
    expect([result.completed, closed_early, reset, parse]).toEqual([144, 8, 4, 4]);
    // The good ones are the quickest 90 %: their median is at 45 % of all.
    const ratio = result.serviceTime.quantile(0.45) / without.serviceTime.quantile(0.5);
    expect([ratio > 0.7, ratio < 1.4]).toEqual([true, true]);
  });

  it('of status is not one of transport', async () => {
    const server = await untilTheEnd(serveHttp((_, response) => response.writeHead(500).end()));
    const result = await generateLoad(options(server.url));
    expectAccounts(result);
    expect(result.failures).toMatchObject({ status: 100, reset: 0, closed_early: 0, other: 0 });
    expect(result.responseTime.count).toBe(100);
    expect(result.throughput).toBe(0);
  });

  it('of time enters the distribution as "at least"', async () => {
    let index = 0;
    const server = await untilTheEnd(
      serveHttp((_, response) => {
        if (index++ % 5 !== 4) response.end('ok');
      }),
    );
    const result = await generateLoad(options(server.url, { rate: '50/s', for: '500ms', timeout: '800ms' }));
    expectAccounts(result);
    const { scheduled, completed, failed, failures, censored, serviceTime, responseTime } = result;
    expect(scheduled).toBe(25);
    // On a very busy machine another request may time out as well.
    expect(failures.timeout).toBeGreaterThanOrEqual(5);
    expect([failed, censored, completed]).toEqual([failures.timeout, failures.timeout, 25 - failures.timeout]);
    expect(serviceTime.max).toBe(800e6);
    expect(responseTime.quantile(0.9)).toBeGreaterThanOrEqual(800e6 * 0.999);
    expect(result.warnings.find(({ code }) => code === 'censored')?.message).toContain(
      `${censored} of 25 requests had no answer in time`,
    );
  });

  it('of time in the middle of a body is one, too', async () => {
    const server = await untilTheEnd(serveRaw((socket) => socket.write(okAnswer.slice(0, -1))));
    const result = await generateLoad(options(server.url, { rate: '400/s', for: '25ms', timeout: '200ms' }));
    expectAccounts(result);
    expect(result.failures.timeout).toBe(10);
  });

  it('is not an answer that the end of its connection delimits', async () => {
    const server = await untilTheEnd(serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end')));
    const result = await generateLoad(options(server.url));
    expectAccounts(result);
    expect(result).toMatchObject({ completed: 100, failed: 0 });
  });

  it('of a server that goes away is counted, because it was there', async () => {
    let left = 20;
    const leaving = await serveHttp((_, response) => {
      response.end('ok');
      if (--left === 0) void leaving.close();
    });
    const result = await generateLoad(options(leaving.url, { rate: '100/s', for: '800ms' }));
    expectAccounts(result);
    expect(result.completed).toBeGreaterThanOrEqual(1);
    expect(result.failures.connect_refused).toBeGreaterThanOrEqual(1);
  });
});

describe.concurrent('a target that speaks another protocol', () => {
  it('has not been measured, and what TLS said is told', async () => {
    const server = await untilTheEnd(serveHttp((_, response) => response.end('ok')));
    const url = server.url.replace('http:', 'https:');
    await expect(generateLoad(options(url, { rate: '400/s', for: '50ms' }))).rejects.toMatchObject({
      code: 'target-untrusted',
      message: expect.stringMatching(
        /^no connection over TLS to https:.*(SSL|EPROTO).*, with all 20 attempts$/,
      ) as string,
      hint: expect.stringContaining('if it is one for http://') as string,
    });
  });
});

describe('a target that nothing could connect to', () => {
  it.each([
    { rate: '50/s', for: '500ms' },
    { rate: '2000/s', for: '20s' },
    { clients: 3, for: '20s' },
  ] as const)('has not been measured: %o', async (pace) => {
    const url = await refusingUrl();
    const began = performance.now();
    const attempt = generateLoad({ url, requests: { path: '/' }, warmup: '0s', ...pace });
    await expect(attempt).rejects.toSatisfy((error: PerfError) => {
      expect(error).toBeInstanceOf(PerfError);
      expect(error).toMatchObject({ code: 'target-refused', exitCode: 4 });
      expect(error.message).toContain(url);
      expect(error.hint).toContain('target({ command');
      return true;
    });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('is wrong usage when its url is none', async () => {
    await expect(generateLoad(options('127.0.0.1:80'))).rejects.toMatchObject({ code: 'bad-load', exitCode: 2 });
    await expect(generateLoad(options('ftp://127.0.0.1'))).rejects.toMatchObject({ code: 'bad-load' });
  });
});

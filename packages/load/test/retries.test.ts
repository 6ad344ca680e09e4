import type { Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions } from '../src/index.ts';
import { okAnswer, serveHttp, serveRaw, type TestServer } from './support/servers.ts';

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

/** A server that misbehaves whenever it is asked to. */
async function run(misbehaves: (index: number) => boolean, more: object = {}) {
  let asked = 0;
  const server = await serveRaw((socket: Socket, index) => {
    asked += 1;
    if (misbehaves(index)) socket.resetAndDestroy();
    else socket.write(okAnswer);
  });
  servers.push(server);
  const options = { url: server.url, requests: { path: '/' }, rate: '200/s', for: '200ms', warmup: '0s', ...more };
  const result = await generateLoad(options as GenerateLoadOptions);
  return { asked, ...result };
}

describe.concurrent('what is idempotent', () => {
  it('is tried again when its connection is lost, and took as long as all attempts together', async () => {
    const seen = new Set<string>();
    const server = await serveHttp((request, response) => {
      const lost = /[49]$/.test(request.url!) && !seen.has(request.url!);
      seen.add(request.url!);
      if (lost) request.socket.resetAndDestroy();
      else response.end('ok');
    });
    servers.push(server);
    const { completed, failed, retried, responseTime, warnings } = await generateLoad({
      ...{ url: server.url, rate: '200/s', for: '200ms', warmup: '0s', idempotent: true },
      request: ({ index }) => ({ path: `/${index}` }),
    });
    // Those that end with 4 or 9 are lost once.
    expect([completed, failed, retried]).toEqual([40, 0, 8]);
    expect([responseTime.count, responseTime.quantile(0.9) > 4.9e6]).toEqual([40, true]);
    expect(warnings.map(({ code }) => code)).toContain('retried');
  });

  it('is the same work again, with the row that it had', async () => {
    const seen: string[] = [];
    const server = await serveHttp((request, response) => {
      seen.push(request.url!);
      if (seen.length % 3 === 0) request.socket.resetAndDestroy();
      else response.end('ok');
    });
    servers.push(server);
    function* rows() {
      for (let row = 0; ; row++) yield row;
    }
    const pace = { rate: '300/s', for: '200ms', warmup: '0s', idempotent: true, retries: 10, data: rows } as const;
    const sent = await generateLoad({
      ...{ ...pace, url: server.url },
      request: ({ index, row }) => ({ path: `/${index}/${row}` }),
    });
    const called: string[] = [];
    const run = ({ index, row }: { index: number; row: number }): void => {
      called.push(`/${index}/${row}`);
      if (called.length % 3 === 0) throw Object.assign(new Error('lost'), { code: 'ECONNRESET' });
    };
    const done = await generateLoad<number>({ ...pace, run });
    expect([sent.completed, done.completed, sent.retried > 10, done.retried > 10]).toEqual([60, 60, true, true]);
    expect([...seen, ...called].filter((path) => path.split('/')[1] !== path.split('/')[2])).toEqual([]);
  });

  it('fails in the end, once, when nothing helps', async () => {
    const { asked, completed, failed, retried, failures, warnings } = await run((index) => index >= 4, {
      ...{ idempotent: true, retries: 2, rate: '100/s', for: '100ms' },
    });
    expect([completed, failed, failures.reset, retried, asked]).toEqual([4, 6, 6, 12, 22]);
    expect(warnings.find(({ code }) => code === 'failing-after-retries')?.forbids).toBe('verdict');
  });

  it('is given up when the run is', async () => {
    const { completed, dropped, scheduled, failed } = await run(() => true, {
      ...{ idempotent: true, retries: 10, rate: '50/s', for: '20s', signal: AbortSignal.timeout(150) },
    });
    expect([completed, failed, dropped]).toEqual([0, 0, scheduled]);
  });
});

describe.concurrent('everything else', () => {
  it('is tried once', async () => {
    const { asked, completed, failed, retried } = await run((index) => index % 5 === 4);
    expect([asked, completed, failed, retried]).toEqual([40, 32, 8, 0]);
  });
});

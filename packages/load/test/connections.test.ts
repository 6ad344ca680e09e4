import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions } from '../src/index.ts';
import { okAnswer, serveHttp, serveRaw, type TestServer } from './support/servers.ts';
import { cert, key } from './support/tls.ts';

const servers: TestServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function serving(starting: Promise<TestServer>): Promise<string> {
  const server = await starting;
  servers.push(server);
  return server.url;
}

const options = (url: string, more: object = {}): GenerateLoadOptions => ({
  url,
  requests: { path: '/' },
  rate: '200/s',
  for: '200ms',
  warmup: '0s',
  ...more,
});

describe.concurrent('the connections of a run', () => {
  it('are counted with what each took, one for each request that does not keep its own', async () => {
    const url = await serving(serveHttp((_, response) => response.end('ok')));
    const { connections } = await generateLoad(options(url, { driver: { use: 'http1', keepAlive: false } }));
    const { opened, dns, connect, tls } = connections;
    expect([opened, dns.count, dns.max, connect.count, tls.count]).toEqual([40, 40, 0, 40, 0]);
    expect(connect.min).toBeGreaterThan(1000);
  });

  it('tell the handshake of TLS from the connection', async () => {
    const server = createServer({ key, cert }, (_, response) => response.end('ok'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const driver = { use: 'http1', keepAlive: false, tls: { ca: cert } };
    const { connections, completed } = await generateLoad(options(url, { driver }));
    server.close();
    expect([completed, connections.opened, connections.tls.count]).toEqual([40, 40, 40]);
    // Keys are agreed upon in there.
    expect(connections.tls.quantile(0.5)).toBeGreaterThan(connections.connect.quantile(0.5));
  });

  it('that the target closes just before a request arrives cost that request nothing, and are counted', async () => {
    const sockets: Socket[] = [];
    const url = await serving(
      serveRaw((socket) => {
        socket.write(okAnswer);
        sockets.push(socket);
      }),
    );
    const request = (): { path: string } => {
      // The driver cannot hear of it before it has sent.
      sockets.at(-1)?.destroy();
      return { path: '/' };
    };
    const { completed, failed, replayed, retried, connections, warnings } = await generateLoad(
      options(url, { requests: undefined, request, rate: undefined, clients: 1, for: '400ms' }),
    );
    expect(completed).toBeGreaterThan(1);
    expect([failed, replayed, retried, connections.opened]).toEqual([0, completed - 1, 0, completed]);
    expect(warnings.map(({ code }) => code)).toContain('replayed');
  });
});

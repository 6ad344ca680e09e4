import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateLoad, type GenerateLoadOptions, type UndiciChoice } from '../src/index.ts';
import { okAnswer, refusingUrl, serveHttp, serveRaw } from './support/servers.ts';

const closing: (() => unknown)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** The port of a server, which ends with the tests. */
async function started(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

const options = (url: string, driver: Partial<UndiciChoice> = {}, more: Partial<GenerateLoadOptions> = {}) =>
  ({
    ...{ url, requests: { path: '/' }, rate: '400/s', for: '100ms', warmup: '0s' },
    driver: { use: 'undici', ...driver },
    ...more,
  }) as GenerateLoadOptions;

describe.concurrent('undici', () => {
  it('sends what was asked for, over a connection for each request that is open', async () => {
    const seen: string[] = [];
    const sockets = new Set<net.Socket>();
    const server = await serveHttp((request, response) => {
      sockets.add(request.socket);
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers['x-id']} ${body}`);
        setTimeout(() => response.writeHead(201).end('{"id":7}'), 20);
      });
    });
    closing.push(() => server.close());
    const requests = {
      path: '/orders',
      headers: { 'x-id': '5' },
      body: { n: 1 },
      expect: 201,
      expectBody: (body: string) => body === '{"id":7}',
    };
    const result = await generateLoad(options(`${server.url}/api`, {}, { requests }));
    expect(result).toMatchObject({ scheduled: 40, completed: 40, failed: 0, dropped: 0 });
    expect(new Set(seen)).toEqual(new Set(['POST /api/orders 5 {"n":1}']));
    expect(sockets.size).toBeGreaterThan(2);
    expect([result.connectionWait.count, result.firstByte.count]).toEqual([40, 40]);
    expect(result.firstByte.min).toBeGreaterThan(19e6);
  });

  it('waits for one of its connections where their number has a limit', async () => {
    const sockets = new Set<net.Socket>();
    const server = await serveHttp((request, response) => {
      sockets.add(request.socket);
      setTimeout(() => response.end('ok'), 10);
    });
    closing.push(() => server.close());
    const result = await generateLoad(options(server.url, { connections: 2 }));
    expect([result.completed, sockets.size]).toEqual([40, 2]);
    // Two at a time, 10 ms each: the last one waits for 19 others.
    expect(result.connectionWait.max).toBeGreaterThan(80e6);
  });

  it.each<[string, (socket: net.Socket) => unknown, string]>([
    ['closes the connection', (socket) => socket.end(), 'closed_early'],
    ['closes it in the middle of an answer', (socket) => socket.end(okAnswer.slice(0, -1)), 'closed_early'],
    ['resets it', (socket) => socket.resetAndDestroy(), 'reset'],
    ['speaks another language', (socket) => socket.end('220 mail.example ESMTP\r\n'), 'parse'],
  ])('counts every tenth request once when the server %s', async (_, misbehave, kind) => {
    const server = await serveRaw((socket, index) => {
      if (index % 10 === 9) misbehave(socket);
      else socket.write(okAnswer);
    });
    closing.push(() => server.close());
    const result = await generateLoad(options(server.url));
    expect(result).toMatchObject({ scheduled: 40, completed: 36, failed: 4, dropped: 0, failures: { [kind]: 4 } });
  });

  it('gives up what takes too long, and goes on', async () => {
    let index = 0;
    const server = await serveHttp((_, response) => {
      if (index++ % 10 !== 5) response.end('ok');
    });
    closing.push(() => server.close());
    const { failures, failed, completed, censored, serviceTime } = await generateLoad(
      options(server.url, {}, { timeout: '1500ms' }),
    );
    // On a very busy machine another request may time out as well.
    expect(failures.timeout).toBeGreaterThanOrEqual(4);
    expect([failed, censored, completed]).toEqual([failures.timeout, failures.timeout, 40 - failures.timeout]);
    expect(serviceTime.max).toBe(1500e6);
  });

  it('knows a target that nothing could connect to', async () => {
    const attempt = generateLoad(options(await refusingUrl(), {}, { for: '20s' } as never));
    await expect(attempt).rejects.toMatchObject({ code: 'target-refused' });
  });

  it('speaks HTTP/2 without TLS, many requests at a time on one connection', async () => {
    let [open, most, sessions] = [0, 0, 0];
    const server = http2.createServer((_, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        response.end('ok');
      }, 20);
    });
    server.on('session', () => (sessions += 1));
    const url = `http://127.0.0.1:${await started(server)}`;
    const result = await generateLoad(options(url, { http2: true }));
    expect(result).toMatchObject({ completed: 40, failed: 0 });
    expect(sessions).toBe(1);
    expect(most).toBeGreaterThan(2);
  });

  it('agrees on HTTP/2 over TLS, and trusts whom it was told to', async () => {
    const { key, cert } = certificate();
    const versions = new Set<string>();
    const server = http2.createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
      versions.add(request.httpVersion);
      response.end('ok');
    });
    const url = `https://127.0.0.1:${await started(server)}`;
    const tls = { ca: cert };
    const result = await generateLoad(options(url, { http2: true, tls }));
    expect([result.completed, versions]).toEqual([40, new Set(['2.0'])]);
    const stranger = generateLoad(options(url, { http2: true }, { for: '10ms' } as never));
    await expect(stranger).rejects.toMatchObject({
      code: 'target-untrusted',
      message: expect.stringMatching(/self-signed certificate, with all 4 attempts$/) as string,
    });
  });

  it('goes through a proxy', async () => {
    const server = await serveHttp((_, response) => response.end('ok'));
    closing.push(() => server.close());
    const tunnels: string[] = [];
    const proxy = http.createServer().on('connect', (request, socket: net.Socket) => {
      tunnels.push(request.url!);
      const [host, port] = request.url!.split(':');
      const onward = net.connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      for (const end of [socket, onward]) end.on('error', () => {});
    });
    const port = await started(proxy);
    const result = await generateLoad(options(server.url, { proxy: `http://127.0.0.1:${port}` }));
    expect(result).toMatchObject({ completed: 40, failed: 0 });
    expect(new Set(tunnels)).toEqual(new Set([new URL(server.url).host]));
  });
});

/** For 127.0.0.1, made for this run. */
function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...args, ...about, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const pem = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pem;
}

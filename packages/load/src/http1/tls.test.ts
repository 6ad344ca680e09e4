import { once } from 'node:events';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import * as tls from 'node:tls';
import { nanos } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../driver.ts';
import { countOutcomes, driverParts, onHeads, shortly } from '../../test/support/driver-client.ts';
import { cert, key } from '../../test/support/tls.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const { serve, client } = driverParts();
const servers: tls.Server[] = [];
const sockets: tls.TLSSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: tls.Server, host = '127.0.0.1'): Promise<{ url: string }> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `https://${host}:${(server.address() as AddressInfo).port}` };
}

/** Speaks bytes over TLS; requests are counted over all connections. */
function serveHeads(
  onHead: (socket: tls.TLSSocket, request: number, reset: () => unknown) => void,
): Promise<{ url: string }> {
  let request = 0;
  const plain: Socket[] = [];
  const server = tls.createServer({ key, cert }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const reset = (): unknown => plain.at(-1)!.resetAndDestroy();
    onHeads(socket, () => onHead(socket, request++, reset));
  });
  server.prependListener('connection', (socket: Socket) => plain.push(socket));
  return listening(server);
}

describe('a certificate', () => {
  it.each<[string, string, tls.ConnectionOptions, RegExp | 200]>([
    ['of a known authority', 'localhost', { ca: cert }, 200],
    ['for an address', '127.0.0.1', { ca: cert }, 200],
    ['of an unknown authority', 'localhost', {}, /self-signed certificate/],
    ['of an unknown authority, trusted all the same', 'localhost', { rejectUnauthorized: false }, 200],
    ['for another name', 'localhost', { ca: cert, servername: 'orders.example' }, /orders\.example/],
  ])('%s', async (_, host, trust, expected) => {
    const server = await listening(
      https.createServer({ key, cert }, (_, response) => response.end('ok')),
      host,
    );
    const driver = client(server, { tls: trust as { ca?: string } });
    const outcomes = await driver.sendInTurn(3);
    if (expected === 200) {
      expect(outcomes.map(shortly)).toEqual([200, 200, 200]);
      expect(driver.timings).toHaveLength(1);
      expect([driver.timings[0]!.connect > 0, driver.timings[0]!.tls! > 0]).toEqual([true, true]);
    } else {
      expect(outcomes.map(shortly)).toEqual(['tls', 'tls', 'tls']);
      expect(outcomes[0]).toMatchObject({ message: expect.stringMatching(expected) as string });
    }
  });
});

describe('a handshake', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['with a server that speaks something else', (socket) => socket.write('220 mail.example ESMTP\r\n')],
    ['with a server that closes', (socket) => socket.end()],
    ['with a server that resets', (socket) => setTimeout(() => socket.resetAndDestroy(), 20)],
  ])('%s fails', async (_, onConnection) => {
    const server = await serve(onConnection);
    const outcomes = await client({ url: server.url.replace('http:', 'https:') }).sendInTurn(3);
    expect(outcomes.map(shortly)).toEqual(['tls', 'tls', 'tls']);
  });

  it('that never ends takes too long to connect', async () => {
    const server = await serve(() => {});
    const driver = client({ url: server.url.replace('http:', 'https:') }, { connectTimeout: nanos(100e6) });
    expect(await driver.send()).toEqual({ kind: 'connect_timeout', message: 'no connection within 100 ms' });
  });

  it('that fails now and then hits one request each', async () => {
    let connections = 0;
    const server = tls.createServer({ key, cert }, (socket) => {
      sockets.push(socket);
      onHeads(socket, () => socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n${ok.slice(17)}`));
    });
    server.prependListener('connection', (socket: Socket) => {
      if (connections++ % 5 === 4) socket.destroy();
    });
    server.on('tlsClientError', () => {});
    const driver = client(await listening(server), { tls: { ca: cert } });
    expect(countOutcomes(await driver.sendAll(40))).toEqual({
      200: 40 - Math.floor(connections / 5),
      tls: Math.floor(connections / 5),
    });
    expect(connections).toBe(40);
  });
});

describe('over TLS', () => {
  it('large bodies arrive whole, in both directions', async () => {
    const sent = Buffer.alloc(3e6, 'abcdefg');
    const server = await listening(
      https.createServer({ key, cert }, (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => response.end(Buffer.concat(chunks)));
      }),
    );
    const driver = client(server, { tls: { ca: cert } });
    for (let i = 0; i < 3; i++) {
      const { body } = (await driver.send({ body: sent, expectBody: () => true })) as Answer;
      expect(body?.equals(sent)).toBe(true);
    }
    expect(driver.timings).toHaveLength(1);
  });

  it.each<[string, string, (socket: tls.TLSSocket, reset: () => unknown) => void]>([
    ['the end without an answer', 'closed_early', (socket) => socket.end()],
    ['the end within an answer', 'closed_early', (socket) => socket.end(ok.slice(0, -1))],
    ['a reset', 'reset', (_, reset) => reset()],
    ['garbage', 'parse', (socket) => socket.write('garbage')],
  ])('a fault is counted as without: %s', async (_, kind, misbehave) => {
    const server = await serveHeads((socket, request, reset) =>
      request % 10 === 9 ? misbehave(socket, reset) : socket.write(ok),
    );
    const driver = client(server, { tls: { ca: cert } });
    expect(countOutcomes(await driver.sendInTurn(50))).toEqual({ 200: 45, [kind]: 5 });
    expect(driver.replays).toEqual([]);
  });

  it('a kept-alive connection that the target closed is replaced', async () => {
    const server = await serveHeads((socket) => socket.write(ok));
    const driver = client(server, { tls: { ca: cert } });
    await driver.send();
    for (let i = 0; i < 5; i++) {
      sockets.at(-1)!.destroy();
      expect(await driver.send()).toMatchObject({ status: 200 });
    }
    expect(driver.replays).toEqual([1, 2, 3, 4, 5]);
  });
});

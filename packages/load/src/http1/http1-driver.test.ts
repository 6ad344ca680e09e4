import { nanos } from '@perfkeel/core';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../driver.ts';
import { countOutcomes, driverParts, type ClientOptions } from '../../test/support/driver-client.ts';

const ms = (value: number) => nanos(value * 1e6);
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const { serve, serveHeads, client } = driverParts();

describe('an answer', () => {
  it('says what came and when', async () => {
    let restAt = 0;
    const server = await serveHeads((socket) => {
      setTimeout(() => {
        socket.write(ok.slice(0, 20));
        setTimeout(() => {
          restAt = driver.now();
          socket.write(ok.slice(20));
        }, 30);
      }, 30);
    });
    const driver = client(server);
    const sentAt = driver.now();
    const { status, bytes, writtenAt, firstByteAt, body } = (await driver.send()) as Answer;
    expect([status, bytes, body]).toEqual([200, ok.length, undefined]);
    expect(writtenAt).toBeGreaterThan(sentAt);
    // A timer of 30 ms may be 1 ms early.
    expect(firstByteAt - writtenAt).toBeGreaterThan(28e6);
    expect(firstByteAt).toBeLessThan(restAt);
  });

  it.each([
    ['without a length, to the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nto the end', true, 'to the end'],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n',
      false,
      'abcde',
    ],
    ['behind another one with 103', 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n' + ok, false, 'ok'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', false, ''],
    ['in one byte at a time', ok, false, 'ok'],
  ])('%s', async (how, wire, ends, body) => {
    const server = await serveHeads((socket) => {
      if (how.includes('byte')) for (const byte of wire) socket.write(byte);
      else socket.write(wire);
      if (ends) socket.end();
    });
    const expectBody = (text: string): boolean => text === body;
    const driver = client(server);
    const answer = (await driver.send({ expectBody })) as Answer;
    expect([answer.bytes, String(answer.body ?? '')]).toEqual([wire.length, body]);
    // The connection is used again unless the answer ended it.
    await driver.send();
    expect(server.sockets).toHaveLength(ends ? 2 : 1);
  });

  it('to HEAD has no body, whatever its length', async () => {
    const server = await serveHeads((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n'));
    const driver = client(server);
    expect(countOutcomes(await driver.sendInTurn(3, { method: 'HEAD' }))).toEqual({ 200: 3 });
    expect(server.sockets).toHaveLength(1);
  });

  it('to an upgrade is the last one on its connection', async () => {
    const upgraded =
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\u0081\u0001a';
    const server = await serveHeads((socket) => socket.write(upgraded, 'latin1'));
    expect(countOutcomes(await client(server).sendInTurn(2))).toEqual({ 101: 2 });
    expect(server.sockets).toHaveLength(2);
  });

  it('before the end of its request leaves no connection out of step', async () => {
    // Nobody reads what is sent here.
    const server = await serve((socket) => socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n'));
    const outcomes = await client(server).sendInTurn(3, { body: Buffer.alloc(30e6) });
    expect(countOutcomes(outcomes)).toEqual({ 413: 3 });
    expect(server.sockets).toHaveLength(3);
  });
});

describe('a limit', () => {
  it.each<[string, ClientOptions, string, string]>([
    ['of a head', { maxHeaders: 200 }, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200)}\r\n\r\n`, 'a head above 200 bytes'],
    ['of a head, by default', {}, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`, 'a head above 65536 bytes'],
    [
      'of trailers',
      { maxHeaders: 100 },
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: ${'y'.repeat(99)}`,
      'a head above 100 bytes',
    ],
    ['of a length', { maxBody: 10 }, 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n', 'a body above 10 bytes'],
    [
      'of a chunk',
      { maxBody: 10 },
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nb\r\n',
      'a body above 10 bytes',
    ],
    ['of what is left', { maxBody: 10 }, 'HTTP/1.1 200 OK\r\n\r\nhello, world', 'a body above 10 bytes'],
  ])('%s', async (_, options, wire, message) => {
    const server = await serveHeads((socket) => socket.write(wire));
    const driver = client(server, options);
    expect(await driver.send()).toEqual({ kind: 'too_large', message });
    expect(await driver.send()).toMatchObject({ kind: 'too_large' });
  });

  it('holds for a head and a body that never end', async () => {
    const server = await serveHeads((socket, request) => {
      const [head, endless] = request === 0 ? ['HTTP/1.1 200 OK\r\nx: ', 'y'] : ['HTTP/1.1 200 OK\r\n\r\n', 'z'];
      socket.write(head);
      const more = Buffer.alloc(64 * 1024, endless);
      const write = (): void => {
        while (socket.writable && socket.write(more));
      };
      socket.on('drain', write);
      write();
    });
    const driver = client(server, { maxBody: 1e6 });
    expect(countOutcomes(await driver.sendInTurn(2))).toEqual({ too_large: 2 });
  });

  it('of 16 MiB holds for bodies that are kept, and no other', async () => {
    const body = Buffer.alloc(17 * 1024 * 1024, 'x');
    const server = await serveHeads((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    const driver = client(server);
    expect(await driver.send()).toMatchObject({ status: 200 });
    expect(await driver.send({ expectBody: () => true })).toMatchObject({ kind: 'too_large' });
  });
});

describe('a timeout', () => {
  const within = (answer: string, then?: string) => (socket: Socket) => {
    socket.write(answer);
    if (then !== undefined) setTimeout(() => socket.write(then), 150);
  };

  it.each<[string, ClientOptions, (socket: Socket) => void, string]>([
    ['of everything', { timeout: ms(100) }, () => {}, 'timeout'],
    ['of everything, in a body', { timeout: ms(100) }, within(ok.slice(0, -1)), 'timeout'],
    ['of the head', { headersTimeout: ms(100) }, () => {}, 'headers_timeout'],
    ['of the head, within it', { headersTimeout: ms(100) }, within(ok.slice(0, 20)), 'headers_timeout'],
    [
      'of the head, behind another one',
      { headersTimeout: ms(100) },
      within('HTTP/1.1 100 Continue\r\n\r\n'),
      'headers_timeout',
    ],
  ])('%s', async (_, options, onHead, kind) => {
    const server = await serveHeads(onHead);
    const driver = client(server, options);
    const began = performance.now();
    const outcomes = await driver.sendAll(5);
    expect(countOutcomes(outcomes)).toEqual({ [kind]: 5 });
    expect(outcomes[0]).toMatchObject({ message: expect.stringMatching(/within 100 ms$/) as string });
    expect(performance.now() - began).toBeGreaterThan(99);
    await driver.sendAll(1);
    // Late answers meet nobody.
    expect(server.sockets.length).toBe(6);
  });

  it('of the head does not count the body', async () => {
    const server = await serveHeads(within(ok.slice(0, -1), 'k'));
    expect(await client(server, { headersTimeout: ms(100) }).send()).toMatchObject({ status: 200 });
  });

  it('ends each request at its own time', async () => {
    const server = await serveHeads(() => {});
    const driver = client(server, { timeout: ms(200) });
    const times: number[] = [];
    const began = performance.now();
    for (let i = 0; i < 5; i++) {
      void driver.send().then(() => times.push(performance.now() - began));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    while (times.length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const [i, time] of times.entries()) expect(time).toBeGreaterThan(199 + 19 * i);
  });
});

describe('a fault', () => {
  const later: (socket: Socket, act: () => void) => void = (socket, act) =>
    setTimeout(() => socket.writable && act(), 5);

  it.each<[string, string, (socket: Socket) => void]>([
    ['the end without an answer', 'closed_early', (socket) => socket.end()],
    ['the end within a head', 'closed_early', (socket) => socket.end('HTTP/1.1 200')],
    ['the end within a body', 'closed_early', (socket) => socket.end(ok.slice(0, -1))],
    [
      'the end within chunks',
      'closed_early',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc'),
    ],
    ['a reset', 'reset', (socket) => socket.resetAndDestroy()],
    [
      'a reset within an answer',
      'reset',
      (socket) => socket.write(ok.slice(0, 30), () => later(socket, () => socket.resetAndDestroy())),
    ],
    ['another protocol', 'parse', (socket) => socket.write('220 mail.example ESMTP\r\n')],
    ['a length that is none', 'parse', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n')],
    [
      'two lengths',
      'parse',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok'),
    ],
    [
      'a chunk that is too long',
      'parse',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n'),
    ],
  ])('in every tenth answer: %s', async (_, kind, misbehave) => {
    const server = await serveHeads((socket, request) => (request % 10 === 9 ? misbehave(socket) : socket.write(ok)));
    const driver = client(server);
    const outcomes = (await Promise.all(Array.from({ length: 4 }, () => driver.sendInTurn(50)))).flat();
    expect(countOutcomes(outcomes)).toEqual({ 200: 180, [kind]: 20 });
    expect(driver.replays).toEqual([]);
  });

  it('of a server that closes at once hits one request each', async () => {
    const server = await serve((socket) => socket.destroy());
    const outcomes = await client(server).sendAll(20);
    const counts = countOutcomes(outcomes);
    // Whether the request meets a closed socket or an open one is up to the system.
    expect((counts['closed_early'] ?? 0) + (counts['reset'] ?? 0)).toBe(20);
  });

  it.each([
    ['in the same piece', ok + ok],
    ['of garbage', `${ok}garbage`],
  ])('of two answers to one request %s does not reach the next one', async (_, wire) => {
    const server = await serveHeads((socket) => socket.write(wire));
    expect(countOutcomes(await client(server).sendInTurn(5))).toEqual({ 200: 5 });
    expect(server.sockets).toHaveLength(5);
  });

  it('of an answer to an idle connection ends it', async () => {
    const server = await serveHeads((socket) => socket.write(`${ok}\r\n`));
    const driver = client(server);
    await driver.send();
    await new Promise((resolve) => server.sockets[0]!.write('HTTP/1.1 408 Request Timeout\r\n\r\n', resolve));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await driver.send()).toMatchObject({ status: 200 });
    expect(server.sockets).toHaveLength(2);
  });
});

describe('a driver that is closed', () => {
  it('tells nothing any more, and leaves nothing open', async () => {
    const server = await serveHeads((socket, request) => request === 0 && socket.write(ok));
    const driver = client(server);
    await driver.send();
    void driver.sendAll(3);
    await new Promise((resolve) => setTimeout(resolve, 20));
    driver.driver.close();
    void driver.send();
    const closed = server.sockets.map((socket) => new Promise((resolve) => socket.resume().on('end', resolve)));
    await Promise.all(closed);
    expect(driver.inFlight).toBe(4);
  });
});

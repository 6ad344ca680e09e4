import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../driver.ts';
import { countOutcomes, driverParts, onHeads } from '../../test/support/driver-client.ts';

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const answer = (socket: Socket) => socket.write(ok);

const { serve, serveHeads, client } = driverParts();

describe('connections', () => {
  it('are opened for requests that are due at the same time, and used again, the last one first', async () => {
    const used: number[] = [];
    const server = await serve((socket, index) =>
      onHeads(socket, () => {
        used.push(index);
        setTimeout(() => answer(socket), 20);
      }),
    );
    const driver = client(server);
    await driver.sendAll(5);
    expect([server.sockets.length, [...used].sort()]).toEqual([5, [0, 1, 2, 3, 4]]);
    const last = used.at(-1);
    used.length = 0;
    await driver.sendInTurn(4);
    expect([server.sockets.length, used]).toEqual([5, [last, last, last, last]]);
    expect(driver.timings).toHaveLength(5);
    for (const { dns, connect, tls } of driver.timings) expect([dns, connect > 0, tls]).toEqual([0, true, undefined]);
  });

  it('are not used again without keep-alive, and the target is told so', async () => {
    const heads: string[] = [];
    const server = await serveHeads((socket, _, head) => {
      heads.push(head);
      answer(socket);
    });
    const driver = client(server, { keepAlive: false });
    expect(countOutcomes(await driver.sendInTurn(4))).toEqual({ 200: 4 });
    expect(server.sockets).toHaveLength(4);
    for (const head of heads) expect(head).toContain('\r\nconnection: close\r\n');
  });

  it('are ended by the target, which then keeps the port busy; but not waited for for ever', async () => {
    const server = await serveHeads((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\n${ok.slice(17)}`),
    );
    const ends: number[] = [];
    const driver = client(server);
    const began = performance.now();
    const sent = driver.sendInTurn(2);
    await sent;
    for (const socket of server.sockets) socket.on('end', () => ends.push(performance.now() - began));
    await pause(250);
    expect(ends).toEqual([]);
    while (ends.length < 2) await pause(20);
    for (const time of ends) expect(time).toBeGreaterThan(499);
  });

  it('are no more than allowed; who waits for one says so', async () => {
    const server = await serveHeads((socket) => setTimeout(() => answer(socket), 50));
    const driver = client(server, { maxConnections: 2 });
    const sentAt = driver.now();
    const outcomes = (await driver.sendAll(6)) as Answer[];
    expect([countOutcomes(outcomes), server.sockets.length]).toEqual([{ 200: 6 }, 2]);
    const waits = outcomes.map(({ writtenAt }) => writtenAt - sentAt);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits[2]).toBeGreaterThan(48e6);
    expect(waits[4]).toBeGreaterThan(97e6);
  });

  it('that are at their limit give way when one of them fails', async () => {
    const server = await serveHeads((socket, request) =>
      request % 3 === 0 ? socket.resetAndDestroy() : answer(socket),
    );
    const outcomes = await client(server, { maxConnections: 1 }).sendAll(9);
    expect(countOutcomes(outcomes)).toEqual({ 200: 6, reset: 3 });
  });

  it('go over a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perfkeel-socket-'));
    const socketPath = join(folder, 'server');
    let head = '';
    await serve((socket) => onHeads(socket, (text) => answer(socket) && (head = text)), socketPath);
    const driver = client({ url: 'http://orders.example/api' }, { socketPath });
    expect(countOutcomes(await driver.sendInTurn(3))).toEqual({ 200: 3 });
    expect(head).toMatch(/^GET \/api\/ HTTP\/1.1\r\nhost: orders.example\r\n/);
    const nowhere = client({ url: 'http://orders.example' }, { socketPath: join(folder, 'none') });
    expect(countOutcomes(await nowhere.sendAll(3))).toEqual({ connect_refused: 3 });
    rmSync(folder, { recursive: true, force: true });
  });

  it('have room while few are being opened', async () => {
    const server = await serveHeads(answer);
    const driver = client(server);
    const sent: Promise<unknown>[] = [];
    while (driver.driver.hasRoom()) sent.push(driver.send());
    expect(sent).toHaveLength(64);
    sent.push(driver.sendAll(36));
    expect(driver.rooms).toBe(0);
    await Promise.all(sent);
    expect([driver.driver.hasRoom(), driver.inFlight]).toEqual([true, 0]);
    expect(driver.rooms).toBeGreaterThanOrEqual(64);
    expect(server.sockets.length).toBeLessThanOrEqual(100);
  });
});

describe('pipelining', () => {
  /** Answers what has come, all at once, a moment later. */
  function serveSlowly(most: number[]) {
    return serve((socket) => {
      let waiting = 0;
      onHeads(socket, () => {
        waiting += 1;
        most.push(waiting);
        if (waiting > 1) return;
        setTimeout(() => {
          socket.write(ok.repeat(waiting));
          waiting = 0;
        }, 20);
      });
    });
  }

  it('keeps so many requests in flight on each connection', async () => {
    const most: number[] = [];
    const server = await serveSlowly(most);
    const driver = client(server, { pipelining: 4, maxConnections: 2 });
    expect(countOutcomes(await driver.sendAll(24))).toEqual({ 200: 24 });
    expect([server.sockets.length, Math.max(...most)]).toEqual([2, 4]);
  });

  it('gives each request its own answer', async () => {
    const server = await serve((socket) => {
      let all = '';
      onHeads(socket, (head, index) => {
        const name = /\/(\d+) /.exec(head)![1]!;
        const body = head.startsWith('HEAD') ? '' : name;
        all += `HTTP/1.1 200 OK\r\ncontent-length: ${name.length}\r\n\r\n${body}`;
        if (index % 4 !== 3) return;
        for (const byte of all) socket.write(byte);
        all = '';
      });
    });
    const driver = client(server, { pipelining: 4, maxConnections: 1 });
    const sent = Array.from({ length: 20 }, (_, i) => {
      const method = i % 3 === 1 ? 'HEAD' : 'GET';
      return driver.send({ path: `/${10 ** (i % 4) + i}`, method, expectBody: () => true });
    });
    const bodies = ((await Promise.all(sent)) as Answer[]).map(({ body }) => String(body));
    expect(bodies).toEqual(sent.map((_, i) => (i % 3 === 1 ? '' : String(10 ** (i % 4) + i))));
  });

  it('sends again elsewhere what comes behind an answer that ends the connection', async () => {
    const server = await serve((socket) =>
      onHeads(socket, (_, index) => {
        if (index === 2) socket.end(ok.replace('\r\n', '\r\nconnection: close\r\n'));
        else if (index < 2) answer(socket);
      }),
    );
    const driver = client(server, { pipelining: 5, maxConnections: 1 });
    expect(countOutcomes(await driver.sendAll(12))).toEqual({ 200: 12 });
    expect([server.sockets.length, driver.replays]).toEqual([4, []]);
  });

  it('fails those behind a failure in their own class', async () => {
    const server = await serve((socket) => onHeads(socket, (_, index) => index === 1 && socket.write(`${ok}garbage`)));
    const outcomes = await client(server, { pipelining: 4 }).sendAll(4);
    expect(countOutcomes(outcomes)).toEqual({ 200: 1, parse: 1, closed_early: 2 });
  });
});

describe('a kept-alive connection that the target closed', () => {
  it('is noticed while it is idle', async () => {
    const server = await serveHeads(answer);
    const driver = client(server);
    await driver.send();
    server.sockets[0]!.destroy();
    await pause(30);
    expect(await driver.send()).toMatchObject({ status: 200 });
    expect(driver.replays).toEqual([]);
  });

  it.each(['GET', 'POST'])('before a %s arrived is replaced by a new one, once', async (method) => {
    const server = await serveHeads(answer);
    const driver = client(server);
    for (let i = 0; i < 10; i++) {
      await driver.send({ method });
      // The socket of the target is closed now, and the driver cannot have heard of it.
      server.sockets.at(-1)!.destroy();
      expect(await driver.send({ method })).toMatchObject({ status: 200 });
      server.sockets.at(-1)!.destroy();
      await pause(5);
    }
    expect(driver.replays).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  });

  it('before a request arrived is a failure of its own where nothing is sent again', async () => {
    const server = await serveHeads(answer);
    const driver = client(server, { replayStale: false });
    await driver.send();
    server.sockets[0]!.destroy();
    expect(await driver.send()).toMatchObject({ kind: 'stale_keepalive' });
    expect([await driver.send(), driver.replays]).toMatchObject([{ status: 200 }, []]);
  });

  it('after the request arrived is a failure, not a reason to ask again', async () => {
    const server = await serveHeads((socket, request) => (request % 2 === 0 ? answer(socket) : socket.destroy()));
    const driver = client(server);
    expect(countOutcomes(await driver.sendInTurn(20))).toEqual({ 200: 10, closed_early: 10 });
    expect(driver.replays).toEqual([]);
  });

  it('is told by a reset, too', async () => {
    const server = await serveHeads(answer);
    const driver = client(server);
    await driver.send();
    server.sockets[0]!.resetAndDestroy();
    expect(await driver.send()).toMatchObject({ status: 200 });
    expect(driver.replays).toEqual([1]);
  });

  it('among many is replaced by a new one, not by another of that age', async () => {
    const server = await serveHeads((socket) => setTimeout(() => answer(socket), 10));
    const driver = client(server);
    await driver.sendAll(8);
    for (const socket of server.sockets) socket.destroy();
    expect(countOutcomes(await driver.sendAll(8))).toEqual({ 200: 8 });
    expect([...driver.replays].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('behind an answer, without having said so, costs no request', async () => {
    const server = await serveHeads((socket) => socket.write(ok, () => socket.destroy()));
    const driver = client(server);
    const outcomes = await Promise.all([driver.sendInTurn(20), driver.sendInTurn(20)]);
    expect(countOutcomes(outcomes.flat())).toEqual({ 200: 40 });
    expect(server.sockets).toHaveLength(40);
  });

  it('before it was ever used is replaced, too', async () => {
    let second: Promise<unknown> | undefined;
    const server = await serveHeads((socket, request) => {
      answer(socket);
      // No connection is idle now, so one is opened; but the first one is free before that.
      if (request === 0) second = driver.send();
    });
    const driver = client(server);
    await driver.send();
    await second;
    while (server.sockets.length < 2 || driver.timings.length < 2) await pause(1);
    for (const socket of server.sockets) socket.destroy();
    expect(countOutcomes(await driver.sendAll(2))).toEqual({ 200: 2 });
    expect(driver.replays).toHaveLength(2);
  });
});

import type { Socket } from 'node:net';
import { createRng, nanos, type Rng } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { countOutcomes, driverParts, onHeads, type ClientOptions } from '../../test/support/driver-client.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a\r\nok\r\n0\r\n\r\n';

/** Whatever a server may do with a request. */
const behaviours: readonly ((socket: Socket, rng: Rng) => unknown)[] = [
  (socket) => socket.end(),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
  () => undefined,
  (socket) => socket.write(ok.slice(0, 25)),
  (socket) => socket.end(ok.slice(0, 25)),
  (socket) => socket.write('garbage'),
  (socket) => socket.write(ok + ok),
  (socket) => socket.write(`${ok}garbage`),
  (socket) => socket.write(ok, () => socket.destroy()),
  (socket) => socket.write(ok, () => socket.resetAndDestroy()),
  (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'),
  (socket) => socket.end(ok.replace('\r\n', '\r\nconnection: close\r\n')),
  (socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${ok}`),
  (socket, rng) => setTimeout(() => socket.writable && socket.write(ok), rng() * 150),
  (socket) => {
    for (const byte of chunked) socket.write(byte);
  },
];

const { serve, client } = driverParts();

/** Half of the requests get what they ask for, one in twenty connections ends as soon as it begins. */
function serveChaos(rng: Rng) {
  return serve((socket) => {
    if (rng() < 0.05) return void (rng() < 0.5 ? socket.destroy() : socket.write(ok));
    onHeads(socket, () => {
      if (!socket.writable) return;
      if (rng() < 0.5) socket.write(ok);
      else behaviours[Math.floor(rng() * behaviours.length)]!(socket, rng);
    });
  });
}

describe('a server that does whatever it likes', () => {
  it.each<[string, number, ClientOptions]>([
    ['', 1, {}],
    [' to a few connections', 2, { maxConnections: 5 }],
    [' to connections that are not used again', 3, { keepAlive: false }],
    [' to several requests on each connection', 4, { pipelining: 4, maxConnections: 8 }],
  ])('leaves no request without its one outcome%s', async (_, seed, options) => {
    const rng = createRng(seed);
    const server = await serveChaos(rng);
    // Two outcomes, or one before `send` has returned, are an error of the client.
    const driver = client(server, { timeout: nanos(100e6), headersTimeout: nanos(60e6), ...options });
    const outcomes = (await Promise.all(Array.from({ length: 40 }, () => driver.sendInTurn(25)))).flat();
    expect([outcomes.length, driver.inFlight]).toEqual([1000, 0]);
    const known = ['200', 'closed_early', 'reset', 'timeout', 'headers_timeout', 'connect_timeout', 'parse'];
    expect(Object.keys(countOutcomes(outcomes)).filter((name) => !known.includes(name))).toEqual([]);
  });
});

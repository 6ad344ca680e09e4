import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { countOutcomes, driverParts, onHeads, serveBytes } from '../../test/support/driver-client.ts';
import { cert } from '../../test/support/tls.ts';

const ms = (value: number) => nanos(value * 1e6);
const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time));
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const { serve, client } = driverParts();

async function refusing(): Promise<{ url: string; port: number }> {
  const server = await serveBytes(() => {});
  await server.close();
  return server;
}

describe('a target that refuses connections', () => {
  it('fails every request', async () => {
    const driver = client(await refusing());
    const outcomes = await driver.sendAll(200);
    expect(countOutcomes(outcomes)).toEqual({ connect_refused: 200 });
    expect(outcomes[0]).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('is asked again after longer and longer pauses, up to 50 ms', async () => {
    const driver = client(await refusing());
    const began = performance.now();
    const outcomes = await driver.sendInTurn(12);
    expect(countOutcomes(outcomes)).toEqual({ connect_refused: 12 });
    // 1, 2, 4, 8, 16, 32 and five times 50 ms.
    expect(performance.now() - began).toBeGreaterThan(300);
  });

  it('is found as soon as it is back', async () => {
    const { url, port } = await refusing();
    const driver = client({ url });
    await driver.sendInTurn(9);
    const server = await serve((socket) => onHeads(socket, () => socket.write(ok)));
    expect(server.port).not.toBe(port);
    const back = await serveBytes((socket) => onHeads(socket, () => socket.write(ok)), port);
    const began = performance.now();
    const outcomes = await driver.sendAll(30);
    await back.close();
    expect(countOutcomes(outcomes)).toEqual({ 200: 30 });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('is not asked in a tight loop', async () => {
    const driver = client(await refusing());
    const until = performance.now() + 500;
    let failed = 0;
    const ask = async (): Promise<void> => {
      for (; performance.now() < until; failed++) await driver.send();
    };
    await Promise.all(Array.from({ length: 20 }, ask));
    // 20 clients, all of them told by each attempt after 1, 2, 4 ... 50 ms.
    expect(failed).toBeLessThanOrEqual(20 * 17);
  });
});

describe('a name', () => {
  it('that nobody knows is a failure of its own', async () => {
    // Too long for a name: nobody has to be asked.
    const driver = client({ url: `http://${'a'.repeat(64)}.example` });
    expect(countOutcomes(await driver.sendAll(3))).toEqual({ dns: 3 });
  });

  it('is looked up once for many connections', async () => {
    const server = await serve((socket) => onHeads(socket, () => setTimeout(() => socket.write(ok), 20)));
    const driver = client({ url: `http://localhost:${server.port}` });
    await driver.sendAll(3);
    await driver.sendAll(6);
    expect(driver.timings).toHaveLength(6);
    const [first, last] = [driver.timings[0]!, driver.timings[5]!];
    expect([first.dns > 0, last.connect > 0]).toEqual([true, true]);
  });
});

describe('a target that accepts nothing', () => {
  /** Listens with room for two connections, and stops before it takes any. */
  async function stoppedServer(): Promise<{ url: string; end: () => Promise<unknown> }> {
    const script = `const server = require('net').createServer(() => {});
      server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGSTOP');
    const end = (): Promise<unknown> => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    };
    return { url: `http://127.0.0.1:${Number(String(line))}`, end };
  }

  it('makes connections take too long', async () => {
    const server = await stoppedServer();
    const driver = client(server, { connectTimeout: ms(200), timeout: ms(700) });
    const outcomes = await driver.sendAll(8);
    await server.end();
    const { connect_timeout: late, timeout } = countOutcomes(outcomes);
    expect([late! + timeout!, late! >= 4, timeout! >= 1]).toEqual([8, true, true]);
    expect(outcomes.filter((outcome) => 'kind' in outcome && outcome.kind === 'connect_timeout')[0]).toEqual({
      kind: 'connect_timeout',
      message: 'no connection within 200 ms',
    });
  });

  it('times requests out as ever when there is no time for connecting of its own', async () => {
    const server = await stoppedServer();
    const driver = client(server, { timeout: ms(300) });
    const outcomes = await driver.sendAll(8);
    await server.end();
    expect(countOutcomes(outcomes)).toEqual({ timeout: 8 });
    expect(outcomes.at(-1)).toMatchObject({ message: 'no connection within 300 ms' });
  });
});

describe('options that make no sense', () => {
  it.each<[object, string]>([
    [{ pipelining: 0 }, 'pipelining is 0'],
    [{ maxConnections: 1.5 }, 'maxConnections is 1.5'],
    [{ maxHeaders: -1 }, 'maxHeaders is -1'],
    [{ maxBody: Number.NaN }, 'maxBody is NaN'],
    [{ keepAlive: 'no' }, 'keepAlive is "no"'],
    [{ pipelining: 4, keepAlive: false }, 'pipelining needs connections that are kept alive'],
    [{ connectTimeout: 0 }, 'connectTimeout is no time at all'],
    [{ headersTimeout: -1 }, 'headersTimeout is no time at all'],
    [{ socketPath: '' }, '"" is not the path of a socket'],
    [{ tls: true }, 'tls is true'],
    [{ tls: { cert: 'x' } }, 'tls has no option "cert"'],
    [{ tls: { rejectUnauthorized: 'yes' } }, 'rejectUnauthorized is "yes"'],
    [{ tls: { servername: 1 } }, 'servername is 1'],
    [{ tls: { ca: 'not a certificate' } }, 'a certificate in ca cannot be read: '],
    [{ tls: { ca: [cert, ''] } }, 'a certificate in ca cannot be read: '],
  ])('%o', (options, message) => {
    const attempt = (): unknown => client({ url: 'http://127.0.0.1' }, options);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad-load', exitCode: 2 }));
  });
});

it('pauses end with the driver', async () => {
  const driver = client(await refusing());
  await driver.sendInTurn(6);
  void driver.sendAll(5);
  driver.driver.close();
  await pause(80);
  expect(driver.inFlight).toBe(5);
});

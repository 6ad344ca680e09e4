import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectMcp, measureMcp, renderMcp } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { mcpWarnings } from '../src/measure/mcp-warnings.ts';
import { hostile } from './support/tiny.ts';

const measure = (how: string, more = {}) =>
  measureMcp({ server: hostile(how), samples: 2, sessions: 1, inFlight: 0, timeout: '10s', ...more });

const codes = (result: Awaited<ReturnType<typeof measure>>): readonly string[] =>
  mcpWarnings(result).map(({ code }) => code);

describe('a server that', () => {
  it('writes garbage between its answers is measured, and told of', async () => {
    const result = await measure('garbage');
    expect(result.warm[0]?.outcomes.ok).toBe(2);
    expect([result.measured, result.sent, codes(result)]).toEqual([2, 2, ['strange-output', 'unasked-answer']]);
    // Of nine lines five are no object; one is empty, and two are messages that answer nothing.
    expect(result.strange).toBe(4 * 6);
  });

  it('never answers is not waited for', async () => {
    await expect(connectMcp(hostile('mute'), { timeout: '1s' })).rejects.toMatchObject({
      code: 'mcp-unreachable',
      message: expect.stringContaining('no answer within 1000 ms') as string,
    });
  });

  it('dies is asked no more', async () => {
    const result = await measure('dies', { samples: 50, inFlight: 4 });
    expect(result.warm[0]?.outcomes).toEqual({ ok: 0, 'tool-error': 0, 'rpc-error': 0, 'transport-error': 1 });
    expect([result.measured, result.sent]).toEqual([1, 1]);
    expect(codes(result)).toEqual(['server-gone', 'some-failed']);
    expect(renderMcp(result)).toContain('exited with code 9');
  });

  it('answers other requests than it was asked has not answered', async () => {
    const client = await connectMcp(hostile('wrong-ids'));
    const answer = client.callTool('look');
    // It answers by the time at which it has said something else, or never.
    expect(await Promise.race([answer, sleep(300, 'nothing')])).toBe('nothing');
    await client.close();
    expect(await answer).toMatchObject({ outcome: 'transport-error', error: { code: 'closed' } });
  });

  it('answers twice is counted once', async () => {
    const result = await measure('twice');
    expect([result.measured, result.sent, codes(result)]).toEqual([2, 2, []]);
  });

  it('answers with results of no shape is measured as far as it goes', async () => {
    const result = await measure('shapeless');
    expect(result.warm.map(({ item, outcomes }) => [item.name, outcomes.ok])).toEqual([['look', 2]]);
    expect(renderMcp(result)).toContain('# shapeless 1');
  });

  it('answers with more than it may has not answered, and is asked again', async () => {
    const result = await measure('huge', { maxAnswer: '1MB' });
    expect(result.warm[0]).toMatchObject({
      outcomes: { ok: 0, 'transport-error': 2 },
      failure: 'transport-error too-long: the answer is longer than 1MB, the limit that maxAnswer sets',
    });
    expect(codes(result)).toEqual(['some-failed']);
  });

  it('ends in the middle of an answer is told of', async () => {
    const result = await measure('cut');
    expect(result.warm[0]?.failure).toMatch(/the server exited with code 0 in the middle of a message/);
  });

  it('repeats the secrets of its user, and commands the terminal, is shown without both', async () => {
    const { command } = hostile('secrets');
    const server = { command: [...command, '--api-key', 'key-of-mine'], env: { SERVER_TOKEN: 'token-of-mine' } };
    const result = await measureMcp({ server, samples: 1, sessions: 1, inFlight: 0 });
    const shown = JSON.stringify(result) + renderMcp(result) + JSON.stringify(mcpWarnings(result));
    expect(shown).not.toMatch(/key-of-mine|token-of-mine|pw-of-me/);
    expect(result.warm[0]?.failure).toBe('tool-error isError: [hidden] refused, --api-key [hidden], http://host/');

    const escapes = await measure('escapes');
    const [heading] = renderMcp(escapes).split('\n');
    expect(heading).toBe('# redgnp.exe # heading redgnp.exe # heading');
    expect(renderMcp(escapes)).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(JSON.stringify(escapes)).not.toMatch(/\\u001b|[\u0080-\u009f\u202e]/);
  });

  it('says a secret before it dies is quoted without it', async () => {
    const script = 'console.error(`\\x1b[31mno ${process.env.MY_TOKEN}`); process.exit(3)';
    const server = { command: ['node', '-e', script], env: { MY_TOKEN: 'token-of-mine' } };
    await expect(connectMcp(server)).rejects.toThrow(/exited with code 3; it said: no \[hidden\]$/);
  });

  it('has a schema nested ten thousand deep is measured, and told of', async () => {
    const result = await measure('deep');
    expect([result.warm[0]?.outcomes.ok, codes(result)]).toEqual([2, ['too-deep']]);
    expect(renderMcp(result)).toContain('the schema of look is nested too deeply to be written');
    expect(JSON.stringify(result)).toContain('[nested deeper]');
  });

  it('answers with megabytes is counted by its beginning', async () => {
    const result = await measure('huge', { samples: 1, timeout: '20s' });
    expect(result.warm[0]?.outcomes.ok).toBe(1);
    expect(result.results[0]).toMatchObject({ estimated: true });
  });
});

type Wrong = (response: ServerResponse, id: number) => void;

/** Writes again and again, until nobody reads any more. */
function pour(response: ServerResponse, text: string): void {
  while (!response.destroyed && response.write(text));
  if (!response.destroyed) response.once('drain', () => pour(response, text));
}

const events = { 'content-type': 'text/event-stream' };
const answer = (id: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } });

/** Introduces itself, and then does something else than answering. */
async function withWrongServer<T>(wrong: Wrong, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => {
      const { id, method } = JSON.parse(body) as { id?: number; method: string };
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'wrong', version: '1' } };
      if (id === undefined) response.writeHead(202).end();
      else if (method === 'initialize') response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      else wrong(response, id);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a server of HTTP that', () => {
  const wrongs: readonly (readonly [string, Wrong, string | number])[] = [
    ['answers with a page', (response) => response.end('<html>moved</html>'), 'no-answer'],
    ['answers another request', (response, id) => response.end(answer(id + 1)), 'no-answer'],
    ['answers with nothing', (response) => response.writeHead(204).end(), 'no-answer'],
    [
      'ends its events without an answer',
      (response) => response.writeHead(200, events).end('data: {}\n\n'),
      'no-answer',
    ],
    ['fails', (response) => response.writeHead(503).end('too busy'), 'http-503'],
    [
      'sends it elsewhere',
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      'http-302',
    ],
    ['hangs up', (response) => response.destroy(), 'ECONNRESET'],
    ['hangs up in the middle', (response) => response.writeHead(200, { 'content-length': 99 }).write('{'), 'timeout'],
    ['answers without an end', (response) => pour(response, 'x'.repeat(1 << 16)), 'too-long'],
    [
      'has an event without an end',
      (response) => pour(response.writeHead(200, events), 'data: x\n'.repeat(1e4)),
      'too-long',
    ],
    [
      'refuses without an id',
      (response) => response.writeHead(400).end('{"jsonrpc":"2.0","id":null,"error":{"code":-32000}}'),
      -32000,
    ],
  ];

  it.each(wrongs)('%s is a failure of its kind', async (_, wrong, code) => {
    await withWrongServer(wrong, async (url) => {
      const client = await connectMcp({ url }, { timeout: '500ms', maxAnswer: '1MB' });
      expect((await client.callTool('look')).error?.code).toBe(code);
      expect(client.wire.requests - client.wire.handshakes).toBe(1);
      await client.close();
    });
  });
});

import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { nanosFromMs } from '@perfkeel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from './chat-client.ts';
import type { Completion } from './completion.ts';

/** What the server answers next, byte by byte; then it closes, unless the connection stays open. */
let answer: { readonly bytes: string | Buffer; readonly stays?: boolean } = { bytes: '' };
let asked = '';
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    if (!piece.includes('POST')) return;
    asked = String(piece);
    socket.write(answer.bytes);
    if (answer.stays !== true) socket.end();
  });
});
const clock = { now: () => nanosFromMs(performance.now()) };
const key = 'sk-9f8e7d6c5b4a';
let client: ChatClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://me:open-sesame@127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  client = new ChatClient({ url, headers: { 'X-Api-Key': key } }, { clock, timeoutMs: 20_000 });
});
afterAll(() => {
  client.close();
  server.close();
});

const ask = (bytes: string | Buffer, stays = false): Promise<Completion> => {
  answer = { bytes, stays };
  return client.ask({ model: 'm', messages: [], maxTokens: 1 });
};

const reply = (status: string, headers: readonly string[], body: string): string =>
  [`HTTP/1.1 ${status}`, ...headers, 'connection: close', '', body].join('\r\n');
const stream = (body: string, headers: readonly string[] = []): string =>
  reply('200 OK', ['content-type: text/event-stream', ...headers], body);
const json = (what: object, status = '200 OK'): string =>
  reply(status, ['content-type: application/json; charset=utf-8'], JSON.stringify(what));
const event = (what: object): string => `data: ${JSON.stringify(what)}\n\n`;
const said = (content: string, more: object = {}): string =>
  event({ choices: [{ index: 0, delta: { content }, ...more }] });
const stop = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const done = 'data: [DONE]\n\n';

describe('an answer is whole', () => {
  const call = event({
    choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] } }],
  });
  const long = 'x'.repeat(10 * 2 ** 20);

  it.each<[string, string, Partial<Completion>]>([
    ['without [DONE]', stream(said('a') + stop), { text: 'a', finish: 'stop' }],
    ['without a reason, and without usage', stream(said('a') + done), { text: 'a', usage: undefined }],
    [
      'with usage behind the last choice',
      stream(said('a') + stop + event({ choices: [], usage: { completion_tokens: 3 } }) + done),
      { usage: 3 },
    ],
    ['with null where others leave out', stream(said('a', { finish_reason: null, usage: null }) + done), { text: 'a' }],
    [
      'of several choices',
      stream(event({ choices: [{ index: 1, delta: { content: 'b' } }] }) + said('a') + done),
      { text: 'a', choices: 2 },
    ],
    ['of calls of tools alone', stream(call + done), { text: 'f{}' }],
    ['with line ends of two characters', stream((said('a') + stop + done).replaceAll('\n', '\r\n')), { text: 'a' }],
    [
      'among comments and pings',
      stream(`: ping\n\n${said('a')}event: ping\ndata: {}\n\n: x\n${done}`),
      { text: 'a', events: 1 },
    ],
    ['in one event of 10 MB', stream(said(long) + done), { text: long, events: 1 }],
    ['over HTTP/1.0 that ends by closing', `HTTP/1.0 200 OK\r\n\r\n${said('a')}${done}`, { text: 'a' }],
    ['when it counts backwards', stream(said('a') + event({ usage: { completion_tokens: -5 } }) + done), { text: 'a' }],
  ])('%s', async (_, bytes, expected) => {
    expect(await ask(bytes)).toMatchObject({ failure: undefined, ...expected });
  });
});

describe('a failure says what came instead', () => {
  const page = `<!doctype html><html><head><title>502 Bad\n Gateway</title></head><body>${'<p>'.repeat(20_000)}`;
  const completion = { object: 'chat.completion', choices: [{ message: { content: 'hi' } }] };

  it.each<[string, string | Buffer, string, string]>([
    [
      'an error in the middle',
      stream(said('a') + event({ error: { message: 'out of memory' } }) + done),
      'stream-error',
      'out of memory',
    ],
    [
      'a limit of requests',
      reply('429 Too Many Requests', ['retry-after: 7'], '{"error":"slow down"}'),
      'http-429',
      'HTTP status 429: slow down: retry-after: 7',
    ],
    [
      'a model that is loaded',
      json({ error: { code: 503, message: 'Loading model' } }, '503 Unavailable'),
      'http-503',
      'HTTP status 503: Loading model',
    ],
    ['words of a framework', json({ detail: 'Not Found' }, '404 Not Found'), 'http-404', 'HTTP status 404: Not Found'],
    [
      'a page',
      reply('502 Bad Gateway', ['content-type: text/html'], page),
      'http-502',
      'HTTP status 502: 502 Bad Gateway',
    ],
    [
      'a page though all is well',
      reply('200 OK', ['content-type: text/html'], '<p>Log <b>in</b></p>'),
      'not-a-stream',
      'text/html came instead of a stream: Log in',
    ],
    [
      'a page of no type',
      reply('200 OK', [], '<html>Log in</html>'),
      'not-a-stream',
      'what came is no stream of events: <html>Log in</html>',
    ],
    ['another place', reply('301 Moved', ['location: /v2'], ''), 'http-301', 'HTTP status 301: location: /v2'],
    [
      'an answer that is no stream',
      json(completion),
      'not-a-stream',
      `application/json came instead of a stream: ${JSON.stringify(completion)}`,
    ],
    [
      'the stream of another API',
      reply('200 OK', ['content-type: application/x-ndjson'], '{"response":"a"}\n'),
      'not-a-stream',
      'what came is no stream of events: {"response":"a"}',
    ],
    ['nothing', stream(''), 'cut-off', 'the stream ended before the answer did: neither [DONE] nor finish_reason came'],
    [
      'an end that is no end',
      stream(said('a')),
      'cut-off',
      'the stream ended before the answer did: neither [DONE] nor finish_reason came',
    ],
    [
      'a body that is shorter than it says',
      stream(said('a') + done, ['content-length: 9999']).replace(done, ''),
      'cut-off',
      'the connection was closed before the answer ended',
    ],
    [
      'a packed stream',
      Buffer.concat([Buffer.from(stream('', ['content-encoding: gzip'])), gzipSync(said('a') + done)]),
      'not-a-stream',
      'the answer is packed (content-encoding: gzip), which holds its tokens back; ask for it plain',
    ],
  ])('for %s', async (_, bytes, code, message) => {
    expect((await ask(bytes)).failure).toMatchObject({ code, message });
  });

  it('when it is no HTTP', async () => {
    expect((await ask('SSH-2.0-OpenSSH_9.6\r\n')).failure?.code).toMatch(/^HPE_/);
  });

  it('at once, when a body has no end', async () => {
    const { failure, end } = await ask(reply('500 Oops', [], 'no '.repeat(50_000)), true);
    expect(failure?.code).toBe('http-500');
    expect(end).toBeLessThan(10e9);
  });

  it.each([
    ['an error', json({ error: { message: `Incorrect key: ${key}` } }, '401 Unauthorized')],
    ['an error in a stream', stream(event({ error: `password open-sesame of me` }))],
    ['commands', stream(event({ error: `${key.slice(0, 7)}\u001b[0m${key.slice(7)}` }))],
    ['what is no event', stream(`data: ${key}\n\n`)],
    ['what is no stream', reply('200 OK', [], `${key.repeat(20)}`)],
    ['basic credentials', reply('401 No', [], Buffer.from('me:open-sesame').toString('base64'))],
    ['text', stream(event({ model: key, choices: [{ delta: { content: key, reasoning: key } }] }) + done)],
  ])('and repeats no secret in %s', async (_, bytes) => {
    const text = JSON.stringify(await ask(bytes));
    expect(text).toContain('[hidden]');
    expect(text).not.toMatch(/sk-9f|sesame|bWU6/);
  });

  it('at once, when it has a long way of saying nothing', async () => {
    const blanks = ' '.repeat(200_000);
    const { failure, end } = await ask(stream(event({ model: blanks, error: { message: `no${blanks}.` } })));
    expect([failure?.message, end < 10e9]).toEqual(['no', true]);
  });

  it('on one line, and without what commands a terminal', async () => {
    const { failure } = await ask(
      json({ error: { message: '\u001b]0;owned\u0007no\u202e\nway\r\u009b2J' } }, '500 Oops'),
    );
    expect(failure?.message).toMatch(/^HTTP status 500: no way/);
    expect(failure?.message).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

it('names itself as the url says', async () => {
  await ask(stream(said('a') + done));
  const basic = Buffer.from('me:open-sesame').toString('base64');
  expect(asked.toLowerCase()).toContain(`authorization: basic ${basic}`.toLowerCase());
});

it('waits once for a connection that stays open behind the end, and no other time', async () => {
  const open = stream(said('a') + done);
  const waits: number[] = [];
  for (let n = 0; n < 3; n++) {
    const start = clock.now();
    const { failure, end } = await ask(open, true);
    waits.push((clock.now() - start - end) / 1e6);
    expect(failure).toBeUndefined();
  }
  // Of a pause of 250 ms, Node counts what its turn of the event loop had lasted before, however long that was held up.
  expect(waits[0]).toBeGreaterThan(150);
  // A machine that stops may hold one of them up.
  expect(Math.min(...waits.slice(1))).toBeLessThan(50);
});

import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { nanosFromMs } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { ChatClient, type ChatRequest } from './chat-client.ts';

const clock = { now: () => nanosFromMs(performance.now()) };
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function listening(server: Server, headers?: Record<string, string>): Promise<ChatClient> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/?key=k`;
  const client = new ChatClient({ url, headers }, { clock, timeoutMs: 5000 });
  closing.push(() => {
    client.close();
    server.close();
  });
  return client;
}

const request: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hello' }], maxTokens: 7 };
const stream = 'data: {"choices":[{"delta":{"content":"hi"}}]}\n\ndata: [DONE]\n\n';

describe('ChatClient', () => {
  it('sends what the API wants, with what the user adds or leaves out', async () => {
    const seen: { url?: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];
    const server = createHttpServer((asked, response) => {
      let text = '';
      asked.on('data', (piece) => (text += String(piece)));
      asked.on('end', () => {
        seen.push({ url: asked.url, headers: asked.headers, body: JSON.parse(text) });
        response.end(stream);
      });
    });
    const client = await listening(server, { Authorization: 'Bearer x', Accept: '*/*' });
    const body = { temperature: 0, max_tokens: undefined, max_completion_tokens: 9 };
    const answers = [await client.ask(request), await client.ask({ ...request, body })];
    // No type of content either: not every server names it.
    expect(answers.map(({ failure, text, model }) => [failure, text, model])).toEqual(
      Array(2).fill([undefined, 'hi', 'm']),
    );
    const common = { model: 'm', messages: request.messages, stream: true, stream_options: { include_usage: true } };
    expect(seen.map((one) => one.body)).toEqual([
      { ...common, max_tokens: 7 },
      { ...common, temperature: 0, max_completion_tokens: 9 },
    ]);
    expect(seen[0]).toMatchObject({
      url: '/api/v1/chat/completions?key=k',
      headers: { authorization: 'Bearer x', accept: '*/*', 'content-type': 'application/json' },
    });
  });

  it('asks once more when a kept connection was closed under way, and no other time', async () => {
    let [connections, requests] = [0, 0];
    const server = createTcpServer((socket) => {
      connections += 1;
      let answered = 0;
      socket.on('error', () => undefined);
      socket.on('data', () => {
        requests += 1;
        // The second request on a connection is never answered, and neither is anything after the third.
        if (answered > 0 || requests > 3) return socket.resetAndDestroy();
        answered += 1;
        const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
        return socket.write(`${head}content-length: ${stream.length}\r\n\r\n${stream}`);
      });
    });
    const client = await listening(server);
    const codes = [];
    for (let n = 0; n < 3; n++) codes.push((await client.ask(request)).failure?.code);
    // The third is sent on a kept connection, and then on a new one, where its end is an answer.
    expect([codes, connections, requests]).toEqual([[undefined, undefined, 'ECONNRESET'], 3, 5]);
  });

  it('ends what is under way when it is closed, and does not ask again', async () => {
    let requests = 0;
    let arrived = (): void => undefined;
    const second = new Promise<void>((resolve) => (arrived = resolve));
    const server = createHttpServer((_, response) => {
      requests += 1;
      if (requests === 1) response.end(stream);
      else arrived();
    });
    const client = await listening(server);
    await client.ask(request);
    const waiting = client.ask(request);
    await second;
    client.close();
    expect((await waiting).failure?.code).toBe('ECONNRESET');
    expect(requests).toBe(2);
  });
});

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectMcp } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { boundedFetch } from './bounded-fetch.ts';

const bytes = 1000;
const events = { 'content-type': 'text/event-stream' };
const request = { method: 'POST', body: '{"jsonrpc":"2.0","id":7}' };

/** What is read of pieces that arrive one by one, and the ids of what was too long. */
async function read(pieces: readonly string[], headers: Readonly<Record<string, string>> = events) {
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => (left.length > 0 ? controller.enqueue(left.shift()!) : controller.close()),
  });
  const cut: (number | undefined)[] = [];
  const answering = (): Promise<Response> => Promise.resolve(new Response(body, { headers }));
  const bounded = boundedFetch({ bytes, onTooLong: (id) => cut.push(id) }, answering);
  const text = await (await bounded('http://127.0.0.1/', request)).text();
  return { text, cut };
}

/** A text in pieces of so many letters. */
const piecesOf = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g'))!;

describe('a stream of events', () => {
  it.each(['\n\n', '\r\n\r\n', '\n\r\n'])('is as long as it likes, of short events that end in %j', async (end) => {
    const text = `data: ${'x'.repeat(90)}${end}`.repeat(30);
    for (const size of [1, 2, 3, 7, 95, 96, 97, 98, 99, 100, 101]) {
      expect(await read(piecesOf(text, size))).toEqual({ text, cut: [] });
    }
    // As a server writes it that sends the empty line by itself.
    const torn = Array.from({ length: 30 }, () => [`data: ${'x'.repeat(90)}`, end.slice(0, -1), end.slice(-1)]).flat();
    expect(await read(torn)).toEqual({ text, cut: [] });
  });

  it('ends with an answer where an event is too long', async () => {
    const { text, cut } = await read(piecesOf(`id: 1\ndata: \n\nid: 2\ndata: ${'x'.repeat(2000)}\n\n`, 100));
    expect(cut).toEqual([7]);
    expect(text.split('\n\n').slice(2)).toEqual([
      'data: {"jsonrpc":"2.0","id":7,"error":{"code":0,"message":"too long"}}',
      '',
    ]);
    expect(text.length).toBeLessThan(bytes + 100);
  });
});

it('another body is cut without a word', async () => {
  const { text, cut } = await read(piecesOf('x\n\n'.repeat(1000), 100), { 'content-type': 'application/json' });
  expect([text.length, cut]).toEqual([bytes, [7]]);
});

it('an answer that was cut is not fetched again, although the stream could be resumed', async () => {
  const huge = (id: unknown): string =>
    JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'x'.repeat(1e6) }] } });
  const [agreed, listed] = [
    { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'huge', version: '1' } },
    { tools: [] },
  ];
  let resumed = 0;
  const answer = (response: ServerResponse, { id, method }: { id?: number; method?: string }): unknown => {
    if (id === undefined) return response.writeHead(202).end();
    const text = JSON.stringify({ jsonrpc: '2.0', id, result: method === 'initialize' ? agreed : listed });
    if (method !== 'tools/call') return response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    return response.writeHead(200, events).write(`retry: 10\nid: 1\ndata: \n\nid: 2\ndata: ${huge(id)}\n\n`);
  };
  const server = createServer((incoming, response) => {
    if (incoming.headers['last-event-id'] !== undefined) resumed += 1;
    if (incoming.method !== 'POST') return void response.writeHead(405).end();
    let body = '';
    incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
    incoming.once('end', () => answer(response, JSON.parse(body) as { id?: number }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const client = await connectMcp({ url }, { client: 'sdk', era: '2025-11-25', maxAnswer: '2KB', timeout: '10s' });
  try {
    expect((await client.callTool('huge')).error?.code).toBe('too-long');
    // The server wants to be asked again after 10 ms.
    await sleep(200);
    expect(resumed).toBe(0);
  } finally {
    await client.close();
    server.closeAllConnections();
    server.close();
  }
});

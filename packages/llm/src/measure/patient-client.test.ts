import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { nanosFromMs } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { ChatClient } from '../client/chat-client.ts';
import { PatientClient, type Patience } from './patient-client.ts';

const clock = { now: () => nanosFromMs(performance.now()) };
const request = { model: 'm', messages: [], maxTokens: 1 };
const ms = (ns: number): number => ns / 1e6;

const loading = (response: ServerResponse): void =>
  void response.writeHead(503).end('{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}');
const waitFor = (after: string) => (response: ServerResponse) =>
  void response.writeHead(503, { 'retry-after': after }).end();
const overloaded = (response: ServerResponse): void => void response.writeHead(503).end('overloaded');
const answer = (response: ServerResponse): void =>
  void response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .end('data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const listen = (server: Server, port = 0): Promise<number> =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

/** A server that answers with each of these in turn, and with the last one from then on. */
function serving(...answers: readonly ((response: ServerResponse) => void)[]): { server: Server; asked: () => number } {
  let asked = 0;
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => answers[Math.min(asked++, answers.length - 1)]!(response));
  });
  ends.push(() => (server.closeAllConnections(), new Promise((closed) => server.close(closed))));
  return { server, asked: () => asked };
}

function patient(port: number, more: Partial<Patience> = {}): { client: PatientClient; said: string[] } {
  const said: string[] = [];
  const patience: Patience = {
    ...{ clock, signal: new AbortController().signal, progress: (text) => void said.push(text) },
    ...{ startTimeoutMs: 10_000, awaitsConnection: false, timeoutMs: 10_000, ...more },
  };
  const client = new PatientClient(
    new ChatClient({ url: `http://127.0.0.1:${port}/v1` }, { clock, timeoutMs: 10_000 }),
    patience,
  );
  ends.push(() => client.close());
  return { client, said };
}

describe('the first request', () => {
  it('waits as long as the server is loading, says so once, and counts from its last beginning', async () => {
    const { server, asked } = serving(loading, loading, waitFor('0.1'), answer);
    const { client, said } = patient(await listen(server));
    const completion = await client.ask(request);
    expect([completion.failure, completion.text, asked()]).toEqual([undefined, 'x', 4]);
    // Twice 100 ms for the words, and 100 ms by the header.
    expect(ms(client.waited)).toBeGreaterThanOrEqual(299);
    expect(completion.end).toBeLessThan(client.waited);
    expect(said).toEqual(['the server is loading (HTTP status 503: Loading model): waiting for up to 10 s']);
  });

  it('waits for a server that does not listen yet, where one was started', async () => {
    const { server } = serving(answer);
    const port = await listen(server);
    await new Promise((closed) => server.close(closed));
    const hasty = patient(port);
    expect((await hasty.client.ask(request)).failure?.code).toBe('ECONNREFUSED');
    expect([hasty.client.waited > 0, hasty.said]).toEqual([false, []]);
    const { client, said } = patient(port, { awaitsConnection: true, pid: process.pid });
    const asking = client.ask(request);
    setTimeout(() => void listen(server, port), 100);
    expect((await asking).text).toBe('x');
    expect(said).toHaveLength(1);
    expect(ms(client.waited)).toBeGreaterThanOrEqual(100);
  });

  it('is given up in the end, once: what comes behind it fails as it comes', async () => {
    const { server, asked } = serving(overloaded);
    const { client, said } = patient(await listen(server), { startTimeoutMs: 300 });
    const { failure } = await client.ask(request);
    expect(failure).toMatchObject({ code: 'http-503' });
    expect(failure?.message).toMatch(/^HTTP status 503: overloaded \(for [\d.]+ m?s\)$/);
    // Nothing says that it was loading, and nothing was waited for with success.
    expect([client.waited, said]).toEqual([
      0,
      ['the server takes no requests yet (HTTP status 503: overloaded): waiting for up to 300 ms'],
    ]);
    const before = asked();
    expect((await client.ask(request)).failure?.message).toBe('HTTP status 503: overloaded');
    expect(asked() - before).toBe(1);
  });

  it('does not wait for a process that has ended, nor for other errors', async () => {
    const { server, asked } = serving(loading, (response) => void response.writeHead(500).end());
    const port = await listen(server);
    // No process has this number: the largest that Linux can have is a quarter of it.
    const { client } = patient(port, { pid: 2 ** 24 });
    expect((await client.ask(request)).failure?.code).toBe('http-503');
    expect((await patient(port).client.ask(request)).failure?.code).toBe('http-500');
    expect(asked()).toBe(2);
  });

  it('ends at once when it is interrupted', async () => {
    const { server } = serving(waitFor('60'));
    const stopper = new AbortController();
    const { client } = patient(await listen(server), { signal: stopper.signal, startTimeoutMs: 60_000 });
    const asking = client.ask(request);
    setTimeout(() => stopper.abort(new Error('enough')), 50);
    await expect(asking).rejects.toThrow('enough');
  });
});

describe('a request for which the model is changed', () => {
  it('counts from the first time on, with all that the server asked to wait', async () => {
    const { server } = serving(answer, waitFor('0.2'), loading, answer);
    const { client } = patient(await listen(server));
    await client.ask(request);
    const completion = await client.askSwitching(request);
    expect([completion.failure, completion.text, completion.refusals]).toEqual([undefined, 'x', 2]);
    for (const time of [completion.firstByte, completion.firstOutput, completion.arrivals[0], completion.end]) {
      expect(ms(time!)).toBeGreaterThanOrEqual(299);
    }
  });

  it('fails when the server does not say that it will answer, or has asked to wait for too long', async () => {
    const { server, asked } = serving(answer, overloaded, waitFor('0.1'));
    const { client } = patient(await listen(server), { timeoutMs: 250 });
    await client.ask(request);
    const refused = await client.askSwitching(request);
    expect([refused.failure?.code, refused.refusals, asked()]).toEqual(['http-503', undefined, 2]);
    const late = await client.askSwitching(request);
    expect(late.failure?.code).toBe('http-503');
    expect(late.refusals).toBeGreaterThanOrEqual(1);
    expect(ms(late.end)).toBeGreaterThanOrEqual(249);
  });

  it('fails when it is answered too late, with all the waiting before it', async () => {
    const slow = (response: ServerResponse): void => void setTimeout(() => answer(response), 150);
    const { server } = serving(answer, waitFor('0.15'), slow);
    const { client } = patient(await listen(server), { timeoutMs: 250 });
    await client.ask(request);
    const late = await client.askSwitching(request);
    expect(late.failure).toEqual({ code: 'timeout', message: 'no whole answer within 250 ms' });
    expect([late.text, late.refusals]).toEqual(['x', 1]);
  });

  it.each(['-1', '1.5.', 'soon'])('is asked once by a server that says Retry-After: %s', async (after) => {
    const { server, asked } = serving(answer, waitFor(after));
    const { client } = patient(await listen(server));
    await client.ask(request);
    expect((await client.askSwitching(request)).failure).toMatchObject({ code: 'http-503' });
    expect(asked()).toBe(2);
  });
});

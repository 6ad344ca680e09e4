import { PerfError } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { isExpected, prepareRequest, unexpected, type RequestOptions } from './prepared-request.ts';

describe('a prepared request', () => {
  it('is a GET without a body', () => {
    expect(prepareRequest({ path: '/orders?limit=1' })).toEqual({
      method: 'GET',
      path: '/orders?limit=1',
      headers: {},
      body: undefined,
      expect: undefined,
      weight: 1,
    });
  });

  it('writes an object as JSON, in bytes', () => {
    const { method, headers, body } = prepareRequest({ path: '/', body: { name: 'Zoë' } });
    expect([method, body?.toString()]).toEqual(['POST', '{"name":"Zoë"}']);
    expect(headers).toEqual({ 'content-type': 'application/json', 'content-length': '15' });
  });

  it('leaves text and bytes as they are, and a content type that the user wrote', () => {
    expect(prepareRequest({ path: '/', body: 'a=1' }).headers).toEqual({ 'content-length': '3' });
    expect(prepareRequest({ path: '/', body: Uint8Array.of(1, 2) }).body).toEqual(Buffer.of(1, 2));
    const typed = prepareRequest({ path: '/', body: [], headers: { 'Content-Type': 'application/vnd.x+json' } });
    expect(typed.headers['content-type']).toBe('application/vnd.x+json');
  });

  it('corrects a content length that does not fit', () => {
    const { headers } = prepareRequest({ path: '/', body: 'four', headers: { 'Content-Length': '99' } });
    expect(headers).toEqual({ 'content-length': '4' });
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[string, unknown, string]>([
    ['no request', null, 'null is not a request'],
    ['a path without its slash', { path: 'orders' }, '"orders" is not a path'],
    ['a whole url', { path: 'http://127.0.0.1/' }, 'is not a path'],
    ['a space', { path: '/a b' }, 'the path "/a b" cannot be sent'],
    ['a fragment', { path: '/a#b' }, 'the path "/a#b" cannot be sent'],
    ['an unknown method', { path: '/', method: 'FETCH' }, '"FETCH" is not a method'],
    ['a tunnel', { path: '/', method: 'CONNECT' }, '"CONNECT" is not a method'],
    ['a header with a line break', { path: '/', headers: { a: 'x\r\nb: y' } }, 'the header "a" cannot be sent'],
    ['a circular body', { path: '/', body: circular }, 'the body cannot be written as JSON'],
    ['a function for a body', { path: '/', body: () => 'x' }, 'a body cannot be made of function'],
    ['chunks', { path: '/', body: 'x', headers: { 'Transfer-Encoding': 'chunked' } }, 'not in chunks'],
    ['a length without a body', { path: '/', headers: { 'content-length': '5' } }, 'a request of 5 bytes has no body'],
    ['a body to expect that is no function', { path: '/', expectBody: 'ok' }, '"ok" cannot judge a body'],
    ['an impossible status', { path: '/', expect: 99 }, '99 is not a status'],
    ['half a weight', { path: '/', weight: 0.5 }, 'a request has the weight 0.5'],
  ])('%s is refused', (_, options, message) => {
    const attempt = (): unknown => prepareRequest(options as RequestOptions);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'bad-request', exitCode: 2 }));
    expect(attempt).toThrow(PerfError);
  });
});

describe('the expected status', () => {
  it.each([
    [undefined, 200, true],
    [undefined, 302, true],
    [undefined, 404, false],
    [undefined, 500, false],
    [201, 201, true],
    [201, 200, false],
    [404, 404, true],
  ])('expecting %s, %d is good: %s', (wanted, status, good) => {
    const request = prepareRequest({ path: '/', ...(wanted === undefined ? {} : { expect: wanted }) });
    expect(isExpected(request, status)).toBe(good);
  });
});

describe('an answer', () => {
  const answer = (status: number, text?: string) => ({
    status,
    body: text === undefined ? undefined : Buffer.from(text),
  });
  const judged = prepareRequest({ path: '/', expectBody: (text) => (JSON.parse(text) as { id: number }).id === 1 });

  it.each([
    ['the expected body', answer(200, '{"id":1}'), undefined],
    ['another body', answer(200, '{"id":2}'), { kind: 'body', message: String.raw`the body is "{\"id\":2}"` }],
    [
      'a body that cannot be judged',
      answer(200, 'oops'),
      { kind: 'body', message: expect.stringMatching(/^expectBody threw: /) as string },
    ],
    ['a body that nobody kept', answer(200), { kind: 'body', message: 'the body was not read' }],
    ['the expected body with another status', answer(500, '{"id":1}'), { kind: 'status', message: 'status 500' }],
  ])('with %s', (_, given, failure) => {
    expect(unexpected(judged, given)).toEqual(failure);
  });

  it('is judged by its status when nothing else is asked', () => {
    expect(unexpected(prepareRequest({ path: '/' }), answer(200))).toBeUndefined();
  });
});

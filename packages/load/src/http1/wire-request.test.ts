import { describe, expect, it } from 'vitest';
import { prepareRequest, type RequestOptions } from '../prepared-request.ts';
import { wireRequests } from './wire-request.ts';

const write = (options: RequestOptions, url = 'http://orders.example:8080', keepAlive = true) =>
  wireRequests(new URL(url), keepAlive)(prepareRequest(options));
const text = (...args: Parameters<typeof write>): string => write(...args).bytes.toString('latin1');

describe('a request on the wire', () => {
  it('has a host, its own headers and its body, in one piece', () => {
    const headers = { 'X-Name': 'a', accept: '*/*' };
    expect(text({ path: '/orders?a=b', body: { name: 'Zoë' }, headers }, 'http://orders.example:8080/api/')).toBe(
      'POST /api/orders?a=b HTTP/1.1\r\nhost: orders.example:8080\r\nconnection: keep-alive\r\nx-name: a\r\naccept: */*\r\n' +
        'content-type: application/json\r\ncontent-length: 15\r\n\r\n{"name":"Zo\u00c3\u00ab"}',
    );
  });

  it.each<[string, RequestOptions, string]>([
    ['a GET has no length', { path: '/' }, ''],
    ['a DELETE has none', { path: '/', method: 'DELETE' }, ''],
    ['a POST without a body says so', { path: '/', method: 'POST' }, 'content-length: 0\r\n'],
  ])('%s', (_, options, line) => {
    expect(text(options, 'http://127.0.0.1')).toMatch(new RegExp(`keep-alive\\r\\n${line}\\r\\n$`));
  });

  it('leaves a port out that is the usual one, and knows IPv6', () => {
    expect(text({ path: '/' }, 'https://orders.example:443/')).toContain('\r\nhost: orders.example\r\n');
    expect(text({ path: '/' }, 'http://[::1]:81/')).toContain('\r\nhost: [::1]:81\r\n');
  });

  it('lets a user write the host and the connection', () => {
    const { bytes, closes } = write({ path: '/', headers: { Host: 'a.example', Connection: 'Close' } });
    expect(bytes.toString()).toBe('GET / HTTP/1.1\r\nhost: a.example\r\nconnection: Close\r\n\r\n');
    expect(closes).toBe(true);
  });

  it('sends name and password of the url', () => {
    expect(text({ path: '/' }, 'http://a%40b:c:d@127.0.0.1/')).toContain(
      `\r\nauthorization: Basic ${Buffer.from('a@b:c:d').toString('base64')}\r\n`,
    );
  });

  it('refuses a name that cannot be read, before anything is sent', () => {
    expect(() => wireRequests(new URL('http://a%:b@127.0.0.1/'), true)).toThrow(
      expect.objectContaining({ code: 'bad-load', exitCode: 2 }),
    );
  });

  it('knows what its answer depends on', () => {
    expect(write({ path: '/' })).toMatchObject({ bodyless: false, closes: false, keepBody: false });
    expect(write({ path: '/', method: 'head' })).toMatchObject({ bodyless: true });
    expect(write({ path: '/', expectBody: () => true })).toMatchObject({ keepBody: true });
    expect(write({ path: '/' }, 'http://127.0.0.1', false)).toMatchObject({ closes: true });
  });

  it('is written once for each prepared request', () => {
    const [a, b] = [prepareRequest({ path: '/a' }), prepareRequest({ path: '/b' })];
    const wire = wireRequests(new URL('http://127.0.0.1'), true);
    const [first, second] = [wire(a), wire(b)];
    expect([wire(a) === first, wire(a) === first, wire(b) === second, wire(a) === first]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(second.bytes.toString()).toContain('GET /b ');
  });
});

import { usageError } from '@perfkeel/core';
import type { PreparedRequest } from '../prepared-request.ts';
import { wirePath } from '../wire-path.ts';

/** A request as it goes over the wire, and what its answer depends on. */
export interface WireRequest {
  readonly bytes: Buffer;
  /** Its answer has no body, whatever the head says. */
  readonly bodyless: boolean;
  /** It asks for the connection to be closed behind its answer. */
  readonly closes: boolean;
  readonly keepBody: boolean;
  readonly keepHead: boolean;
}

/** Methods whose requests carry a length even when it is zero (RFC 9110, section 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Writes each prepared request once, and finds it again.
 *
 * @throws PerfError `bad-load` when the name or the password in the url cannot be read.
 */
export function wireRequests(url: URL, keepAlive: boolean): (request: PreparedRequest) => WireRequest {
  const common = commonHeaders(url, keepAlive);
  const known = new WeakMap<PreparedRequest, WireRequest>();
  let last: PreparedRequest | undefined;
  let wire: WireRequest | undefined;
  return (request) => {
    if (request === last) return wire!;
    wire = known.get(request);
    if (wire === undefined) known.set(request, (wire = writeRequest(request, url, common)));
    last = request;
    return wire;
  };
}

/** Head and body in one piece, so that they leave in one call of the system. */
function writeRequest(request: PreparedRequest, url: URL, common: Readonly<Record<string, string>>): WireRequest {
  const { method, path, body } = request;
  const length = body === undefined && withBody.has(method) ? { 'content-length': '0' } : {};
  const headers: Readonly<Record<string, string>> = { ...common, ...length, ...request.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${wirePath(url, path)} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return {
    bytes: body === undefined ? head : Buffer.concat([head, body]),
    bodyless: method === 'HEAD',
    closes: /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(headers['connection'] ?? ''),
    keepBody: request.expectBody !== undefined || request.keepAnswer === true,
    keepHead: request.keepAnswer === true,
  };
}

/** What every request says; a user's own header of the same name stands in its place. */
const commonHeaders = (url: URL, keepAlive: boolean): Readonly<Record<string, string>> => ({
  host: url.host,
  ...authorization(url),
  connection: keepAlive ? 'keep-alive' : 'close',
});

/** A name and a password in the url, as `node:http` sends them. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw usageError('the name or the password in the url cannot be read', {
      code: 'bad-load',
      hint: 'Write a percent sign as %25, or send a header: headers: { authorization }.',
      excerpt: 'url',
    });
  }
}

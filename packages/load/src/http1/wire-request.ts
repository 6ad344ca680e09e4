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
}

/** Methods whose requests carry a length even when it is zero (RFC 9110, section 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** Writes each prepared request once, and finds it again. */
export function wireRequests(url: URL, keepAlive: boolean): (request: PreparedRequest) => WireRequest {
  const known = new WeakMap<PreparedRequest, WireRequest>();
  let last: PreparedRequest | undefined;
  let wire: WireRequest | undefined;
  return (request) => {
    if (request === last) return wire!;
    wire = known.get(request);
    if (wire === undefined) known.set(request, (wire = writeRequest(request, url, keepAlive)));
    last = request;
    return wire;
  };
}

/** Head and body in one piece, so that they leave in one call of the system. */
export function writeRequest(request: PreparedRequest, url: URL, keepAlive: boolean): WireRequest {
  const { method, path, body } = request;
  const headers = allHeaders(request, url, keepAlive);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${wirePath(url, path)} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return {
    bytes: body === undefined ? head : Buffer.concat([head, body]),
    bodyless: method === 'HEAD',
    closes: /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(headers['connection'] ?? ''),
    keepBody: request.expectBody !== undefined,
  };
}

function allHeaders({ method, body, headers }: PreparedRequest, url: URL, keepAlive: boolean): Record<string, string> {
  return {
    host: url.host,
    ...authorization(url),
    connection: keepAlive ? 'keep-alive' : 'close',
    ...(body === undefined && withBody.has(method) ? { 'content-length': '0' } : {}),
    ...headers,
  };
}

/** A name and a password in the url, as `node:http` sends them. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

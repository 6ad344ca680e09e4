import { isObject } from '@perfkeel/core';
import type { Outgoing } from './message.ts';
import type { Agreed } from './transport.ts';

/** The part of `params` that the header `Mcp-Name` repeats, so that what stands between can route a request. */
const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/** A value of a header as the specification of 2026-07-28 writes what is no plain ASCII. */
const headerText = (value: string): string =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith('=?base64?')
    ? value
    : `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;

/** The headers that the protocol asks for, beside those of the user. */
export function protocolHeaders(
  message: Partial<Outgoing>,
  agreed: Agreed | undefined,
  session: string | undefined,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  if (agreed !== undefined) headers['mcp-protocol-version'] = agreed.protocolVersion;
  if (session !== undefined) headers['mcp-session-id'] = session;
  if (agreed?.stateless !== true || message.method === undefined) return headers;
  headers['mcp-method'] = message.method;
  const field = namedBy.get(message.method);
  const name = field !== undefined && isObject(message.params) ? message.params[field] : undefined;
  if (typeof name === 'string') headers['mcp-name'] = headerText(name);
  return headers;
}

import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http';
import { describeValue, messageOf, usageError } from '@perfkeel/core';
import type { LatencyRequest } from './http-options.ts';

/** A request that only needs to be written. */
export interface PreparedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly expect: number | undefined;
}

/** Whether an answer is the one that the request hoped for. */
export const isExpected = ({ expect }: PreparedRequest, status: number): boolean =>
  expect === undefined ? status >= 200 && status < 400 : status === expect;

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-request', hint, excerpt });
}

const known = ['path', 'method', 'headers', 'body', 'expect'];

/**
 * Checks a request and computes everything that can be known before it is sent.
 *
 * @throws PerfError `bad-request`, exit code 2.
 */
export function prepareRequest(options: LatencyRequest): PreparedRequest {
  if (typeof options !== 'object' || options === null) {
    fail(`${describeValue(options)} is not a request`, "Write request: { path: '/' }.", 'request');
  }
  const stranger = Object.keys(options).find((key) => !known.includes(key));
  if (stranger !== undefined) {
    fail(`a request has no option "${stranger}"`, `Its options are ${known.join(', ')}.`, stranger);
  }
  const { expect } = options;
  if (expect !== undefined && !(Number.isInteger(expect) && expect >= 200 && expect <= 599)) {
    fail(`${describeValue(expect)} is not a status to expect`, 'Write one from 200 to 599: expect: 201.', 'expect');
  }
  const body = bodyBytes(options.body);
  return {
    method: checkedMethod(options.method ?? (body === undefined ? 'GET' : 'POST')),
    path: checkedPath(options.path),
    headers: completeHeaders(options, body),
    body,
    expect,
  };
}

function checkedMethod(method: string): string {
  const upper = String(method).toUpperCase();
  if (METHODS.includes(upper) && upper !== 'CONNECT') return upper;
  return fail(`${describeValue(method)} is not a method of requests`, "Write method: 'POST'.", 'method');
}

/** What `node:http` refuses in a path, and the fragment, which never goes over the wire. */
const unsendable = /[^\u0021-\u00ff]|#/;

function checkedPath(path: string): string {
  if (typeof path !== 'string' || !path.startsWith('/')) {
    fail(`${describeValue(path)} is not a path`, "A path starts with a slash: path: '/orders'.", 'path');
  }
  if (!unsendable.test(path)) return path;
  const encoded = JSON.stringify(encodeURI(path.replace(/#.*$/s, '')));
  return fail(`the path ${JSON.stringify(path)} cannot be sent`, `Write it encoded: ${encoded}.`, 'path');
}

function bodyBytes(body: LatencyRequest['body']): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const text = typeof body === 'object' ? jsonOf(body) : undefined;
  if (text !== undefined) return Buffer.from(text);
  return fail(
    `a body cannot be made of ${describeValue(body)}`,
    'Use a string, bytes, or an object that JSON can express.',
    'body',
  );
}

function jsonOf(body: object): string | undefined {
  try {
    return JSON.stringify(body);
  } catch (error) {
    return fail(`the body cannot be written as JSON: ${messageOf(error)}`, 'Pass a string or plain data.', 'body');
  }
}

function completeHeaders(options: LatencyRequest, body: Buffer | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers[name.toLowerCase()] = checkedValue(name, value);
  }
  if (body === undefined) return headers;
  const isJson = typeof options.body === 'object' && !(options.body instanceof Uint8Array);
  if (isJson) headers['content-type'] ??= 'application/json';
  return { ...headers, 'content-length': String(body.byteLength) };
}

function checkedValue(name: string, value: string): string {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return String(value);
  } catch (error) {
    return fail(
      `the header ${JSON.stringify(name)} cannot be sent: ${messageOf(error)}`,
      'Use printable ASCII without line breaks.',
      name,
    );
  }
}

import { METHODS, validateHeaderName, validateHeaderValue } from 'node:http';
import { describeValue, messageOf, usageError } from '@perfkeel/core';
import type { Answer } from './driver.ts';
import type { Failure } from './failure.ts';

/** One kind of request, as a user writes it. */
export interface RequestOptions {
  /** @default 'POST' with a body, 'GET' without */
  readonly method?: string;
  /** Starts with a slash; a path in the target's url goes before it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go out as they are; any other object as JSON, with its content type. */
  readonly body?: string | Uint8Array | object;
  /** The status of a good answer. @default any from 200 to 399 */
  readonly expect?: number;
  /** Whether a body is the one of a good answer, given as text. Throwing means that it is not. @default any body is */
  readonly expectBody?: (body: string) => boolean;
  /** Its share among the requests, as a whole number. @default 1 */
  readonly weight?: number;
}

/** A request that only needs to be written. Made once, sent many times; nobody changes it. */
export interface PreparedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly expect: number | undefined;
  readonly expectBody?: ((body: string) => boolean) | undefined;
  /** Whether whoever sends it wants to read its answer. */
  readonly keepAnswer?: boolean | undefined;
  readonly weight: number;
}

/** Whether a status is the one that the request hoped for. */
export const isExpected = ({ expect }: PreparedRequest, status: number): boolean =>
  expect === undefined ? status >= 200 && status < 400 : status === expect;

/** What is wrong with a complete answer; `undefined` when it is the one that the request hoped for. */
export function unexpected(
  request: PreparedRequest,
  { status, body }: Pick<Answer, 'status' | 'body'>,
): Failure | undefined {
  if (!isExpected(request, status)) return { kind: 'status', message: `status ${status}` };
  const { expectBody } = request;
  return expectBody === undefined ? undefined : judgeBody(expectBody, body);
}

/** A body that nobody kept is not known to be good. */
function judgeBody(expectBody: (body: string) => boolean, body: Buffer | undefined): Failure | undefined {
  if (body === undefined) return { kind: 'body', message: 'the body was not read' };
  try {
    const text = body.toString();
    return expectBody(text) ? undefined : { kind: 'body', message: `the body is ${JSON.stringify(text.slice(0, 60))}` };
  } catch (error) {
    return { kind: 'body', message: `expectBody threw: ${messageOf(error)}` };
  }
}

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-request', hint, excerpt });
}

/**
 * Checks a request and computes everything that can be known before it is sent.
 *
 * @throws PerfError `bad-request`, exit code 2.
 */
export function prepareRequest(options: RequestOptions): PreparedRequest {
  if (typeof options !== 'object' || options === null) {
    fail(`${describeValue(options)} is not a request`, "Write requests: { path: '/' }.", 'requests');
  }
  const body = bodyBytes(options.body);
  const { expect, expectBody, weight = 1 } = options;
  if (expect !== undefined && !(Number.isInteger(expect) && expect >= 200 && expect <= 599)) {
    fail(`${describeValue(expect)} is not a status to expect`, 'Write one from 200 to 599: expect: 201.', 'expect');
  }
  if (expectBody !== undefined && typeof expectBody !== 'function') {
    fail(
      `${describeValue(expectBody)} cannot judge a body`,
      'Write a function: expectBody: (body) => boolean.',
      'expectBody',
    );
  }
  if (!Number.isInteger(weight) || weight < 1) {
    fail(`a request has the weight ${describeValue(weight)}`, 'Weight is a whole number from 1 upwards.', 'weight');
  }
  return {
    method: checkedMethod(options.method ?? (body === undefined ? 'GET' : 'POST')),
    path: checkedPath(options.path),
    headers: completeHeaders(options, body),
    body,
    expect,
    ...(expectBody === undefined ? {} : { expectBody }),
    weight,
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
  if (unsendable.test(path)) {
    fail(
      `the path ${JSON.stringify(path)} cannot be sent`,
      `Write it encoded: ${JSON.stringify(encoded(path))}.`,
      'path',
    );
  }
  return path;
}

const encoded = (path: string): string => encodeURI(path.replace(/#.*$/s, ''));

function bodyBytes(body: RequestOptions['body']): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const text = typeof body === 'object' ? jsonOf(body) : undefined;
  if (text !== undefined) return Buffer.from(text);
  return fail(
    `a body cannot be made of ${typeof body === 'object' ? 'this object' : typeof body}`,
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

function completeHeaders(options: RequestOptions, body: Buffer | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers[name.toLowerCase()] = checkedValue(name, value);
    checkFraming(name, value, body);
  }
  if (body === undefined) return headers;
  const isJson = typeof options.body === 'object' && !(options.body instanceof Uint8Array);
  if (isJson) headers['content-type'] ??= 'application/json';
  return { ...headers, 'content-length': String(body.byteLength) };
}

/** How long a body is follows from the body: a header that says something else would spoil all requests behind it. */
function checkFraming(name: string, value: string, body: Buffer | undefined): void {
  const lower = name.toLowerCase();
  if (lower === 'transfer-encoding') {
    fail('a body is sent in one piece, not in chunks', `Leave the header ${JSON.stringify(name)} out.`, name);
  }
  if (lower === 'content-length' && body === undefined && Number(value) !== 0) {
    fail(`a request of ${value} bytes has no body`, `Leave the header ${JSON.stringify(name)} out.`, name);
  }
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

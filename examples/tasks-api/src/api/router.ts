import type { IncomingMessage, ServerResponse } from 'node:http';
import { BadRequest, NotFound } from './http-error.ts';

/** A request as routes see it. */
export interface Asked {
  readonly query: URLSearchParams;
  /** The number in the path; 0 where its route has none. */
  readonly id: number;
  /** The body as JSON; an empty object without one. @throws BadRequest */
  readonly body: () => Promise<Readonly<Record<string, unknown>>>;
}

/** What a route answers. Without a body it is JSON of nothing, and 204. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** In place of `body`: as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Route = (asked: Asked) => Answer | Promise<Answer>;
/** By method and path: `GET /tasks/:id`. */
export type Routes = Readonly<Record<string, Route>>;

const longestBody = 65_536;

async function readJson(incoming: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).byteLength;
    // It is read to its end all the same: leaving the loop would close the connection before there is an answer.
    if (bytes <= longestBody) chunks.push(chunk as Buffer);
  }
  if (bytes > longestBody) throw new BadRequest(`the body is longer than ${longestBody} bytes`);
  const text = Buffer.concat(chunks).toString();
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new BadRequest('the body is no JSON object');
}

/** The key of a route: numbers in a path are its id. */
export function routeOf(method: string, path: string): { readonly key: string; readonly id: number } {
  const id = /\/(\d{1,15})(?=\/|$)/.exec(path)?.[1];
  const shape = id === undefined ? path : path.replace(`/${id}`, '/:id');
  return { key: `${method} ${shape}`, id: Number(id ?? 0) };
}

/** Finds the route of a request and asks it. `key` is the route, for metrics: paths would be as many as there are ids. */
export async function ask(routes: Routes, incoming: IncomingMessage): Promise<Answer & { readonly key: string }> {
  const url = new URL(incoming.url ?? '/', 'http://tasks');
  const { key, id } = routeOf(incoming.method ?? 'GET', url.pathname);
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
  if (route === undefined) return { key: 'unknown', ...refusal(new NotFound('nothing is here')) };
  try {
    return { key, ...(await route({ query: url.searchParams, id, body: () => readJson(incoming) })) };
  } catch (error) {
    return { key, ...refusal(error) };
  }
}

function refusal(error: unknown): Answer {
  if (error instanceof BadRequest) return { status: error.status, body: { error: error.message } };
  // What the database or the system has said is a sentence; for a mistake of ours the stack is needed.
  console.error(error instanceof Error && 'code' in error ? error.message : error);
  return { status: 500, body: { error: 'the server has failed' } };
}

/** Writes an answer, and returns its status. */
export function respond(response: ServerResponse, { status, body, text, headers = {} }: Answer): number {
  const content = text ?? (body === undefined ? '' : JSON.stringify(body));
  const code = status ?? (content === '' ? 204 : 200);
  response.writeHead(code, {
    ...(content === '' ? {} : { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(content),
    ...headers,
  });
  response.end(content);
  return code;
}

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeComment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

/** The part of GitHub's API that publishing needs, with pages, a token, and answers that a test may spoil. */
export interface FakeGithub {
  readonly url: string;
  readonly comments: FakeComment[];
  /** `METHOD path` of every request. */
  readonly requests: string[];
  pulls: readonly unknown[];
  /** Answers with this instead, for as long as it says so. */
  spoil:
    | ((request: string) => { readonly status: number; readonly headers?: Record<string, string> } | undefined)
    | undefined;
  /** Runs before a comment is created: what another job does at the same moment. */
  beforeCreate: (() => void) | undefined;
  add(login: string, body: string): FakeComment;
  close(): Promise<void>;
}

export const botLogin = 'github-actions[bot]';
const token = 'secret-token';

export async function startFakeGithub(): Promise<FakeGithub> {
  let nextId = 1;
  const server = createServer((request, response) => {
    void answer(fake, request).then(({ status, body, headers }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeGithub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ comments: [], requests: [], pulls: [], spoil: undefined, beforeCreate: undefined },
    add(login, body) {
      const comment = { id: nextId++, user: { login }, body };
      fake.comments.push(comment);
      return comment;
    },
    close: () => closed(server),
  };
  return fake;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function answer(fake: FakeGithub, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', fake.url);
  const what = `${request.method} ${url.pathname}`;
  fake.requests.push(what);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { body?: string };
  const spoilt = fake.spoil?.(what);
  if (spoilt) return { body: { message: 'spoilt' }, ...spoilt };
  if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Bad credentials' } };
  return route(fake, what, url, body.body ?? '');
}

function route(fake: FakeGithub, what: string, url: URL, text: string): Answer {
  const page = (items: readonly unknown[]): Answer => {
    const [size, number] = [Number(url.searchParams.get('per_page') ?? 30), Number(url.searchParams.get('page') ?? 1)];
    return { status: 200, body: items.slice((number - 1) * size, number * size) };
  };
  const [, one] = /comments\/(\d+)$/.exec(url.pathname) ?? [];
  const found = fake.comments.find(({ id }) => id === Number(one));
  if (what === 'POST /graphql') return { status: 200, body: { data: { viewer: { login: botLogin } } } };
  if (/^GET .*\/commits\/\w+\/pulls$/.test(what)) return page(fake.pulls);
  if (/^GET .*\/pulls$/.test(what)) return page(fake.pulls);
  if (/^GET .*\/issues\/\d+\/comments$/.test(what)) return page(fake.comments);
  if (/^POST .*\/issues\/\d+\/comments$/.test(what)) {
    fake.beforeCreate?.();
    return { status: 201, body: fake.add(botLogin, text) };
  }
  if (!found) return { status: 404, body: { message: 'Not Found' } };
  if (what.startsWith('PATCH')) {
    found.body = text;
    return { status: 200, body: found };
  }
  fake.comments.splice(fake.comments.indexOf(found), 1);
  return { status: 204 };
}

export const fakeToken = token;

import { setTimeout as wait } from 'node:timers/promises';
import { PerfError, messageOf } from '@perfkeel/core';

/** The few calls of GitHub's API that are needed, with the token of a job. */
export interface GithubApi {
  get(path: string): Promise<unknown>;
  /** All pages of a list. */
  list(path: string): Promise<readonly unknown[]>;
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** The login that the token belongs to, as it stands beside comments. */
  viewer(): Promise<string>;
}

export interface GithubApiOptions {
  /** `https://api.github.com` */
  readonly url: string;
  /** @default `url` with `/graphql` */
  readonly graphql?: string | undefined;
  readonly token: string;
  readonly timeoutMs?: number | undefined;
  /** Milliseconds before the first of two further attempts. @default 1000 */
  readonly retryMs?: number | undefined;
}

const pageSize = 100;
/** A pull request with more comments than this has other troubles. */
const mostPages = 100;
const attempts = 3;
const longestWait = 20_000;

/** @throws PerfError `github-refused`, exit code 4, from every call that fails; the token is in no message. */
export function githubApi(options: GithubApiOptions): GithubApi {
  const base = options.url.replace(/\/$/, '');
  const send = (method: string, url: string, body?: unknown): Promise<unknown> => request(options, method, url, body);
  return {
    get: (path) => send('GET', `${base}${path}`),
    send: (method, path, body) => send(method, `${base}${path}`, body),
    async list(path) {
      const all: unknown[] = [];
      for (let page = 1; page <= mostPages; page++) {
        const url = `${base}${path}${path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`;
        const items = await send('GET', url);
        if (!Array.isArray(items)) throw refused(`GET ${path} gave no list`);
        all.push(...(items as unknown[]));
        if (items.length < pageSize) return all;
      }
      throw refused(`GET ${path} has more than ${mostPages * pageSize} entries`);
    },
    async viewer() {
      const answer = await send('POST', options.graphql ?? `${base}/graphql`, { query: '{ viewer { login } }' });
      const login = (answer as { data?: { viewer?: { login?: unknown } } } | undefined)?.data?.viewer?.login;
      if (typeof login === 'string' && login !== '') return login;
      throw refused('GitHub does not say whom the token belongs to');
    },
  };
}

const refused = (message: string, cause?: unknown): PerfError =>
  new PerfError(message, {
    code: 'github-refused',
    hint: 'The job needs permissions: pull-requests: write, and GITHUB_TOKEN in its environment.',
    cause,
  });

async function request(options: GithubApiOptions, method: string, url: string, body: unknown): Promise<unknown> {
  const what = `${method} ${new URL(url).pathname}`;
  for (let attempt = 1; ; attempt++) {
    const last = attempt === attempts;
    const pause = (options.retryMs ?? 1000) * 3 ** (attempt - 1);
    try {
      const response = await call(options, method, url, body);
      if (response.ok) return response.status === 204 ? undefined : await response.json();
      const again = response.status >= 500 || response.status === 429 || response.headers.has('retry-after');
      // What could have been done already is not done twice: a comment too many is worse than none.
      if (last || !again || (method === 'POST' && response.status >= 500)) throw await failure(what, response);
      await response.body?.cancel();
      const asked = Number(response.headers.get('retry-after') ?? 0) * 1000;
      await wait(Math.min(Math.max(asked, pause), longestWait));
    } catch (error) {
      if (error instanceof PerfError) throw error;
      if (last || method === 'POST') throw refused(`${what} failed: ${messageOf(error)}`, error);
      await wait(pause);
    }
  }
}

/** Redirects are not followed: the token belongs to this host. */
const call = (
  { token, timeoutMs = 15_000 }: GithubApiOptions,
  method: string,
  url: string,
  body: unknown,
): Promise<Response> =>
  fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'user-agent': 'perfkeel',
      'x-github-api-version': '2022-11-28',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function failure(what: string, response: Response): Promise<PerfError> {
  const text = await response.text().catch(() => '');
  return refused(`${what} answered ${response.status}: ${text.slice(0, 200)}`);
}

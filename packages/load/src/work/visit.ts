import { messageOf } from '@perfkeel/core';
import type { Answer } from '../driver.ts';
import type { Failure } from '../failure.ts';
import { Link } from '../http1/linked-list.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import { CookieJar } from './cookie-jar.ts';
import type { Captured, PlannedStep, StepAnswer } from './step.ts';

/** What one visit is. */
export interface VisitIdentity {
  readonly slot: number;
  readonly index: number;
  readonly client: number;
}

/** One walk through all steps, by a visitor who comes without cookies and knows what the answers have told. */
export class Visit implements VisitIdentity {
  readonly slot: number;
  readonly index: number;
  readonly client: number;
  readonly deadline = new Link<Visit>(this);
  /** Of the steps, the one that is under way. */
  step = 0;
  request: PreparedRequest | undefined;
  row: unknown;
  bytes = 0;
  over = false;
  readonly #cookies = new CookieJar();
  readonly #values: Record<string, string | number> = {};
  /** A name that was misspelt would be sent as "undefined". */
  readonly captured: Captured = new Proxy(this.#values, {
    get: (values, name) => {
      if (typeof name !== 'string' || Object.hasOwn(values, name)) return Reflect.get(values, name) as unknown;
      throw new Error(`nothing has been captured as ${JSON.stringify(name)}`);
    },
  });

  constructor({ slot, index, client }: VisitIdentity) {
    this.slot = slot;
    this.index = index;
    this.client = client;
  }

  /** The request with the cookies for its path; a user's own ones come first. */
  withCookies(request: PreparedRequest, path: string): PreparedRequest {
    const cookies = this.#cookies.headerFor(path);
    if (cookies === undefined) return request;
    const own = request.headers['cookie'];
    const cookie = own === undefined ? cookies : `${own}; ${cookies}`;
    return { ...request, headers: { ...request.headers, cookie } };
  }

  /** Remembers what an answer tells. @returns what is missing in it */
  learn({ capture }: PlannedStep, answer: Answer, path: string): Failure | undefined {
    const headers = answer.headers ?? [];
    for (const [name, value] of headers) if (name === 'set-cookie') this.#cookies.store(value, path);
    if (capture === undefined) return undefined;
    try {
      return this.#store(capture({ status: answer.status, headers: joined(headers), body: textOf(answer) }));
    } catch (error) {
      return { kind: 'body', message: `capture threw: ${messageOf(error)}` };
    }
  }

  #store(values: Captured): Failure | undefined {
    if (typeof values !== 'object' || values === null) return { kind: 'body', message: 'capture returned no object' };
    Object.assign(this.#values, values);
    const missing = Object.keys(values).find((name) => values[name] === undefined || values[name] === null);
    return missing === undefined
      ? undefined
      : { kind: 'body', message: `the answer has no ${JSON.stringify(missing)}` };
  }
}

const textOf = ({ body }: Answer): string => body?.toString() ?? '';

function joined(headers: NonNullable<Answer['headers']>): StepAnswer['headers'] {
  const all: Record<string, string> = {};
  for (const [name, value] of headers) all[name] = all[name] === undefined ? value : `${all[name]}, ${value}`;
  return all;
}

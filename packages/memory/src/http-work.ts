import { Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { repeatBy, type Work } from './repeat.ts';

/** One request, sent again and again. */
export interface LeakRequest {
  /** Path and query. @default '/' */
  readonly path?: string;
  /** @default 'GET', or 'POST' with a body */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; everything else as JSON, with its content type. */
  readonly body?: unknown;
}

export interface HttpWork {
  readonly run: Work;
  /** Answers below 400, all other answers, and requests without an answer. */
  readonly counts: HttpCounts;
  close(): void;
}

export interface HttpCounts {
  completed: number;
  refused: number;
  unanswered: number;
  /** What the last request without an answer died of. */
  lastError?: string;
}

/** An answer that takes longer is none. */
const patienceMs = 10_000;

interface Prepared {
  readonly options: RequestOptions;
  readonly body: string | undefined;
  readonly secure: boolean;
}

function prepare(url: string, { path = '/', method, headers = {}, body }: LeakRequest, agent: Agent): Prepared {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const place = new URL(path, url);
  const type = text !== undefined && typeof body !== 'string' ? { 'content-type': 'application/json' } : {};
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  return {
    secure: place.protocol === 'https:',
    body: text,
    options: {
      agent,
      protocol: place.protocol,
      hostname: place.hostname.replace(/^\[|\]$/g, ''),
      port: place.port,
      path: place.pathname + place.search,
      method: method ?? (text === undefined ? 'GET' : 'POST'),
      headers: { ...type, ...length, ...headers },
      timeout: patienceMs,
    },
  };
}

/** Resolves with the status of the answer, once it was read to its end. */
function send({ secure, options, body }: Prepared): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(options, (response: IncomingMessage) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`no answer in ${patienceMs / 1000} s`)));
    request.end(body);
  });
}

/**
 * Requests by so many clients, each on a connection of its own that stays open; with `churn` each request opens a new
 * one. Failures are counted and never throw. An iteration is an answer, whatever its status: a request that was refused
 * may leave as much behind as one that was served.
 */
export function httpWork(url: string, request: LeakRequest, clients: number, churn: boolean): HttpWork {
  const pool = { keepAlive: !churn, maxSockets: clients };
  const agent = url.startsWith('https:') ? new HttpsAgent(pool) : new Agent(pool);
  const prepared = prepare(url, request, agent);
  const counts: HttpCounts = { completed: 0, refused: 0, unanswered: 0 };
  const once = async (): Promise<void> => {
    try {
      const status = await send(prepared);
      counts[status < 400 ? 'completed' : 'refused'] += 1;
    } catch (error) {
      counts.unanswered += 1;
      counts.lastError = (error as Error).message;
    }
  };
  const answers = (): number => counts.completed + counts.refused;
  return {
    counts,
    close: () => agent.destroy(),
    run: async (calls) => {
      const before = answers();
      await repeatBy(clients, once, calls);
      return answers() - before;
    },
  };
}

import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { EventReader, credentialsOf } from '@perfkeel/core';
import type { AnswerLimit } from './answer-limit.ts';

/** What came back for one POST, event by event. */
export interface PostHandlers {
  /** Called once, when the head has arrived. */
  readonly onHead: (status: number, headers: IncomingMessage['headers']) => void;
  /** Called for the whole of a JSON body, or for each event of a stream. */
  readonly onText: (text: string) => void;
  /** Called when the answer, or an event, is longer than it may be; the rest is not read. */
  readonly onTooLong: () => void;
  /** Called once: `undefined` when everything has arrived, otherwise what broke. */
  readonly onEnd: (error: NodeJS.ErrnoException | undefined) => void;
}

/** Connections to one place, kept open between requests. */
export interface HttpPlace {
  post(body: string, headers: Readonly<Record<string, string>>, handlers: PostHandlers): ClientRequest;
  /** Resolves with the status, or 0 when nothing answered. */
  remove(headers: Readonly<Record<string, string>>): Promise<number>;
  /** Opens a stream of events that lasts; false when the server offers none, or does not answer in time. */
  listen(headers: Readonly<Record<string, string>>, onText: (text: string) => void): Promise<boolean>;
  close(): void;
}

export function openPlace(url: string, limit: AnswerLimit): HttpPlace {
  const secure = url.startsWith('https:');
  const agent = secure ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
  const request = secure ? tlsRequest : plainRequest;
  // Parsed once: a request of its own url costs more than the rest of the head.
  const parsed = new URL(url);
  const { hostname, port, pathname, search } = parsed;
  // As the header `authorization` that node writes, unless the user has given one.
  const auth = credentialsOf(parsed);
  const place = { agent, host: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search, auth };
  return {
    post: (body, headers, handlers) => {
      const length = { 'content-length': Buffer.byteLength(body) };
      const sent = request({ ...place, method: 'POST', headers: { ...headers, ...length } });
      let ended = false;
      const end = (error?: NodeJS.ErrnoException): void => {
        if (!ended) handlers.onEnd(error);
        ended = true;
      };
      sent.once('response', (response) => readAnswer(response, handlers, { end, limit }));
      sent.on('error', end);
      sent.end(body);
      return sent;
    },
    remove: (headers) =>
      new Promise((resolve) => {
        const sent = request({ ...place, method: 'DELETE', headers });
        const timer = setTimeout(() => sent.destroy(), removeMs);
        sent.once('response', (response) => {
          clearTimeout(timer);
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sent.on('error', () => {
          clearTimeout(timer);
          resolve(0);
        });
        sent.end();
      }),
    listen: (headers, onText) =>
      new Promise((resolve) => {
        const sent = request({ ...place, method: 'GET', headers: { ...headers, accept: 'text/event-stream' } });
        const timer = setTimeout(() => sent.destroy(), listenMs);
        const tell = (offered: boolean): void => {
          clearTimeout(timer);
          resolve(offered);
        };
        sent.once('response', (response) => {
          const offered = response.statusCode === 200 && isEvents(response);
          tell(offered);
          if (offered) readEvents(response, { onText, onTooLong: () => sent.destroy() }, limit);
          else response.resume();
        });
        sent.on('error', () => tell(false));
        sent.end();
      }),
    close: () => agent.destroy(),
  };
}

const removeMs = 2000;
const listenMs = 2000;

const isEvents = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true;

type Hearing = Pick<PostHandlers, 'onText' | 'onTooLong'>;

function readEvents(response: IncomingMessage, { onText, onTooLong }: Hearing, { bytes }: AnswerLimit): void {
  const decoder = new StringDecoder('utf8');
  const reader = new EventReader(onText, {
    length: bytes,
    onTooLong: () => {
      onTooLong();
      response.destroy();
    },
  });
  response.on('data', (chunk: Buffer) => reader.push(decoder.write(chunk)));
  // Whoever listens learns by missing it that the stream has ended.
  response.on('error', () => undefined);
}

function readAnswer(
  response: IncomingMessage,
  handlers: PostHandlers,
  { end, limit }: { readonly end: (error?: NodeJS.ErrnoException) => void; readonly limit: AnswerLimit },
): void {
  handlers.onHead(response.statusCode ?? 0, response.headers);
  response.on('error', end);
  response.once('close', () => end(response.complete ? undefined : new Error('the answer was cut off')));
  if (isEvents(response)) {
    readEvents(response, handlers, limit);
    response.once('end', () => end());
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit.bytes) return void chunks.push(chunk);
    handlers.onTooLong();
    return void response.destroy();
  });
  response.once('end', () => {
    if (chunks.length > 0) handlers.onText((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'));
    end();
  });
}

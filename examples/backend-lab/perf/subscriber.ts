import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** A subscription that is ready. */
export interface Subscriber {
  /** Settles when the message arrives, or fails with the connection. */
  delivered(message: string): Promise<void>;
  /** Publishes to the own topic, where the connection goes both ways. */
  publish(message: string): void;
  close(): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Who waits for which message. */
class Inbox {
  readonly #waiting = new Map<string, Waiting>();
  #broken: Error | undefined;

  wait(message: string): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => this.#waiting.set(message, { resolve, reject }));
  }

  receive(message: string): void {
    this.#waiting.get(message)?.resolve();
    this.#waiting.delete(message);
  }

  break(error: Error): void {
    this.#broken = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** An event ends with an empty line, and may come in pieces. */
function readEvents(response: IncomingMessage, inbox: Inbox): void {
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    const events = (text + piece).split('\n\n');
    text = events.pop()!;
    for (const event of events) inbox.receive(event.startsWith('event: ready') ? 'ready' : event.replace('data: ', ''));
  });
}

/** Subscribes over server-sent events. */
export async function openEvents(url: string, topic: string, signal: AbortSignal): Promise<Subscriber> {
  const inbox = new Inbox();
  const ready = inbox.wait('ready');
  // `agent: false` is a connection of its own, as a browser's EventSource has it.
  const request = get(`${url}/events?topic=${topic}`, { agent: false }, (response) => {
    if (response.statusCode !== 200) request.destroy(new Error(`status ${response.statusCode}`));
    else readEvents(response, inbox);
    response.on('error', (error) => inbox.break(error));
    response.on('close', () => inbox.break(new Error('the stream has ended')));
  });
  request.on('error', (error) => inbox.break(error));
  const close = (): void => void request.destroy();
  await readyOr(ready, close, signal);
  const publish = (): never => {
    throw new Error('events only go one way');
  };
  return { delivered: (message) => inbox.wait(message), publish, close };
}

/** Subscribes over WebSocket. */
export async function openSocket(url: string, topic: string, signal: AbortSignal): Promise<Subscriber> {
  const inbox = new Inbox();
  const ready = inbox.wait('ready');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket?topic=${topic}`, { perMessageDeflate: false });
  socket.on('message', (data) => inbox.receive((data as Buffer).toString()));
  socket.on('error', (error) => inbox.break(error));
  socket.on('close', () => inbox.break(new Error('the socket was closed')));
  const close = (): void => socket.terminate();
  await readyOr(ready, close, signal);
  return { delivered: (message) => inbox.wait(message), publish: (message) => socket.send(message), close };
}

/** What did not become ready in time is not left open. */
async function readyOr(ready: Promise<void>, close: () => void, signal: AbortSignal): Promise<void> {
  signal.addEventListener('abort', close, { once: true });
  try {
    await ready;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

import { isObject, type JsonObject } from '@perfkeel/core';

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What becomes of answers that are too long. */
export interface AnswerBound {
  readonly bytes: number;
  /** Told with the id of the request, or without one for what a server says of its own accord. The rest is not read. */
  readonly onTooLong: (id: number | undefined) => void;
}

/**
 * Fetches for a client that keeps whole answers: one that is longer than the bound is cut off. An event of a stream is held
 * against it, rather than all of them together.
 */
export const boundedFetch =
  (bound: AnswerBound, next: Fetch = fetch): Fetch =>
  async (url, init) => {
    const response = await next(url, init);
    const { body, status, statusText, headers } = response;
    // Neither has a body that anybody reads, and not every status can be made again.
    if (body === null || status < 200 || (status >= 300 && status < 400) || isShort(headers, bound)) return response;
    const isEvents = headers.get('content-type')?.startsWith('text/event-stream') === true;
    const onTooLong = (): Uint8Array | undefined => {
      const id = idOf(init?.body);
      bound.onTooLong(id);
      return isEvents ? errorEvent(id) : undefined;
    };
    return new Response(boundedBody(body, { bytes: bound.bytes, isEvents, onTooLong }), {
      status,
      statusText,
      headers,
    });
  };

/** Whoever says how much comes sends no more, and reading along would cost what is measured; packed it may be anything. */
const isShort = (headers: Headers, { bytes }: AnswerBound): boolean =>
  headers.get('content-encoding') === null && Number(headers.get('content-length') ?? NaN) <= bytes;

/**
 * Ends a stream that is cut as an answered one: the official client resumes one without an answer from its last event,
 * every second and without end.
 */
function errorEvent(id: number | string = 'none'): Uint8Array {
  const message = { jsonrpc: '2.0', id, error: { code: 0, message: 'too long' } };
  return new TextEncoder().encode(`\n\ndata: ${JSON.stringify(message)}\n\n`);
}

interface Cut {
  readonly bytes: number;
  readonly isEvents: boolean;
  /** Returns what comes in the place of what is not read. */
  readonly onTooLong: () => Uint8Array | undefined;
}

function boundedBody(
  body: ReadableStream<Uint8Array>,
  { bytes, isEvents, onTooLong }: Cut,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const endOfEvent = isEvents ? eventEnds() : () => -1;
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const end = endOfEvent(value);
        length = end < 0 ? length + value.length : value.length - end;
        if (length <= bytes) return controller.enqueue(value);
        const lastWords = onTooLong();
        if (lastWords !== undefined) controller.enqueue(lastWords);
        controller.close();
        await reader.cancel().catch(() => undefined);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

const [feed, back] = [0x0a, 0x0d];

/** Tells of each piece of a stream, in turn, where the last event in it ends, or -1: its empty line may begin in the one before. */
function eventEnds(): (piece: Uint8Array) => number {
  let before: readonly number[] = [];
  return (piece) => {
    const byte = (at: number): number | undefined => (at < 0 ? before.at(at) : piece[at]);
    const endsAt = (at: number): boolean => byte(at - 1) === feed || (byte(at - 1) === back && byte(at - 2) === feed);
    let at = piece.lastIndexOf(feed);
    while (at >= 0 && !endsAt(at)) at = at === 0 ? -1 : piece.lastIndexOf(feed, at - 1);
    before = [...before, ...piece.subarray(-2)].slice(-2);
    return at < 0 ? -1 : at + 1;
  };
}

function idOf(body: unknown): number | undefined {
  if (typeof body !== 'string') return undefined;
  const message: unknown = JSON.parse(body);
  const { id } = isObject(message) ? message : ({} as JsonObject);
  return typeof id === 'number' ? id : undefined;
}

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
    const cut = { ...bound, onTooLong: () => bound.onTooLong(idOf(init?.body)) };
    return new Response(boundedBody(body, cut, isEvents), { status, statusText, headers });
  };

/** Whoever says how much comes sends no more, and reading along would cost what is measured; packed it may be anything. */
const isShort = (headers: Headers, { bytes }: AnswerBound): boolean =>
  headers.get('content-encoding') === null && Number(headers.get('content-length') ?? NaN) <= bytes;

function boundedBody(
  body: ReadableStream<Uint8Array>,
  { bytes, onTooLong }: { readonly bytes: number; readonly onTooLong: () => void },
  isEvents: boolean,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        const end = isEvents ? endOfEvent(value) : -1;
        length = end < 0 ? length + value.length : value.length - end;
        if (length <= bytes) return controller.enqueue(value);
        onTooLong();
        controller.close();
        await reader.cancel().catch(() => undefined);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

const [feed, back] = [0x0a, 0x0d];

/** Where the last event of a piece ends, or -1. An end that is cut in two is missed, which counts two events as one. */
function endOfEvent(piece: Uint8Array): number {
  for (let at = piece.lastIndexOf(feed); at > 0; at = piece.lastIndexOf(feed, at - 1)) {
    const before = piece[at - 1];
    if (before === feed || (before === back && piece[at - 2] === feed)) return at + 1;
  }
  return -1;
}

function idOf(body: unknown): number | undefined {
  if (typeof body !== 'string') return undefined;
  const message: unknown = JSON.parse(body);
  const { id } = isObject(message) ? message : ({} as JsonObject);
  return typeof id === 'number' ? id : undefined;
}

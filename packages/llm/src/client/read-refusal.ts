import type { IncomingMessage } from 'node:http';
import type { Redactor } from '@perfkeel/core';
import { errorText, parsed } from './chat-chunk.ts';
import type { LlmFailure } from './completion.ts';

interface Refused {
  readonly settle: (failure: LlmFailure) => void;
  readonly redact: Redactor;
}

/** So much of a body that is no answer is read. */
const mostErrorText = 64 * 1024;
const mostWords = 200;

/**
 * Reads an answer that is no stream of events, by its status and headers, into a failure.
 *
 * @returns false, and nothing is read, when it may be a stream: not every server names the type of one
 */
export function readRefusal(response: IncomingMessage, { settle, redact }: Refused): boolean {
  const { statusCode: status = 0, headers } = response;
  const packed = packedBy(headers['content-encoding']);
  const [type] = /^(?:application\/(?:[\w.]+\+)?json|text\/html)/i.exec(headers['content-type'] ?? '') ?? [];
  if (status < 300 && type === undefined && packed === undefined) return false;
  const pieces: Buffer[] = [];
  let bytes = 0;
  const end = (): void => {
    const words = packed === undefined ? wordsOf(redact(Buffer.concat(pieces).toString('utf8'))) : '';
    settle(status >= 300 ? refusal(response, words) : noStream(packed, type, words));
  };
  response.on('data', (piece: Buffer) => {
    if (bytes >= mostErrorText) return;
    bytes += piece.length;
    pieces.push(piece);
    if (bytes < mostErrorText) return;
    end();
    response.destroy();
  });
  response.once('end', end);
  return true;
}

function packedBy(encoding: string | undefined): string | undefined {
  const name = encoding?.trim().toLowerCase() ?? '';
  return name === '' || name === 'identity' ? undefined : name;
}

function refusal({ statusCode: status = 0, headers }: IncomingMessage, words: string): LlmFailure {
  const { location, 'retry-after': after } = headers;
  const about = [
    ...(words === '' ? [] : [words]),
    ...(location === undefined ? [] : [`location: ${location}`]),
    ...(after === undefined ? [] : [`retry-after: ${after}`]),
  ];
  const retryAfterMs = status === 503 ? (patienceOf(after) ?? (isLoading.test(words) ? pollMs : undefined)) : undefined;
  const message = [`HTTP status ${status}`, ...about].join(': ');
  return { code: `http-${status}`, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** What llama.cpp and hosted models say beside 503, without `Retry-After`. */
const isLoading = /\bloading (?:the )?model\b|\bmodel\b.{0,100}\bloading\b/i;
/** So often those are asked. */
const pollMs = 100;

/** Seconds, or a date; `undefined` for what is neither. */
function patienceOf(after: string | undefined): number | undefined {
  if (after === undefined || after.trim() === '') return undefined;
  const isSeconds = /^\s*\d+(?:\.\d+)?\s*$/.test(after);
  // Without the name of a month, even '-1' is a date in V8.
  if (!isSeconds && !/[a-z]{3}/i.test(after)) return undefined;
  const ms = isSeconds ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}

function noStream(packed: string | undefined, type: string | undefined, words: string): LlmFailure {
  const message =
    packed === undefined
      ? `${type} came instead of a stream: ${words}`
      : `the answer is packed (content-encoding: ${packed}), which holds its tokens back; ask for it plain`;
  return { code: 'not-a-stream', message };
}

/** What a body says: the words of an error, the title or the text of a page, or its beginning. */
function wordsOf(body: string): string {
  const page = /^\s*<[!a-z]/i.test(body);
  const [, title = ''] = (page && /<title[^<>]*>([^<]*)/i.exec(body)) || [];
  const plain = page ? title.trim() || body.replace(/<[^<>]*>/g, ' ') : (errorIn(body) ?? body);
  return plain.replace(/\s+/g, ' ').trim().slice(0, mostWords);
}

/** Frameworks such as FastAPI name it `detail`. */
function errorIn(body: string): string | undefined {
  const message = parsed(body) ?? {};
  const { detail } = message;
  return errorText(message) ?? (typeof detail === 'string' ? detail : undefined);
}

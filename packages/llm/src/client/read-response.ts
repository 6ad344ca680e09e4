import type { IncomingMessage } from 'node:http';
import type { Redactor } from '@perfkeel/core';
import type { AnswerReader } from './answer-reader.ts';
import type { LlmFailure } from './completion.ts';
import { readRefusal } from './read-refusal.ts';

/** Whether the last connection that was watched stayed open behind `[DONE]`. */
export interface Lingering {
  expected: boolean;
}

interface Reading {
  readonly reader: AnswerReader;
  /** Nanoseconds since the request. */
  readonly since: () => number;
  /** Called once or more; only the first time counts. */
  readonly settle: (failure?: LlmFailure) => void;
  readonly redact: Redactor;
  /** Of all answers of a server. */
  readonly lingering: Lingering;
}

/** How long a connection may stay open behind `[DONE]`. */
const lingerMs = 250;
/** No answer is longer. A server that never stops must not fill the memory. */
const mostBytes = 64 * 2 ** 20;

/** Reads an answer, whatever it is. */
export function readResponse(response: IncomingMessage, reading: Reading): void {
  const { settle, redact } = reading;
  const cut = { code: 'cut-off', message: 'the connection was closed before the answer ended' };
  response.once('close', () => settle(response.complete ? undefined : cut));
  response.on('error', () => settle(cut));
  if (!readRefusal(response, { settle, redact })) readStream(response, reading);
}

function readStream(response: IncomingMessage, { reader, since, settle, lingering }: Reading): void {
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const arrival = sameForOneRead(since);
  response.on('data', (piece: Buffer) => {
    reader.push(piece, arrival());
    bytes += piece.length;
    if (bytes > mostBytes) settle({ code: 'too-long', message: `more than ${mostBytes} bytes` });
    if (bytes > mostBytes) response.destroy();
    if (!reader.done || timer !== undefined) return;
    // As a rule the end is on its way, and the connection can then be used again. Where it does not come nobody waits twice.
    if (lingering.expected) settle();
    timer = setTimeout(() => {
      lingering.expected = true;
      response.destroy();
    }, lingerMs).unref();
  });
  response.once('end', () => {
    clearTimeout(timer);
    if (timer !== undefined) lingering.expected = false;
    settle();
  });
}

/** Node hands over the chunks of one read one by one, in one turn: they arrived together. */
function sameForOneRead(since: () => number): () => number {
  let at: number | undefined;
  return () => {
    if (at === undefined) process.nextTick(() => (at = undefined));
    return (at ??= since());
  };
}

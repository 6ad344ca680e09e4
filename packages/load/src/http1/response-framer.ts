import { cr, lf } from './characters.ts';
import {
  FramerState,
  complete,
  hasCoding,
  hasLength,
  inBody,
  inChunk,
  inClosed,
  inEndlessBody,
  inFieldStart,
  inFirstSizeDigit,
  inHeadEnd,
  inName,
  inStart,
  inValueStart,
  interim,
  isChunked,
  isTrailing,
  reading,
  refuse,
  refuseSize,
  wantsClose,
  wantsKeepAlive,
  wrong,
  type BodySink,
  type FramerLimits,
  type Progress,
} from './framer-state.ts';
import { bodyTooLarge, mostBody, readChunks, readEndlessBody, readPiece } from './read-body.ts';
import { readName, readStart, readStatusLine } from './read-head.ts';
import { readValue } from './read-value.ts';

/**
 * Finds where each answer on an HTTP/1.1 connection ends. Bytes may come in pieces of any size; nothing is copied,
 * nothing is allocated. It takes and refuses what llhttp 9.4, the parser of Node, takes and refuses in its strict mode
 * (RFC 9112 with no leniency), except that only HTTP is a protocol here, not also RTSP and ICE.
 *
 *     HTTP/1.1 200 OK CRLF  name: value CRLF ... CRLF  body | chunks trailers CRLF | nothing | until the connection ends
 */
export class ResponseFramer {
  readonly #state: FramerState;

  constructor(limits: FramerLimits) {
    this.#state = new FramerState(limits);
  }

  /** What the last `read` came to. */
  get progress(): Progress {
    return this.#state.progress;
  }

  /** Of the answer that is being read, as soon as it is known. */
  get status(): number {
    return this.#state.status;
  }

  /** Whether another answer may follow on the connection: known at the end of an answer. */
  get keepAlive(): boolean {
    return this.#state.keepAlive;
  }

  /** What is wrong, in words. */
  get reason(): string {
    return this.#state.reason;
  }

  /** Whether an answer has begun and not ended. */
  get isWithin(): boolean {
    const { state } = this.#state;
    return state !== inStart && state !== inClosed;
  }

  /** Whether the head of the answer that is being read is complete. */
  get hasHead(): boolean {
    const { state, flags } = this.#state;
    return (state >= inBody && state < inClosed) || (this.isWithin && (flags & isTrailing) !== 0);
  }

  /** Says what is not in the bytes: whether the request has no body in its answer, and who wants the body. */
  expect(bodyless: boolean, body: BodySink | undefined): void {
    this.#state.bodyless = bodyless;
    this.#state.body = body;
  }

  /** Reads up to the end of an answer. @returns the place of the first byte that has not been read */
  read(bytes: Uint8Array, from: number, to: number): number {
    const framer = this.#state;
    framer.progress = reading;
    let at = framer.state === inStart ? readStart(framer, bytes, from, to) : from;
    while (at < to && framer.progress === reading) {
      const before = at;
      const inPiece = isInPiece(framer.state);
      at = step(framer, bytes, at, to);
      framer.headBytes = inPiece ? 0 : framer.headBytes + at - before;
      if (framer.headBytes > framer.limits.maxHead) refuseHead(framer);
    }
    return at;
  }

  /** The connection has ended. @returns whether that is the end of an answer, too */
  end(): boolean {
    const framer = this.#state;
    if (framer.state !== inEndlessBody) return false;
    framer.progress = complete;
    framer.keepAlive = false;
    framer.state = inClosed;
    return true;
  }
}

/** Whether the bytes are those of a body. */
const isInPiece = (state: number): boolean => state >= inBody && state <= inChunk;

function refuseHead(framer: FramerState): void {
  if (framer.progress !== wrong) refuseSize(framer, `a head above ${framer.limits.maxHead} bytes`);
}

function step(framer: FramerState, bytes: Uint8Array, at: number, to: number): number {
  const { state } = framer;
  if (state < inFieldStart) {
    const next = readStatusLine(framer, bytes, at, to);
    return framer.state === inFieldStart && next < to ? readName(framer, bytes, next, to) : next;
  }
  if (state <= inName) return readName(framer, bytes, at, to);
  if (state === inHeadEnd) {
    if (bytes[at] !== lf) return refuse(framer, 'a carriage return without a line feed', at);
    if ((framer.flags & isTrailing) !== 0) endAnswer(framer);
    else endHead(framer);
    return at + 1;
  }
  if (state >= inValueStart && state < inBody) return readValue(framer, bytes, at, to);
  if (state === inBody) {
    const end = readPiece(framer, bytes, at, to);
    if (framer.left === 0) endAnswer(framer);
    return end;
  }
  if (state === inEndlessBody) return readEndlessBody(framer, bytes, at, to);
  if (state === inClosed) return skipLines(framer, bytes, at, to);
  return readChunks(framer, bytes, at, to);
}

/** Behind an answer that ends its connection there are at most empty lines. */
function skipLines(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === cr || bytes[at] === lf)) at += 1;
  return at === to ? at : refuse(framer, 'bytes behind an answer that closes its connection', at);
}

/** RFC 9112, section 6.3: what decides how long the body is. */
function endHead(framer: FramerState): void {
  const { flags, left } = framer;
  if (isBodyless(framer)) return endAnswer(framer);
  if ((flags & isChunked) !== 0) {
    framer.left = 0;
    framer.state = inFirstSizeDigit;
  } else if ((flags & hasCoding) !== 0 || (flags & hasLength) === 0) framer.state = inEndlessBody;
  else if (left === 0) endAnswer(framer);
  else if (left > mostBody(framer)) refuseSize(framer, bodyTooLarge(framer));
  else framer.state = inBody;
}

const isBodyless = ({ bodyless, status }: FramerState): boolean =>
  bodyless || (status >= 100 && status < 200) || status === 204 || status === 304;

function endAnswer(framer: FramerState): void {
  const { status } = framer;
  framer.progress = status >= 100 && status < 200 && status !== 101 ? interim : complete;
  framer.keepAlive = survives(framer);
  framer.state = framer.keepAlive ? inStart : inClosed;
}

function survives(framer: FramerState): boolean {
  const { flags, major, minor, status } = framer;
  const isModern = major > 0 && minor > 0;
  if (isModern ? (flags & wantsClose) !== 0 : (flags & wantsKeepAlive) === 0) return false;
  if (status === 101) return false;
  if (isBodyless(framer)) return true;
  if ((flags & hasCoding) !== 0) return (flags & isChunked) !== 0;
  return (flags & hasLength) !== 0;
}

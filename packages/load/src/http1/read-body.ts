import {
  backslash,
  cr,
  equals,
  hexValues,
  lf,
  quote,
  quotedBytes,
  semicolon,
  tokenBytes,
  valueBytes,
} from './characters.ts';
import {
  inChunk,
  inChunkEnd,
  inChunkLineEnd,
  inExtension,
  inExtensionName,
  inExtensionValue,
  inFieldStart,
  inFirstSizeDigit,
  inQuoted,
  inQuotedEnd,
  inQuotedPair,
  inSize,
  inSizeEnd,
  isTrailing,
  refuse,
  refuseSize,
  type FramerState,
} from './framer-state.ts';

const mostBytes = 2 ** 64;

/** Reads on in a body whose length is known. @returns the place of the first byte that does not belong to it */
export function readPiece(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, from + framer.left);
  if (framer.body !== undefined && end > from) framer.body.add(bytes, from, end);
  framer.left -= end - from;
  framer.bodyBytes += end - from;
  return end;
}

/** Reads on in a body that ends with its connection. */
export function readEndlessBody(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  framer.left = to - from;
  readPiece(framer, bytes, from, to);
  if (framer.bodyBytes > mostBody(framer)) refuseSize(framer, bodyTooLarge(framer));
  return to;
}

/** Bytes that the body may have. */
export const mostBody = ({ limits, body }: FramerState): number =>
  body === undefined ? limits.maxBody : limits.maxKept;

export const bodyTooLarge = (framer: FramerState): string => `a body above ${mostBody(framer)} bytes`;

/** Reads on in a chunked body, up to its trailers. @returns the place of the next byte */
export function readChunks(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  const { state } = framer;
  if (state === inChunk) {
    const at = readPiece(framer, bytes, from, to);
    if (framer.left === 0) framer.state = inChunkEnd;
    return at;
  }
  if (state === inFirstSizeDigit || state === inSize) return readSize(framer, bytes, from, to);
  const byte = bytes[from]!;
  if (state === inChunkEnd) {
    if (byte !== cr) return refuse(framer, 'a chunk is longer than its size', from);
    framer.state = inChunkLineEnd;
    return from + 1;
  }
  if (state === inChunkLineEnd) {
    if (byte !== lf) return refuse(framer, 'a chunk is longer than its size', from);
    framer.state = inFirstSizeDigit;
    framer.left = 0;
    return from + 1;
  }
  return state === inSizeEnd ? endSize(framer, byte, from) : readExtension(framer, bytes, from, to);
}

function readSize(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const digit = hexValues[bytes[at]!]!;
    if (digit > 15) break;
    framer.state = inSize;
    framer.left = framer.left * 16 + digit;
    if (framer.left >= mostBytes) return refuse(framer, 'a chunk above 64 bits', at);
  }
  if (at === to) return at;
  const byte = bytes[at]!;
  if (framer.state === inFirstSizeDigit || (byte !== cr && byte !== semicolon)) {
    return refuse(framer, 'the size of a chunk is no number', at);
  }
  framer.state = byte === cr ? inSizeEnd : inExtension;
  return at + 1;
}

function endSize(framer: FramerState, byte: number, at: number): number {
  if (byte !== lf) return refuse(framer, 'a carriage return without a line feed', at);
  if (framer.bodyBytes + framer.left > mostBody(framer)) refuseSize(framer, bodyTooLarge(framer));
  framer.state = framer.left === 0 ? inFieldStart : inChunk;
  if (framer.left === 0) framer.flags |= isTrailing;
  return at + 1;
}

/** Names and values behind the size of a chunk (RFC 9112, section 7.1.1): nobody needs them, but they must be well formed. */
function readExtension(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const { state } = framer;
    if (state === inSizeEnd) return at;
    const byte = bytes[at]!;
    const next = state === inExtensionName || state === inExtensionValue ? afterToken(state, byte) : after(state, byte);
    if (next < 0) return refuse(framer, 'a malformed chunk extension', at);
    framer.state = next;
    at += 1;
  }
  return at;
}

/** @returns the next state, or -1 when the byte may not stand there */
function afterToken(state: number, byte: number): number {
  if (tokenBytes[byte] === 1) return state;
  if (byte === cr) return inSizeEnd;
  if (byte === semicolon) return inExtension;
  if (state === inExtensionName) return byte === equals ? inExtensionValue : -1;
  return byte === quote ? inQuoted : -1;
}

/** @returns the next state, or -1 when the byte may not stand there */
function after(state: number, byte: number): number {
  if (state === inExtension) return byte === cr ? -1 : afterToken(inExtensionName, byte);
  if (state === inQuoted) {
    if (byte === quote) return inQuotedEnd;
    if (byte === backslash) return inQuotedPair;
    return quotedBytes[byte] === 1 ? inQuoted : -1;
  }
  if (state === inQuotedPair) return valueBytes[byte] === 1 ? inQuoted : -1;
  if (byte === semicolon) return inExtension;
  return byte === cr ? inSizeEnd : -1;
}

import { colon, cr, lf, lowerBytes, space, tokenBytes, wordBytes } from './characters.ts';
import {
  codingField,
  connectionField,
  hasCoding,
  hasLength,
  inDot,
  inFieldStart,
  inHeadEnd,
  inMajor,
  inMinor,
  inName,
  inProtocol,
  inReason,
  inReasonEnd,
  inStatus,
  inStatusEnd,
  inValueStart,
  inVersionEnd,
  lengthField,
  otherField,
  refuse,
  type FramerState,
} from './framer-state.ts';
import { readValue } from './read-value.ts';
import { readCommonLength, readCommonStatusLine, skipPlainFields } from './read-quickly.ts';

const protocol = wordBytes('HTTP/');

/** Reads on in a status line. @returns the place of the first byte that does not belong to it */
export function readStatusLine(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = framer.index === 0 && framer.state === inProtocol ? readCommonStatusLine(framer, bytes, from, to) : from;
  while (at < to) {
    const { state } = framer;
    if (state === inFieldStart) return at;
    const byte = bytes[at]!;
    if (state === inReason) {
      while (at < to && bytes[at] !== cr && bytes[at] !== lf) at += 1;
      if (at === to) return at;
      if (bytes[at] === lf) return refuse(framer, 'a status line ends without a carriage return', at);
      framer.state = inReasonEnd;
    } else if (state === inReasonEnd) {
      if (byte !== lf) return refuse(framer, 'a carriage return without a line feed', at);
      framer.state = inFieldStart;
    } else if (!readVersionOrStatus(framer, state, byte)) {
      return refuse(framer, problemOf(state), at);
    }
    at += 1;
  }
  return at;
}

/** Skips the empty lines that may come before an answer, and begins it. */
export function readStart(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === cr || bytes[at] === lf)) at += 1;
  if (at < to) beginAnswer(framer);
  return at;
}

function beginAnswer(framer: FramerState): void {
  framer.state = inProtocol;
  framer.index = 0;
  framer.flags = 0;
  framer.status = 0;
  framer.left = 0;
  framer.bodyBytes = 0;
  framer.headBytes = 0;
}

/** Takes one byte of "HTTP/1.1 200". @returns whether it may stand there */
function readVersionOrStatus(framer: FramerState, state: number, byte: number): boolean {
  if (state === inProtocol) {
    if (byte !== protocol[framer.index]) return false;
    framer.index += 1;
    if (framer.index === protocol.length) framer.state = inMajor;
    return true;
  }
  if (state === inStatus) return readStatusDigit(framer, byte);
  if (state === inMajor || state === inMinor) {
    const digit = byte - 48;
    if (digit < 0 || digit > 9) return false;
    if (state === inMajor) framer.major = digit;
    else framer.minor = digit;
    framer.state = state === inMajor ? inDot : inVersionEnd;
    return state === inMajor || isKnownVersion(framer);
  }
  if (state === inDot) {
    framer.state = inMinor;
    return byte === 46;
  }
  if (state === inVersionEnd) {
    framer.state = inStatus;
    framer.index = 0;
    return byte === space;
  }
  framer.state = byte === cr ? inReasonEnd : inReason;
  return byte === cr || byte === space;
}

function readStatusDigit(framer: FramerState, byte: number): boolean {
  const digit = byte - 48;
  if (digit < 0 || digit > 9) return false;
  framer.status = framer.status * 10 + digit;
  framer.index += 1;
  if (framer.index === 3) framer.state = inStatusEnd;
  return true;
}

const isKnownVersion = ({ major, minor }: FramerState): boolean =>
  (major === 1 && minor <= 1) || (major === 2 && minor === 0) || (major === 0 && minor === 9);

function problemOf(state: number): string {
  if (state === inProtocol) return 'an answer does not begin with HTTP/';
  if (state < inStatus) return 'an unknown version of HTTP';
  return 'a status is not three digits';
}

const names = ['', 'connection', 'content-length', 'proxy-connection', 'transfer-encoding'].map(wordBytes);
const [asConnection, asLength, asProxyConnection, asCoding] = [1, 2, 3, 4] as const;
/** What each name stands for: llhttp takes one for the other, too. */
const fields = [otherField, connectionField, lengthField, connectionField, codingField];

/** Reads on in the name of a field, or finds the end of the head. @returns the place of the next byte */
export function readName(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (framer.state === inFieldStart) {
    at = skipPlainFields(bytes, at, to);
    const behind = readCommonLength(framer, bytes, at, to);
    if (behind > at) at = skipPlainFields(bytes, behind, to);
    if (at === to) return at;
    const byte = bytes[at]!;
    if (byte === cr) {
      framer.state = inHeadEnd;
      return at + 1;
    }
    if (tokenBytes[byte] === 0) return refuse(framer, 'a field without a name', at);
    framer.state = inName;
    framer.field = candidateOf(lowerBytes[byte]!);
    framer.index = 0;
  }
  if (framer.field !== otherField) at = compareName(framer, bytes, at, to);
  if (framer.field === otherField) while (at < to && tokenBytes[bytes[at]!] === 1) at += 1;
  if (at === to) return at;
  if (bytes[at] !== colon) return refuse(framer, 'a byte that no field name has', at);
  return endName(framer, bytes, at, to);
}

/** While a name is read, `field` is the name that it may become, as an index of `names`. */
function candidateOf(first: number): number {
  if (first === 99) return asConnection;
  if (first === 116) return asCoding;
  return first === 112 ? asProxyConnection : otherField;
}

/** Reads as far as the name is the one that is looked for; another one is not looked for any more. */
function compareName(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let name = names[framer.field]!;
  let { index } = framer;
  for (; at < to && bytes[at] !== colon; at++, index++) {
    const letter = lowerBytes[bytes[at]!]!;
    if (letter === name[index]) continue;
    if (framer.field === asConnection && index === 3 && letter === 116) {
      framer.field = asLength;
      name = names[framer.field]!;
      continue;
    }
    framer.field = otherField;
    return at;
  }
  framer.index = index;
  if (at < to && index !== name.length) framer.field = otherField;
  return at;
}

/** RFC 9112, section 6.3: an answer with a length and a coding may be an attack; llhttp refuses it since version 9. */
function endName(framer: FramerState, bytes: Uint8Array, at: number, to: number): number {
  framer.field = fields[framer.field]!;
  if (framer.field === codingField && (framer.flags & hasLength) !== 0) {
    return refuse(framer, 'a transfer encoding beside a content length', at);
  }
  if (framer.field === lengthField && (framer.flags & hasCoding) !== 0) {
    return refuse(framer, 'a content length beside a transfer encoding', at);
  }
  framer.state = inValueStart;
  return at + 1 < to ? readValue(framer, bytes, at + 1, to) : to;
}

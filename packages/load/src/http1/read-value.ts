import { comma, cr, hexValues, lf, lowerBytes, space, tab, valueBytes, wordBytes } from './characters.ts';
import {
  codingField,
  connectionField,
  hasCoding,
  hasLength,
  inChunkedEnd,
  inCoding,
  inFieldStart,
  inKnownOption,
  inLength,
  inLengthEnd,
  inNextCoding,
  inOptionEnd,
  inOptions,
  inOtherCoding,
  inOtherOption,
  inValue,
  inValueEnd,
  inValueStart,
  isChunked,
  lengthField,
  refuse,
  wantsClose,
  wantsKeepAlive,
  type FramerState,
} from './framer-state.ts';
import { skipValue } from './read-quickly.ts';

/** llhttp counts in 64 bits. */
const mostBytes = 2 ** 64;

/** Reads on in the value of a field. @returns the place of the next byte */
export function readValue(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const { state } = framer;
  if (state === inValue) {
    at = skipValue(bytes, at, to);
    return at === to ? at : endValue(framer, bytes, at, to);
  }
  if (state === inValueStart) {
    while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
    if (at === to) return at;
    at = startValue(framer, bytes[at]!, at);
    if (framer.state === inLength) return readLength(framer, bytes, at, to);
    return at;
  }
  if (state === inValueEnd) {
    if (bytes[at] !== lf) return refuse(framer, 'a carriage return without a line feed', at);
    framer.state = inFieldStart;
    return at + 1;
  }
  if (state === inLength || state === inLengthEnd) return readLength(framer, bytes, at, to);
  return state < inOptions ? readCodings(framer, bytes, at, to) : readOptions(framer, bytes, at, to);
}

/** The first byte behind the space before a value, which may be its end. */
function startValue(framer: FramerState, byte: number, at: number): number {
  framer.index = 0;
  if (byte === cr) {
    if (framer.field === lengthField) return refuse(framer, 'a content length without a number', at);
    framer.state = inValueEnd;
    return at + 1;
  }
  if (framer.field === lengthField) {
    if ((framer.flags & hasLength) !== 0) return refuse(framer, 'two content lengths', at);
    framer.state = inLength;
  } else if (framer.field === codingField) {
    // Several such fields count as one; the last coding of all decides.
    framer.flags = (framer.flags & ~isChunked) | hasCoding;
    framer.state = inCoding;
  } else {
    framer.state = framer.field === connectionField ? inOptions : inValue;
  }
  return at;
}

function endValue(framer: FramerState, bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] !== cr) return refuse(framer, 'a byte that no field value has', at);
  if (at + 1 === to || bytes[at + 1] !== lf) {
    framer.state = inValueEnd;
    return at + 1;
  }
  framer.state = inFieldStart;
  return at + 2;
}

function readLength(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && framer.state === inLength) {
    const digit = hexValues[bytes[at]!]!;
    if (digit > 9) {
      framer.state = inLengthEnd;
      break;
    }
    framer.left = framer.left * 10 + digit;
    if (framer.left >= mostBytes) return refuse(framer, 'a content length above 64 bits', at);
    at += 1;
  }
  while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
  if (at === to) return at;
  if (bytes[at] !== cr) return refuse(framer, 'a content length is no number', at);
  framer.flags |= hasLength;
  return endValue(framer, bytes, at, to);
}

const chunked = wordBytes('chunked');

/** One list of codings; only whether "chunked" is the last of them matters. */
function readCodings(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (framer.state === inNextCoding) {
    while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
    if (at === to) return at;
    framer.state = inCoding;
    framer.index = 0;
  }
  if (framer.state === inCoding) {
    at = matchWord(framer, chunked, bytes, at, to);
    if (framer.index < chunked.length && at === to) return at;
    framer.state = framer.index === chunked.length ? inChunkedEnd : inOtherCoding;
  }
  if (framer.state === inChunkedEnd) {
    while (at < to && bytes[at] === space) at += 1;
    if (at === to) return at;
    if (bytes[at] === cr) framer.flags |= isChunked;
    framer.state = inOtherCoding;
  }
  while (at < to && bytes[at] !== comma && valueBytes[bytes[at]!] === 1) at += 1;
  if (at === to) return at;
  if (bytes[at] !== comma) return endValue(framer, bytes, at, to);
  framer.state = inNextCoding;
  return at + 1;
}

/** Compares on from `index`. @returns the place of the first byte that does not belong to the word */
function matchWord(framer: FramerState, word: Uint8Array, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && framer.index < word.length && lowerBytes[bytes[at]!] === word[framer.index]) {
    at += 1;
    framer.index += 1;
  }
  return at;
}

const close = wordBytes('close');
const keepAlive = wordBytes('keep-alive');
/** `index` of a word that stands for another one, so that one number says which word and how far. */
const keepAliveOffset = 16;

/** The list of a connection field. */
function readOptions(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (framer.state === inOptions) {
    while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
    if (at === to) return at;
    framer.state = inKnownOption;
    framer.index = lowerBytes[bytes[at]!] === keepAlive[0] ? keepAliveOffset : 0;
  }
  if (framer.state === inKnownOption) at = matchOption(framer, bytes, at, to);
  if (framer.state === inOptionEnd) {
    while (at < to && (bytes[at] === space || bytes[at] === tab)) at += 1;
    if (at === to) return at;
    if (bytes[at] === comma || bytes[at] === cr) {
      framer.flags |= framer.index === close.length ? wantsClose : wantsKeepAlive;
    }
    framer.state = inOtherOption;
  }
  if (framer.state !== inOtherOption) return at;
  while (at < to && bytes[at] !== comma && valueBytes[bytes[at]!] === 1) at += 1;
  if (at === to) return at;
  if (bytes[at] !== comma) return endValue(framer, bytes, at, to);
  framer.state = inOptions;
  return at + 1;
}

function matchOption(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  const offset = framer.index >= keepAliveOffset ? keepAliveOffset : 0;
  const word = offset === 0 ? close : keepAlive;
  framer.index -= offset;
  const at = matchWord(framer, word, bytes, from, to);
  framer.index += offset;
  if (framer.index - offset === word.length) framer.state = inOptionEnd;
  else if (at < to) framer.state = inOtherOption;
  return at;
}

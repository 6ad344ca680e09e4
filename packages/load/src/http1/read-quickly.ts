import { colon, cr, lf, lowerBytes, space, tab, tokenBytes, wordBytes } from './characters.ts';
import { hasLength, inFieldStart, type FramerState } from './framer-state.ts';

const del = 127;
/** So many digits are a small integer, which costs least. */
const mostDigits = 9;
const common = wordBytes('HTTP/1.1 ');

/**
 * Reads the status line that nearly every answer has, if all of it is there.
 *
 * @returns the place behind it, or `from` when it has to be read byte by byte
 */
export function readCommonStatusLine(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  const digits = from + common.length;
  if (to < digits + 5) return from;
  for (let i = 0; i < common.length; i++) if (bytes[from + i] !== common[i]) return from;
  const [hundreds, tens, ones] = [bytes[digits]! - 48, bytes[digits + 1]! - 48, bytes[digits + 2]! - 48];
  if (!isDigit(hundreds) || !isDigit(tens) || !isDigit(ones)) return from;
  let at = digits + 3;
  if (bytes[at] !== space && bytes[at] !== cr) return from;
  while (at < to && bytes[at] !== cr && bytes[at] !== lf) at += 1;
  if (at + 1 >= to || bytes[at] !== cr || bytes[at + 1] !== lf) return from;
  framer.major = 1;
  framer.minor = 1;
  framer.status = hundreds * 100 + tens * 10 + ones;
  framer.state = inFieldStart;
  return at + 2;
}

const isDigit = (value: number): boolean => value >= 0 && value <= 9;

/** 1 for the lengths of names that may be one of those that matter, and the longest of them. */
const lengthMatters = Uint8Array.from({ length: 18 }, (_, length) => Number([10, 14, 16, 17].includes(length)));

/** Whether a name may be connection, content-length, proxy-connection or transfer-encoding. */
function mayMatter(first: number, length: number): boolean {
  if (length >= lengthMatters.length || lengthMatters[length] === 0) return false;
  const letter = lowerBytes[first]!;
  return letter === 99 || letter === 112 || letter === 116;
}

/**
 * Skips whole lines of fields that do not matter for framing. Like the other functions it takes only what is well
 * formed, but leaves it to them to say what is not.
 *
 * @returns the place of the first line that has to be read byte by byte
 */
export function skipPlainFields(bytes: Uint8Array, from: number, to: number): number {
  let line = from;
  for (let at = from; ; line = at) {
    while (at < to && tokenBytes[bytes[at]!] === 1) at += 1;
    if (at === line || at >= to || bytes[at] !== colon || mayMatter(bytes[line]!, at - line)) return line;
    at = skipValue(bytes, at + 1, to);
    if (at + 1 >= to || bytes[at] !== cr || bytes[at + 1] !== lf) return line;
    at += 2;
  }
}

const lengthName = wordBytes('content-length: ');

/**
 * Reads the line of a content length as nearly every server writes it, if all of it is there.
 *
 * @returns the place behind it, or `from` when it has to be read byte by byte
 */
export function readCommonLength(framer: FramerState, bytes: Uint8Array, from: number, to: number): number {
  const digits = from + lengthName.length;
  if (to < digits + 3 || framer.flags !== 0) return from;
  for (let i = 0; i < lengthName.length; i++) if (lowerBytes[bytes[from + i]!] !== lengthName[i]) return from;
  let [at, value] = [digits, 0];
  const last = Math.min(to, digits + mostDigits);
  for (; at < last && isDigit(bytes[at]! - 48); at++) value = value * 10 + bytes[at]! - 48;
  if (at === digits || at + 1 >= to || bytes[at] !== cr || bytes[at + 1] !== lf) return from;
  framer.left = value;
  framer.flags = hasLength;
  return at + 2;
}

/** @returns the place of the first byte that no field value has: comparing is quicker than looking it up */
export function skipValue(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const byte = bytes[at]!;
    if (byte < space ? byte !== tab : byte === del) return at;
  }
  return at;
}

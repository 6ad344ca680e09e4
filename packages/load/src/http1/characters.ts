/** Bytes that mean something to HTTP/1.1. */
export const tab = 9;
export const lf = 10;
export const cr = 13;
export const space = 32;
export const quote = 34;
export const comma = 44;
export const colon = 58;
export const semicolon = 59;
export const equals = 61;
export const backslash = 92;

function table(accepts: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => Number(accepts(byte)));
}

const tokenMarks = new Set("!#$%&'*+-.^_`|~".split('').map((mark) => mark.charCodeAt(0)));
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isUpper = (byte: number): boolean => byte >= 65 && byte <= 90;
const isLetter = (byte: number): boolean => isUpper(byte) || (byte >= 97 && byte <= 122);

/** 1 for what a field name may consist of: `token` in RFC 9110, section 5.6.2. */
export const tokenBytes = table((byte) => isDigit(byte) || isLetter(byte) || tokenMarks.has(byte));

/** 1 for what a field value may consist of: tab, space, visible ASCII and everything above (RFC 9110, section 5.5). */
export const valueBytes = table((byte) => byte === tab || (byte >= 32 && byte !== 127));

/** 1 for what may stand in quotes without a backslash: `qdtext` in RFC 9110, section 5.6.4. */
export const quotedBytes = table((byte) => valueBytes[byte] === 1 && byte !== quote && byte !== backslash);

/** Letters in lower case, all other bytes as they are. */
export const lowerBytes = Uint8Array.from({ length: 256 }, (_, byte) => (isUpper(byte) ? byte + 32 : byte));

const notHex = 255;

/** The value of a hexadecimal digit; 255 for every other byte. */
export const hexValues = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (isDigit(byte)) return byte - 48;
  const letter = lowerBytes[byte]! - 97;
  return letter >= 0 && letter < 6 ? letter + 10 : notHex;
});

/** The bytes of a word, to compare with. */
export const wordBytes = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0));

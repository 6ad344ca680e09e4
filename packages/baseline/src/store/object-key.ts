import { PerfError } from '@perfkeel/core';

/** Lower case only: two keys must not become one on a file system that ignores case. */
const segment = /^[a-z0-9=][a-z0-9=._-]*$/;
/** Names that Windows keeps for devices, with any extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
/** Below the 255 bytes that file systems allow for one name. */
const longestSegment = 240;
const deepest = 8;

const isSegment = (name: string): boolean =>
  name.length <= longestSegment && segment.test(name) && !device.test(name) && !name.endsWith('.');

/** Whether a text is a key: one to eight safe names with `/` between them, and so never a way out of a folder. */
export function isObjectKey(key: string): boolean {
  const names = key.split('/');
  return names.length <= deepest && names.every(isSegment);
}

/** @throws PerfError `bad-key` for anything that could leave the store or collide in it. */
export function requireObjectKey(key: string): void {
  if (typeof key === 'string' && isObjectKey(key)) return;
  throw new PerfError(`${JSON.stringify(key)} is not a key of a store`, {
    code: 'bad-key',
    hint: 'A key is one to eight names of a-z, 0-9, ".", "_", "-" and "=" with "/" between them.',
  });
}

const plain = /[a-z0-9._-]/;
const isReserved = (name: string): boolean => device.test(name) || /^[._-]|\.$/.test(name);

const escaped = (character: string): string =>
  [...new TextEncoder().encode(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join('');

/** Any text as one name of a key: `release/1.4` becomes `release=2f1.4`. `decodeName` is its inverse. */
export function encodeName(name: string): string {
  const characters = [...name];
  const last = characters.length - 1;
  return characters
    .map((character, i) => {
      const atRisk = isReserved(name.toLowerCase()) && (i === 0 || i === last);
      return plain.test(character) && !atRisk ? character : escaped(character);
    })
    .join('');
}

/** `undefined` when `encodeName` could not have made it. */
export function decodeName(encoded: string): string | undefined {
  try {
    const name = decodeURIComponent(encoded.replaceAll('=', '%'));
    return encodeName(name) === encoded ? name : undefined;
  } catch {
    return undefined;
  }
}

import { randomBytes } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Crockford's base 32, most significant digit first, of a whole number. */
function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = alphabet[rest % 32]! + text;
  return text;
}

/** A ULID: ten characters of milliseconds, sixteen of chance. Sorts by time, and two machines never make the same. */
export function createRunId(now: Date): string {
  const chance = Array.from(randomBytes(16), (byte) => alphabet[byte % 32]).join('');
  return base32(now.getTime(), 10) + chance;
}

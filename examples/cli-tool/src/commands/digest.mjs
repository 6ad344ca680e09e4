import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Prints the digest of a file, as sha256sum does. */
export async function digest(file, { algorithm }) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  console.log(`${hash.digest('hex')}  ${file}`);
}

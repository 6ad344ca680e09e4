import { createHash } from 'node:crypto';

/** Below `refs/`: one ref for each record, one for all that were packed, and what was set aside. */
export const base = 'refs/perfkeel/v1';

/** Ref names forbid `..` and a `.lock` at the end of a part; keys allow both. `%` is no character of a key. */
export const refOfKey = (key: string): string =>
  `records/${key.replaceAll('..', '%2e%2e').replace(/\.lock(?=\/|$)/g, '%2elock')}`;

/** What `refOfKey` made, back; anything else under the name that it has. */
export const keyOfRef = (name: string): string => name.slice('records/'.length).replaceAll('%2e', '.');

/** Where this clone keeps what it last saw on the remote. Remotes that are addresses are named by their hash. */
export function mirrorOf(remote: string): string {
  const name = /^[A-Za-z0-9][\w-]*$/.test(remote)
    ? remote
    : createHash('sha256').update(remote).digest('hex').slice(0, 16);
  return `refs/perfkeel/remotes/${name}`;
}

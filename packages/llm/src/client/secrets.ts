import { isSecretName } from '@perfkeel/core';
import type { LlmServer } from './chat-client.ts';

/** What of the request must be in no report: keys among its headers and in the query of its URL, and its password. */
export function secretsOf({ url, headers = {} }: LlmServer): readonly string[] {
  const { searchParams, username, password } = new URL(url);
  const own = [...Object.entries(headers), ...searchParams].filter(([name]) => isSecretName(name));
  // `Bearer abc` comes back as `abc`, too, and a cookie by its value.
  const parts = own.flatMap(([, value]) => [
    value,
    ...value.split(/;\s*/).map((part) => part.replace(/^\S*?[\s=]+/, '')),
  ]);
  const both = [username, password].map(decodeURIComponent).join(':');
  return [
    ...parts,
    password,
    ...parts.flatMap(passwordIn),
    ...(password === '' ? [] : [base64(both), ...afterUser(both)]),
  ];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** `user:password` whole, and the password. */
const afterUser = (both: string): readonly string[] => [both, both.slice(both.indexOf(':') + 1)];

/** Of basic credentials, which hold it in base64. */
function passwordIn(value: string): readonly string[] {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(value.trim()) ?? [];
  return encoded === undefined ? [] : afterUser(Buffer.from(encoded, 'base64').toString());
}

import { validateHeaderName, validateHeaderValue } from 'node:http';
import { badOption, isObject, usageError, withoutCredentials, type PerfError } from '@perfkeel/core';

/** Whether a value is where an API begins. */
export function isUrl(url: unknown): boolean {
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return !url.includes('/chat/completions') && !/%(?![\da-f]{2})/i.test(username + password);
}

/** Shows neither password nor query, which may hold a key. */
export function badUrl(url: unknown, hint: string): PerfError {
  const shown = typeof url === 'string' ? withoutCredentials(url).replace(/\?.*$/s, '?…') : url;
  return badOption('url', shown, 'a url that begins with http:// or https://, without /chat/completions', hint);
}

/** Whether values are headers. Keys that are read from files often end in a line feed, which no header can hold. */
export function isSendable(headers: unknown): boolean {
  if (!isObject(headers) || Object.values(headers).some((value) => typeof value !== 'string')) return false;
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value as string);
    }
    return true;
  } catch {
    return false;
  }
}

/** Shows their names alone: values may be secrets. */
export function badHeaders(headers: unknown): PerfError {
  const got = isObject(headers) ? `an object of ${Object.keys(headers).join(', ')}` : `a ${typeof headers}`;
  return usageError(`\`headers\` is ${got}; expected texts of one line by their names`, {
    code: 'bad-option',
    hint: "Write headers: { authorization: 'Bearer …' }, with trim() for what comes from a file.",
    excerpt: 'headers',
  });
}

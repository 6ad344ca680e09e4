import { secretsIn, secretsInUrl } from '@perfkeel/core';
import type { LlmServer } from './chat-client.ts';

/** What of the request must be in no report: keys among its headers and in the query of its URL, and its password. */
export function secretsOf({ url, headers = {} }: LlmServer): readonly string[] {
  const place = new URL(url);
  return [...secretsIn([...Object.entries(headers), ...place.searchParams]), ...secretsInUrl(place)];
}

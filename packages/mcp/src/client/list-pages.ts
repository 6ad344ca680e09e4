import { performance } from 'node:perf_hooks';
import { isObject, type JsonObject } from '@perfkeel/core';
import type { McpAnswer } from './answer.ts';

/** What a server lists. */
export interface Listing {
  readonly items: readonly JsonObject[];
  /** Why there may be more. */
  readonly incomplete?: string;
}

/** A server that lists for ever is stopped here. */
const mostPages = 1000;
const mostMs = 30_000;
const mostChars = 2 ** 26;

/** Of a server that declares to have resources, and knows no templates. */
const methodNotFound = -32601;

/** Everything of one list, page by page, within bounds of pages, time and size. */
export async function listPages(field: string, ask: (params: JsonObject) => Promise<McpAnswer>): Promise<Listing> {
  const items: JsonObject[] = [];
  const cursors = new Set<string>();
  const start = performance.now();
  let chars = 0;
  let params: JsonObject = {};
  for (;;) {
    const { result, error, length = 0 } = await ask(params);
    if (error?.code === methodNotFound && cursors.size === 0) return { items };
    if (error !== undefined) return { items, incomplete: error.message };
    const listed: unknown = result?.[field];
    // One by one: a list may be longer than a call can have arguments.
    for (const item of Array.isArray(listed) ? (listed as unknown[]) : []) if (isObject(item)) items.push(item);
    const cursor = result?.['nextCursor'];
    if (typeof cursor !== 'string') return { items };
    chars += length;
    const incomplete = whyStop(cursors, cursor, chars, performance.now() - start);
    if (incomplete !== undefined) return { items, incomplete };
    cursors.add(cursor);
    params = { cursor };
  }
}

function whyStop(cursors: ReadonlySet<string>, cursor: string, chars: number, ms: number): string | undefined {
  if (cursors.has(cursor)) return 'a page points back at a page before it';
  if (cursors.size + 1 >= mostPages) return `it goes on behind ${mostPages} pages`;
  if (chars > mostChars) return 'its pages are longer than 64 MiB together';
  return ms > mostMs ? `it goes on after ${mostMs / 1000} s` : undefined;
}

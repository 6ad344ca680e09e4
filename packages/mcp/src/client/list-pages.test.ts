import type { JsonObject } from '@perfkeel/core';
import { expect, it } from 'vitest';
import type { McpAnswer } from './answer.ts';
import { listPages } from './list-pages.ts';

const page = (result: JsonObject, length = 100): McpAnswer => ({ outcome: 'ok', result, length });

/** What is listed by a server that answers like this, and how often it was asked. */
async function listed(answer: (n: number) => McpAnswer) {
  let asked = 0;
  const { items, incomplete } = await listPages('tools', () => Promise.resolve(answer(asked++)));
  return { asked, items: items.length, incomplete };
}

it.each<[string, (n: number) => McpAnswer, Awaited<ReturnType<typeof listed>>]>([
  ['one page', () => page({ tools: [{}] }), { asked: 1, items: 1, incomplete: undefined }],
  [
    'the same cursor for ever',
    () => page({ tools: [{}], nextCursor: 'a' }),
    { asked: 2, items: 2, incomplete: 'a page points back at a page before it' },
  ],
  [
    'ever new cursors',
    (n) => page({ tools: [{}], nextCursor: `c${n}` }),
    { asked: 1000, items: 1000, incomplete: 'it goes on behind 1000 pages' },
  ],
  [
    'ever new pages of 30 MiB',
    (n) => page({ tools: [{}], nextCursor: `c${n}` }, 30 * 2 ** 20),
    { asked: 3, items: 3, incomplete: 'its pages are longer than 64 MiB together' },
  ],
  [
    'more tools than a call can have arguments',
    () => page({ tools: Array.from({ length: 200_000 }, () => ({})) }),
    { asked: 1, items: 200_000, incomplete: undefined },
  ],
  [
    'a method that the server does not know',
    () => ({ outcome: 'rpc-error', error: { code: -32601, message: 'no such method' } }),
    { asked: 1, items: 0, incomplete: undefined },
  ],
  [
    'a second page that fails',
    (n) =>
      n === 0
        ? page({ tools: [{}], nextCursor: 'b' })
        : { outcome: 'transport-error', error: { code: 'timeout', message: 'no answer within 6000 ms' } },
    { asked: 2, items: 1, incomplete: 'no answer within 6000 ms' },
  ],
])('%s', async (_, answer, expected) => expect(await listed(answer)).toEqual(expected));

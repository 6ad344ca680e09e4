import { expect, it } from 'vitest';
import { emptyAsked } from './ask-items.ts';
import { cacheDiagnosis } from './cache-diagnosis.ts';
import type { McpResult } from './measure-mcp.ts';

const item = { kind: 'resource', name: 'doc://a', method: 'resources/read', params: {} } as const;
const read = (ms: number) => [{ ...emptyAsked(item), times: [ms * 1e6] }];
const result = (cache: McpResult['cache'], first: number, again: number): McpResult =>
  ({ ...(cache && { cache }), cold: read(first), warm: read(again) }) as unknown as McpResult;

it('a cache that misses, before reads that are as slow again, is named with its figures and what helps', () => {
  const [found] = cacheDiagnosis(result({ hits: 0, misses: 960 }, 118, 121));
  expect(found?.message).toBe(
    'the cache answered 0 % of the reads (0 of 960), below 70 %; reading a resource again took 121 ms at the median, and 118 ms the first time: the cache is not functioning',
  );
  expect(found?.remedies?.join(' ')).toMatch(/lifetime of its entries/);
});

it.each<[string, McpResult['cache'], number, number]>([
  ['nobody counts', undefined, 118, 121],
  ['most reads hit', { hits: 70, misses: 30 }, 118, 121],
  ['reads are quick all the same', { hits: 0, misses: 100 }, 2, 2],
  ['only the first read is slow', { hits: 60, misses: 40 }, 118, 6],
  ['there were hardly any', { hits: 0, misses: 19 }, 118, 121],
  ['no read succeeded', { hits: 0, misses: 100 }, NaN, NaN],
])('nothing is said where %s', (_, cache, first, again) => {
  expect(cacheDiagnosis(result(cache, first, again))).toEqual([]);
});

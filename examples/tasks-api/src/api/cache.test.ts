import { expect, it } from 'vitest';
import { inProcessCache } from './cache.ts';

it('forgets what is too old, and what was not used for longest when there is too much', async () => {
  let now = 0;
  const cache = inProcessCache(() => now);
  for (let i = 0; i < 2000; i++) await cache.set(`${i}`, 'kept');
  expect(await cache.get('0')).toBe('kept');
  await cache.set('one more', 'kept');
  expect([await cache.get('0'), await cache.get('1')]).toEqual(['kept', undefined]);
  now = 29_999;
  expect(await cache.get('0')).toBe('kept');
  now = 30_000;
  expect(await cache.get('0')).toBe(undefined);
});

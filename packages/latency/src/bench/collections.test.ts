import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { watchingCollections } from './collections.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('collections during the work are counted, and those around it are not', async () => {
  collect();
  const { result, collections } = await watchingCollections(() => {
    const begin = performance.now();
    for (let i = 0; i < 3; i++) collect();
    return Promise.resolve(performance.now() - begin);
  });
  collect();
  expect(collections!.count).toBe(3);
  // Nearly all of that work is collecting, and `result` is a bit less than the whole of it.
  expect(collections!.share).toBeGreaterThan(0.5);
  expect(collections!.share).toBeLessThanOrEqual(1);
  expect(result).toBeGreaterThan(0);
});

test('work that allocates nothing is not interrupted', async () => {
  collect();
  const { collections } = await watchingCollections(() => {
    const end = performance.now() + 5;
    while (performance.now() < end);
    return Promise.resolve();
  });
  expect(collections).toEqual({ count: 0, share: 0 });
});

test('garbage of the work shows', async () => {
  const { collections } = await watchingCollections(() => {
    let length = 0;
    for (let i = 0; i < 20_000; i++) length += new Array(1000).fill(i).length;
    return Promise.resolve(length);
  });
  // 160 MB through a young generation of some 16 MB.
  expect(collections!.count).toBeGreaterThan(2);
  expect(collections!.share).toBeGreaterThan(0);
  expect(collections!.share).toBeLessThan(1);
});

test('what the work throws comes out', async () => {
  await expect(watchingCollections(() => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
});

import { getHeapSpaceStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { obtainGarbageCollector } from './garbage-collector.ts';
import { createHeapReader, dataSpaceOf } from './heap-reader.ts';

const space = (space_name: string, space_used_size: number) => ({ space_name, space_used_size });

test('code, its metadata and the read-only space are not data', () => {
  const spaces = [
    space('read_only_space', 1),
    space('new_space', 20),
    space('old_space', 300),
    space('code_space', 4),
    space('code_large_object_space', 5),
    space('trusted_space', 6),
    space('trusted_large_object_space', 7),
    space('shared_trusted_space', 8),
    space('large_object_space', 4000),
    space('new_large_object_space', 50_000),
  ];
  expect(dataSpaceOf(spaces)).toBe(54_320);
});

test('every space of this engine has a name that is known', () => {
  const known =
    /^(?:read_only|(?:new|old|code|map|shared|trusted|shared_trusted|large_object|(?:new|code|shared|trusted|shared_trusted)_large_object))_space$/;
  const unknown = getHeapSpaceStatistics().filter(({ space_name }) => !known.test(space_name));
  expect(unknown.map(({ space_name }) => space_name)).toEqual([]);
});

/** Files before this one leave in this process what is freed at some moment: that spoils one of five, and not most. */
async function medianOfFive(measure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < 5; i++) all.push(await measure());
  return all.sort((a, b) => a - b)[2]!;
}

test('a reading sees what is kept and not what was dropped', async () => {
  const read = createHeapReader(obtainGarbageCollector());
  await read();
  const grown = await medianOfFive(async () => {
    const kept: unknown[] = [];
    const before = await read();
    for (let i = 0; i < 100; i++) kept.push(new Array<number>(12_500).fill(i));
    for (let i = 0; i < 100; i++) new Array<number>(12_500).fill(i);
    const after = await read();
    expect(kept).toHaveLength(100);
    return after.heap - before.heap;
  });
  // 100 arrays of 12 500 words of 8 bytes: ten million and their headers; the test runner moves by less than a tenth.
  expect(grown).toBeGreaterThan(9e6);
  expect(grown).toBeLessThan(11e6);
});

test('buffers are read outside the heap, and are gone after the settling', async () => {
  const read = createHeapReader(obtainGarbageCollector());
  const left: number[] = [];
  const grown = await medianOfFive(async () => {
    const before = await read();
    const held = { buffer: Buffer.alloc(8e6) as Buffer | undefined };
    const during = await read();
    held.buffer = undefined;
    left.push((await read()).external - before.external);
    return during.external - before.external;
  });
  expect(grown).toBeGreaterThan(7.9e6);
  expect(left.sort((a, b) => a - b)[2]).toBeLessThan(1e6);
});

test('shared buffers are read too', async () => {
  const read = createHeapReader(obtainGarbageCollector());
  const kept = [Buffer.alloc(16e6)];
  const before = await read();
  const shared = new SharedArrayBuffer(512e6);
  // The two counters differ by what the process holds outside its buffers, and by what other tests have left to be freed.
  expect((await read()).external - before.external).toBeGreaterThan(256e6);
  expect([kept.length, shared.byteLength]).toEqual([1, 512e6]);
});

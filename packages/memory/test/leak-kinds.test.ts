import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture, type Bundle } from './support/fixture.ts';

interface Found {
  readonly verdict: string;
  readonly reason: string;
  /** Bytes per iteration. */
  readonly bytes: number;
  readonly heap: string;
  readonly external: string;
}

/** What each keeps at least, in bytes per iteration, and whether that is on the heap or outside of it. */
const leaks: Readonly<Record<string, readonly [least: number, channel: 'heap' | 'external']>> = {
  'growing array': [100, 'heap'],
  'Map cache': [100, 'heap'],
  closure: [40, 'heap'],
  'event listener': [100, 'heap'],
  timer: [100, 'heap'],
  'promise that never settles': [50, 'heap'],
  'linked list': [100, 'heap'],
  connection: [500, 'heap'],
  subscription: [100, 'heap'],
  'abort signal': [100, 'heap'],
  'buffers off heap': [512, 'external'],
};

const clean = [
  ...['steady json', 'bounded LRU', 'lazy functions', 'object pool', 'interned strings'],
  ...['listeners on and off', 'timers set and cleared', 'promises that settle', 'abort signals', 'buffers dropped'],
  ...['weak cache', 'ring of the last thousand'],
];

let bundle: Bundle;
let [leaking, innocent]: Record<string, Found>[] = [{}, {}];
beforeAll(async () => {
  bundle = await bundleFixture('leak-kinds.mjs');
  const run = async (...args: string[]) =>
    JSON.parse(await bundle.run(args, ['--single-threaded-gc'])) as Record<string, Found>;
  leaking = await run('leaking', ...Object.keys(leaks));
  innocent = await run('clean', ...clean);
}, 120_000);
afterAll(() => bundle.remove());

describe('every kind of leak is found', () => {
  it.each(Object.entries(leaks))('%s', (name, [least, channel]) => {
    const found = leaking![name]!;
    expect(found).toMatchObject({ verdict: 'leak', [channel]: 'leak' });
    expect(found.bytes).toBeGreaterThan(least);
  });
});

it.each(clean)('%s is not called a leak', (name) => {
  expect(innocent![name]!.verdict).not.toBe('leak');
});

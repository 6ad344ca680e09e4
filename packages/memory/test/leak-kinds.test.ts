import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFixture, type Bundle } from './support/fixture.ts';

interface Found {
  readonly verdict: string;
  readonly reason: string;
  /** Bytes per iteration. */
  readonly bytes: number;
  readonly heap: string;
  readonly external: string;
  readonly threads?: string;
}

/** What each keeps at least, in bytes per iteration, and whether that is on the heap, outside of it, or in a thread. */
const leaks: Readonly<Record<string, readonly [least: number, channel: 'heap' | 'external' | 'threads']>> = {
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
  'heap of a worker': [4 * 126 * 8, 'threads'],
};

const clean = [
  ...['steady json', 'bounded LRU', 'lazy functions', 'object pool', 'interned strings'],
  ...['listeners on and off', 'timers set and cleared', 'promises that settle', 'abort signals', 'buffers dropped'],
  ...['weak cache', 'ring of the last thousand'],
];

let bundle: Bundle;
const found: Record<string, Found> = {};

/** Few in one process: what one keeps makes every collection of the next dearer. */
const together = 3;

beforeAll(async () => {
  bundle = await bundleFixture('leak-kinds.mjs');
  const queue = [...inParts('leaking', Object.keys(leaks)), ...inParts('clean', clean)];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      Object.assign(found, JSON.parse(await bundle.run(next, ['--single-threaded-gc'])));
    }
  };
  await Promise.all([lane(), lane()]);
}, 240_000);

const inParts = (group: string, names: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(names.length / together) }, (_, i) => [
    group,
    ...names.slice(i * together, (i + 1) * together),
  ]);

afterAll(() => bundle.remove());

describe('every kind of leak is found', () => {
  it.each(Object.entries(leaks))('%s', (name, [least, channel]) => {
    expect(found[name]).toMatchObject({ verdict: 'leak', [channel]: 'leak' });
    expect(found[name]!.bytes).toBeGreaterThan(least);
  });
});

it.each(clean)('%s is not called a leak', (name) => {
  expect(found[name]!.verdict).not.toBe('leak');
});

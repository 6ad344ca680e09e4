import { setFlagsFromString } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { measureAllocation } from './allocation.ts';
import { primeLoops, stillClock, timeAwaitedCalls, timeCalls, type Call } from './timed-loop.ts';

// Compiled when it is called often enough, and not when another thread finds the time.
setFlagsFromString('--no-concurrent-recompilation');

const filled = (length: number): unknown[] => new Array<unknown>(length).fill(0);

/** What code allocates once it is compiled. */
async function allocated(
  run: Call['run'],
  count: number,
  loop = timeCalls as typeof timeCalls | typeof timeAwaitedCalls,
) {
  await primeLoops();
  for (let i = 0; i < 30 && i * count < 150_000; i++) await loop(stillClock, { run }, count);
  return measureAllocation(loop, { run }, count);
}

const within = (share: number, expected: number) => [expected * (1 - share), expected * (1 + share)] as const;

describe('bytes that are known', () => {
  test('code that allocates nothing', async () => {
    let calls = 0;
    expect(await allocated(() => (calls = (calls + 1) & 0xffff), 5000)).toBe(0);
  });

  // Three words of header, and one for each property: this engine has words of eight bytes.
  test.each([
    ['one property', (): unknown => ({ a: sequence++ & 1 }), 32],
    ['three properties', (): unknown => ({ a: sequence++ & 1, b: 2, c: 3 }), 48],
    ['a number that is no small integer', (): unknown => (sequence++ & 1) + 0.5, 16],
  ])('%s', async (_, run, expected) => {
    const bytes = (await allocated(run, 5000))!;
    expect(bytes).toBeGreaterThan(expected - 0.5);
    expect(bytes).toBeLessThan(expected + 0.5);
  });

  test('an element of an array takes a word', async () => {
    const [few, many] = [await allocated(() => filled(100), 1000), await allocated(() => filled(300), 1000)];
    const [least, most] = within(0.02, 1600);
    expect(many! - few!).toBeGreaterThan(least);
    expect(many! - few!).toBeLessThan(most);
  });

  test.each([1000, 100_000, 20_000_000])('%i bytes more in an array buffer, outside the heap', async (more) => {
    const count = Math.max(1, Math.min(300, 20_000_000 / more));
    const small = await allocated(() => new Uint8Array(1000), count);
    const large = await allocated(() => new Uint8Array(1000 + more), count);
    const [least, most] = within(0.01, more);
    expect(large! - small!).toBeGreaterThan(least);
    expect(large! - small!).toBeLessThan(most);
  });

  test('buffers from before, which are freed while it is measured, take nothing away', async () => {
    await primeLoops();
    const run = (): unknown => new Uint8Array(2000);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 20; i++) timeCalls(stillClock, { run }, 300);
      const old = Array.from({ length: 300 }, () => new Uint8Array(100_000));
      expect(old).toHaveLength(300);
      const bytes = (await measureAllocation(timeCalls, { run }, 300))!;
      expect(bytes).toBeGreaterThan(2184 * 0.99);
      expect(bytes).toBeLessThan(2184 * 1.01);
    }
  });

  test('collections in between lose nothing: twenty times the young generation', async () => {
    const count = 20_000;
    const bytes = (await allocated(() => filled(1000), count))!;
    // The objects themselves, and up to a percent lost at the ends of pages.
    expect(bytes).toBeGreaterThan(8047);
    expect(bytes).toBeLessThan(8048 * 1.02);
  });

  test('what is kept counts like what is not', async () => {
    let kept: unknown[] = [];
    const keeping = (): number => {
      if (kept.length >= 64) kept = [];
      return kept.push(new Uint8Array(4096));
    };
    const [least, most] = within(0.15, 4096 + 184);
    const bytes = (await allocated(keeping, 500))!;
    expect(bytes).toBeGreaterThan(least);
    expect(bytes).toBeLessThan(most);
  });
});

let sequence = 0;

describe('asynchronous operations', () => {
  test('what awaiting takes is not theirs', async () => {
    const settled = Promise.resolve(1);
    expect(await allocated(() => settled, 3000, timeAwaitedCalls)).toBeLessThan(2);
  });

  test('their own objects are', async () => {
    const plain = await allocated(() => Promise.resolve(), 3000, timeAwaitedCalls);
    const more = await allocated(() => Promise.resolve({ a: sequence++ & 1 }), 3000, timeAwaitedCalls);
    expect(more! - plain!).toBeGreaterThan(30);
    expect(more! - plain!).toBeLessThan(34);
  });
});

test('an operation that throws leaves nothing running', async () => {
  const run = (): never => {
    throw new RangeError('no');
  };
  await expect(measureAllocation(timeCalls, { run }, 10)).rejects.toThrow(RangeError);
  expect(await allocated(() => ({ a: sequence++ & 1 }), 5000)).toBeLessThan(33);
});

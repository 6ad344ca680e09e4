import { describe, expect, test } from 'vitest';
import { nanos } from '@perfkeel/core';
import { fakeClock } from '@perfkeel/core/testing';
import { notSteadyBefore, notSteadyWhile, warmUp, type WarmUp } from './warm-up.ts';

const ms = (value: number) => nanos(value * 1e6);
const plan = { target: ms(1), least: ms(100), most: ms(900) };

/** Warms up an operation that takes `micros(t)`, where t is the time since the beginning in milliseconds. */
async function warm(micros: (t: number) => number): Promise<{ batchSize: number; warmup: WarmUp }> {
  const clock = fakeClock();
  const timeBatch = (count: number) => {
    const begin = clock.now();
    for (let i = 0; i < count; i++) clock.advance(nanos(micros(clock.now() / 1e6) * 1e3));
    return nanos(clock.now() - begin);
  };
  return warmUp(timeBatch, plan, clock, () => Promise.resolve());
}

describe('the steady state', () => {
  test('code that does not change is steady after the least time', async () => {
    const { batchSize, warmup } = await warm(() => 10);
    expect(batchSize).toBe(100);
    expect(warmup).toMatchObject({ steady: true, trend: 'steady', change: { value: 0, lo: 0, hi: 0 } });
    expect(warmup.elapsed / 1e6).toBeCloseTo(100, -1);
    // One and ten operations first, which are too short to be believed.
    expect(warmup.batches).toBeGreaterThan(100);
    expect(warmup.batches).toBeLessThan(105);
  });

  test('code that gets faster step by step is waited for', async () => {
    const { warmup, batchSize } = await warm((t) => (t < 60 ? 50 : t < 150 ? 20 : 10));
    expect(warmup.steady).toBe(true);
    expect(batchSize).toBe(100);
    // The last step lies in the first third, of which nothing is looked at, or close behind it.
    expect(warmup.elapsed / 1e6).toBeGreaterThan(150 * 1.5);
    expect(warmup.elapsed / 1e6).toBeLessThan(500);
  });

  test('the first third may be anything', async () => {
    const { warmup } = await warm((t) => (t < 30 ? 500 : 10));
    expect(warmup).toMatchObject({ steady: true });
    expect(warmup.elapsed / 1e6).toBeLessThan(130);
  });

  test('a slow fall is waited for until it has come to an end', async () => {
    const { warmup } = await warm((t) => 10 + 10 * Math.exp(-t / 100));
    expect(warmup.steady).toBe(true);
    // What is left of the fall at the end, over half a window, is below the tolerance.
    expect(warmup.elapsed / 1e6).toBeGreaterThan(250);
  });

  test.each([
    ['gets faster without end', (t: number) => 1000 / (10 + t), 'faster', 'fail'],
    ['gets slower without end', (t: number) => 10 + t / 10, 'slower', undefined],
    ['changes its level without end', (t: number) => (Math.floor(t / 70) % 2 === 0 ? 10 : 14), 'unclear', undefined],
  ])('code that %s is measured all the same, and the result says so', async (_, micros, trend, forbids) => {
    const { warmup } = await warm(micros);
    expect(warmup).toMatchObject({ steady: false, trend });
    expect(warmup.elapsed / 1e6).toBeGreaterThanOrEqual(900);
    expect(warmup.elapsed / 1e6).toBeLessThan(905);
    const warnings = notSteadyBefore(warmup);
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'not-steady', message: expect.stringContaining('of warm-up') as string }),
    ]);
    expect(warnings[0]?.forbids).toBe(forbids);
  });

  test('an operation that is too slow for a dozen batches', async () => {
    const { batchSize, warmup } = await warm(() => 200e3);
    expect(batchSize).toBe(1);
    expect(warmup).toMatchObject({ steady: false, trend: 'too-few', batches: 5, elapsed: 1e9 });
    expect(notSteadyBefore(warmup)[0]?.message).toBe(
      'no steady state after 5 batches and 1 s of warm-up, too few batches to tell: allow more with the option warmup',
    );
  });

  test('one operation that takes longer than everything', async () => {
    const { batchSize, warmup } = await warm(() => 3e6);
    expect({ batchSize, batches: warmup.batches }).toEqual({ batchSize: 1, batches: 1 });
  });
});

describe('the measured part', () => {
  const halves = (older: number, newer: number) => [...Array<number>(20).fill(older), ...Array<number>(20).fill(newer)];

  test('a steady one has no warning, nor one that cannot tell', () => {
    expect(notSteadyWhile(halves(10, 10.4))).toEqual([]);
    expect(notSteadyWhile([1, 100])).toEqual([]);
    expect(notSteadyWhile([])).toEqual([]);
  });

  test('a change is reported, and forbids to fail only when the older part was much slower', () => {
    expect(notSteadyWhile(halves(10, 8))).toEqual([
      {
        code: 'not-steady',
        message:
          'no steady state while it was measured, it got faster (−20.0 % [−20.0 %, −20.0 %] from its older to its newer part): measure for longer, or in a quieter moment',
        forbids: 'fail',
      },
    ]);
    expect(notSteadyWhile(halves(10, 9.3))[0]).not.toHaveProperty('forbids');
    expect(notSteadyWhile(halves(8, 10))[0]).not.toHaveProperty('forbids');
  });
});

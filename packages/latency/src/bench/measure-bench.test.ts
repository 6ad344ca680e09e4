import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { median, nanos, quantile, sorted, type PerfError } from '@perfkeel/core';
import { fakeClock } from '@perfkeel/core/testing';
import { measureBench } from './measure-bench.ts';
import { sink } from './sink.ts';

/** Keeps the processor for a known time. */
const busyFor = (micros: number) => (): number => {
  const end = performance.now() + micros / 1000;
  let turns = 0;
  while (performance.now() < end) turns++;
  return turns;
};

/** An operation whose n-th call takes a known time, on a clock that only it moves. */
function virtual(nanosOf: (call: number) => number) {
  const clock = fakeClock();
  let calls = 0;
  return { clock, run: () => clock.advance(nanos(nanosOf(calls++))) };
}

const filled = (length: number): unknown[] => new Array<unknown>(length).fill(0);

/** Other programs on the machine only ever add time: the tenth percentile is what the loop itself measured. */
const undisturbed = (values: readonly number[]): number => quantile(sorted(values), 0.1);

describe('honest numbers', () => {
  test('a wait of known length is measured as that length', async () => {
    const { timePerOperation } = await measureBench({ run: busyFor(100), time: '100ms' });
    expect(median(timePerOperation)).toBeGreaterThanOrEqual(100_000);
    expect(undisturbed(timePerOperation)).toBeGreaterThanOrEqual(100_000);
    expect(undisturbed(timePerOperation)).toBeLessThan(104_000);
  });

  test('twice the wait takes twice the time', async () => {
    const short = await measureBench({ run: busyFor(100), time: '100ms' });
    const long = await measureBench({ run: busyFor(200), time: '100ms' });
    const ratio = undisturbed(long.timePerOperation) / undisturbed(short.timePerOperation);
    expect(ratio).toBeGreaterThan(1.95);
    expect(ratio).toBeLessThan(2.05);
  });

  test('work whose result nobody uses is done all the same', async () => {
    let seed = 1;
    const roots = (count: number) => (): number => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += Math.sqrt(i + seed);
      return sum;
    };
    const fewest: number[] = [];
    const most: number[] = [];
    // In turns: a processor that is slow for a while would otherwise stand in one of the two only.
    for (let turn = 0; turn < 5; turn++) {
      fewest.push(...(await measureBench({ run: roots(2000), time: '40ms' })).timePerOperation);
      most.push(...(await measureBench({ run: roots(20_000), time: '40ms' })).timePerOperation);
    }
    seed = 2;
    const ratio = Math.min(...most) / Math.min(...fewest);
    expect(ratio).toBeGreaterThan(9);
    expect(ratio).toBeLessThan(11);
  });

  test('the order of benchmarks in a process does not decide: the first is not specialised', async () => {
    const state = { x: 3.7 };
    type State = typeof state;
    const operations = [
      (s: State) => s.x * 1.5,
      (s: State) => s.x * 2.5,
      (s: State) => s.x * 3.5,
      (s: State) => s.x * 4.5,
    ];
    const fastest: number[] = [];
    for (const run of operations) {
      const { timePerOperation } = await measureBench({ setup: () => state, run, time: '60ms' });
      fastest.push(Math.min(...timePerOperation));
    }
    // Inlined and hoisted out of its loop, the first would take a small part of the others.
    expect(fastest[0]! / Math.max(...fastest)).toBeGreaterThan(0.5);
  });

  test('every value goes into the sink', async () => {
    let last: object | undefined;
    let missed = 0;
    const run = (): object => {
      if (sink.value !== last) missed++;
      last = {};
      return last;
    };
    const { iterations } = await measureBench({ run, time: '20ms' });
    expect(iterations).toBeGreaterThan(1000);
    // Before the first call the sink held something else, and again when the loops were primed after it.
    expect(missed).toBeLessThanOrEqual(2);
  });

  test('an empty function is at the floor, a real one is not', async () => {
    const codes = async (run: () => unknown): Promise<string[]> =>
      (await measureBench({ run, time: '60ms' })).warnings.map(({ code }) => code);
    expect(await codes(() => undefined)).toContain('at-the-floor');
    expect(await codes(() => JSON.parse('{"a":[1,2,3]}') as unknown)).not.toContain('at-the-floor');
    expect(await codes(async () => {})).toContain('at-the-floor');
  });
});

describe('batches', () => {
  test('last a millisecond, for as long as was asked for', async () => {
    const { clock, run } = virtual(() => 10_000);
    const result = await measureBench({ run }, { clock });
    expect(result).toMatchObject({ batchSize: 100, iterations: 30_000, floor: 0, warnings: [] });
    expect(result.timePerOperation).toEqual(new Array(300).fill(10_000));
    expect(result.throughput).toBe(100_000);
    expect(result.warmup).toMatchObject({ steady: true, trend: 'steady' });
  });

  test('hold as many operations as the target needs, and the counts agree', async () => {
    const { timePerOperation, batchSize, iterations, throughput } = await measureBench({
      run: busyFor(10),
      time: '60ms',
    });
    expect(iterations).toBe(batchSize * timePerOperation.length);
    const total = timePerOperation.reduce((sum, ns) => sum + ns * batchSize, 0);
    expect(throughput).toBeCloseTo((iterations / total) * 1e9, 3);
  });

  test('are longer where the clock is coarse: it is wrong by 1 % at most', async () => {
    const exact = virtual(() => 10_000);
    // A reading takes 100 ns, and shows whole milliseconds.
    const coarse = {
      now: () => {
        exact.clock.advance(nanos(100));
        return nanos(Math.floor(exact.clock.now() / 1e6) * 1e6);
      },
    };
    const { batchSize, timePerOperation, clock } = await measureBench({ run: exact.run }, { clock: coarse });
    expect(clock.granularity).toBe(1e6);
    expect(clock.cost).toBeCloseTo(100, 0);
    // A hundred times a millisecond and a reading; of a batch of 100 ms the first step may be missing.
    expect(batchSize * 10_000).toBeGreaterThan(99e6);
    expect(batchSize * 10_000).toBeLessThan(102e6);
    for (const value of timePerOperation) expect(Math.abs(value - 10_000)).toBeLessThan(100);
  });

  test('cannot be timed by a clock that stands still', async () => {
    await expect(measureBench({ run: () => 1 }, { clock: fakeClock() })).rejects.toThrow(
      expect.objectContaining({ code: 'clock-stands-still', hint: expect.any(String) as string }) as PerfError,
    );
  });

  test('are calibrated however little time there is', async () => {
    const { timePerOperation, batchSize } = await measureBench({ run: busyFor(10), time: '1us' });
    expect(timePerOperation).toHaveLength(5);
    expect(batchSize).toBeGreaterThan(50);
  });

  test('values keep the order in which they were measured', async () => {
    const took: number[] = [];
    const { clock, run } = virtual((call) => (took[call] = 1.5e6 + 0.5e6 * (call % 5)));
    const { timePerOperation, batchSize, warmup } = await measureBench({ run, time: '60ms' }, { clock });
    expect(batchSize).toBe(1);
    // The first call of all tells whether it returns a promise.
    expect(timePerOperation).toEqual(took.slice(1 + warmup.batches, 1 + warmup.batches + timePerOperation.length));
    expect(timePerOperation.length).toBeGreaterThan(20);
  });

  test('a slow operation is measured a few times, whatever the time', async () => {
    const { timePerOperation, batchSize } = await measureBench({ run: busyFor(20_000), time: '10ms' });
    expect({ batchSize, values: timePerOperation.length }).toEqual({ batchSize: 1, values: 5 });
  });

  test('a rehearsal takes little time', async () => {
    const start = performance.now();
    const { timePerOperation } = await measureBench({ run: busyFor(100), time: '10m' }, { short: true });
    expect(timePerOperation.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('asynchronous operations', () => {
  test('a promise is recognised by what comes back, and awaited', async () => {
    let [running, most] = [0, 0];
    const run = (): Promise<void> => {
      most = Math.max(most, ++running);
      return new Promise<void>((resolve) => setTimeout(resolve, 4)).then(() => void running--);
    };
    const result = await measureBench({ run, time: '60ms' });
    expect(result.async).toBe(true);
    expect(most).toBe(1);
    expect(median(result.timePerOperation)).toBeGreaterThan(3.8e6);
  });

  test('an ordinary function stays synchronous', async () => {
    expect((await measureBench({ run: busyFor(50), time: '20ms' })).async).toBe(false);
  });
});

describe('warm-up', () => {
  test('code that gets faster is waited for, and measured when it has', async () => {
    const { clock, run } = virtual((call) => (call < 1800 ? 50_000 : 10_000));
    const { timePerOperation, warmup } = await measureBench({ run }, { clock });
    expect(warmup.steady).toBe(true);
    expect(warmup.elapsed).toBeGreaterThan(120e6);
    expect(timePerOperation).toEqual(new Array(300).fill(10_000));
  });

  test('code that never settles is measured, with a warning, after the time that is allowed', async () => {
    const { clock, run } = virtual((call) => 1e6 / (1 + call / 500));
    const usual = await measureBench({ run }, { clock });
    expect(usual.warmup).toMatchObject({ steady: false, trend: 'faster' });
    expect(usual.warmup.elapsed / 1e6).toBeCloseTo(900, -1);
    expect(usual.warnings.map(({ code, forbids }) => `${code} ${forbids}`)).toContain('not-steady fail');
    const other = virtual((call) => 1e6 / (1 + call / 500));
    const { warmup } = await measureBench({ run: other.run, warmup: '200ms' }, { clock: other.clock });
    expect(warmup.elapsed / 1e6).toBeCloseTo(200, -1);
  });

  test('a plateau that outlasts the warm-up shows while it is measured', async () => {
    const { clock, run } = virtual((call) => (call < 6000 ? 50_000 : 25_000));
    const { warmup, warnings } = await measureBench({ run }, { clock });
    expect(warmup.steady).toBe(true);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'not-steady',
        message: expect.stringContaining('while it was measured, it got faster (−50.0 %') as string,
        forbids: 'fail',
      }),
    ]);
  });

  test('code that slows down while it is measured', async () => {
    const { clock, run } = virtual((call) => (call < 26_000 ? 10_000 : 15_000));
    const { warmup, warnings } = await measureBench({ run }, { clock });
    expect(warmup.steady).toBe(true);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'not-steady',
        message: expect.stringContaining('while it was measured, it got slower (+50.0 %') as string,
      }),
    ]);
  });

  test('a rehearsal does not wait for it', async () => {
    const { clock, run } = virtual((call) => 1e6 / (1 + call / 500));
    const { warmup, warnings } = await measureBench({ run, warmup: '10s' }, { clock, short: true });
    expect(warmup.elapsed).toBeLessThan(100e6);
    expect(warnings).toEqual([]);
  });
});

describe('what an operation costs beside time', () => {
  test('processor time: all of the time of code that computes, little of code that waits', async () => {
    let sum = 0;
    const compute = (): number => {
      for (let i = 0; i < 100_000; i++) sum += Math.sqrt(i);
      return sum;
    };
    const computing = await measureBench({ run: compute, time: '200ms' });
    const waiting = await measureBench({ run: () => new Promise((resolve) => setTimeout(resolve, 20)), time: '60ms' });
    // The same work every time: its processor time is the time of the batch that nobody disturbed.
    expect(computing.cpuTime / Math.min(...computing.timePerOperation)).toBeGreaterThan(0.8);
    expect(computing.cpuTime).toBeLessThan((2 * 1e9) / computing.throughput);
    expect(waiting.cpuTime).toBeLessThan(10e6);
    for (const { cpuTime, userTime, systemTime } of [computing, waiting]) {
      expect(userTime + systemTime).toBeCloseTo(cpuTime, 3);
    }
  });

  test('time in the kernel is told from time in the program', async () => {
    const { userTime, systemTime } = await measureBench({ run: () => readdirSync('/proc/self/fd'), time: '60ms' });
    expect(systemTime).toBeGreaterThan(0);
    expect(userTime).toBeGreaterThan(0);
  });

  test('allocation and collections', async () => {
    const small = await measureBench({ run: () => filled(1000), time: '200ms' });
    const large = await measureBench({ run: () => filled(2000), time: '200ms' });
    const none = await measureBench({ run: busyFor(100), time: '200ms' });
    expect((large.allocated! - small.allocated!) / 8000).toBeGreaterThan(0.97);
    expect((large.allocated! - small.allocated!) / 8000).toBeLessThan(1.05);
    expect(small.collections).toBeGreaterThan(0);
    expect(small.collectionTime).toBeGreaterThan(0);
    expect(small.collectionTime).toBeLessThan(0.9);
    expect(none.collections).toBeLessThan(small.collections!);
  });
});

describe('setup and surroundings', () => {
  test('setup runs once, outside the clock, and run gets its result', async () => {
    let setups = 0;
    const setup = async (): Promise<{ spins: number }> => {
      setups++;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { spins: 50 };
    };
    const { timePerOperation } = await measureBench({ setup, run: ({ spins }) => busyFor(spins)(), time: '40ms' });
    expect(setups).toBe(1);
    expect(median(timePerOperation)).toBeLessThan(1e6);
  });

  test('garbage is collected once, after the warm-up', async () => {
    let [calls, callsBefore] = [0, 0];
    const collectGarbage = (): void => {
      expect(callsBefore).toBe(0);
      callsBefore = calls;
    };
    await measureBench({ run: () => calls++, time: '30ms' }, { collectGarbage });
    expect(callsBefore).toBeGreaterThan(1);
    expect(callsBefore).toBeLessThan(calls);
  });

  test('the event loop gets a turn during a long synchronous benchmark', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await measureBench({ run: busyFor(100), time: '600ms' }).finally(() => clearInterval(timer));
    expect(turns).toBeGreaterThanOrEqual(2);
  });

  test('a signal stops it', async () => {
    const signal = AbortSignal.timeout(100);
    await expect(measureBench({ run: busyFor(100), time: '10s' }, { signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('the given clock is the one that is read', async () => {
    const doubled = { now: () => nanos(performance.now() * 2e6) };
    const { timePerOperation } = await measureBench({ run: busyFor(100), time: '60ms' }, { clock: doubled });
    expect(median(timePerOperation)).toBeGreaterThan(199_000);
  });
});

describe('failures', () => {
  test.each([
    ['at once', 0],
    ['in the middle', 1000],
  ])('what the operation throws %s comes out as it is', async (_, after) => {
    const thrown = { not: 'an Error' };
    let calls = 0;
    const run = (): number => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      if (calls++ >= after) throw thrown;
      return calls;
    };
    await expect(measureBench({ run })).rejects.toBe(thrown);
  });

  test('a rejection and a failing setup too', async () => {
    const broken = new Error('no');
    await expect(measureBench({ run: () => Promise.reject(broken) })).rejects.toBe(broken);
    await expect(measureBench({ setup: () => Promise.reject(broken), run: () => 1 })).rejects.toBe(broken);
  });
});

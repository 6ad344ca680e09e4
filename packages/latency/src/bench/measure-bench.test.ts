import { describe, expect, test } from 'vitest';
import { median, nanos, quantile, sorted } from '@perfkeel/core';
import { measureBench } from './measure-bench.ts';
import { sink } from './sink.ts';

/** Keeps the processor for a known time. */
const busyFor = (micros: number) => (): number => {
  const end = performance.now() + micros / 1000;
  let turns = 0;
  while (performance.now() < end) turns++;
  return turns;
};

/** Other programs on the machine only ever add time: the tenth percentile is what the loop itself measured. */
const undisturbed = (values: readonly number[]): number => quantile(sorted(values), 0.1);

describe('honest numbers', () => {
  test('a wait of known length is measured as that length', async () => {
    const { timePerOperation } = await measureBench({ run: busyFor(100) });
    expect(median(timePerOperation)).toBeGreaterThanOrEqual(100_000);
    expect(undisturbed(timePerOperation)).toBeGreaterThanOrEqual(100_000);
    expect(undisturbed(timePerOperation)).toBeLessThan(104_000);
  });

  test('twice the wait takes twice the time', async () => {
    const short = await measureBench({ run: busyFor(100) });
    const long = await measureBench({ run: busyFor(200) });
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
    const few = await measureBench({ run: roots(2000) });
    const many = await measureBench({ run: roots(20_000) });
    seed = 2;
    const ratio = Math.min(...many.timePerOperation) / Math.min(...few.timePerOperation);
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
    expect(await codes(() => undefined)).toEqual(['at-the-floor']);
    expect(await codes(() => JSON.parse('{"a":[1,2,3]}') as unknown)).toEqual([]);
    expect(await codes(async () => {})).toEqual(['at-the-floor']);
  });
});

describe('batches', () => {
  // Another program may slow the calibration itself down, which makes a batch smaller: the bounds are for a quiet moment.
  test('last about a millisecond, and the counts agree', { retry: 3 }, async () => {
    const { timePerOperation, batchSize, iterations, throughput } = await measureBench({ run: busyFor(10) });
    expect(batchSize).toBeGreaterThan(80);
    expect(batchSize).toBeLessThanOrEqual(100);
    expect(timePerOperation.length).toBeGreaterThan(20);
    expect(timePerOperation.length).toBeLessThanOrEqual(320);
    expect(iterations).toBe(batchSize * timePerOperation.length);
    const total = timePerOperation.reduce((sum, ns) => sum + ns * batchSize, 0);
    expect(throughput).toBeCloseTo((iterations / total) * 1e9, 3);
  });

  test('are calibrated however little time there is', async () => {
    const { timePerOperation, batchSize } = await measureBench({ run: busyFor(10), time: '1us' });
    expect(timePerOperation).toHaveLength(5);
    expect(batchSize).toBeGreaterThan(50);
  });

  test('values keep the order in which they were measured', async () => {
    const inside: number[] = [];
    const run = (): void => {
      const start = performance.now();
      busyFor(1500 + 500 * (inside.length % 5))();
      inside.push((performance.now() - start) * 1e6);
    };
    const { timePerOperation, batchSize } = await measureBench({ run, time: '60ms' });
    expect(batchSize).toBe(1);
    // What a call took as seen from inside is never more than what was measured around the same call.
    const timed = inside.slice(-timePerOperation.length);
    expect(timed.filter((took, i) => took > timePerOperation[i]!)).toEqual([]);
    expect(timed).not.toEqual([...timed].sort((a, b) => a - b));
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

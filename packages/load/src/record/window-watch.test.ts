import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { planWindows } from '../planned-window.ts';
import { parseStages } from '../profile/stages.ts';
import { newRecord, type LoadRecord } from './load-recorder.ts';
import { WindowWatch, type WorstWindow } from './window-watch.ts';

const second = 1e9;
/** Two threads that send; what counts is what both of them saw. */
const threads = 2;

/** What was over in a second: so many requests in so many milliseconds each, and so many that failed. */
interface Second {
  readonly phase?: number;
  readonly good?: number;
  readonly ms?: number;
  readonly failed?: number;
}

function watchOf(
  objectives: readonly string[],
  stages: readonly string[],
  seconds: readonly Second[],
): readonly WorstWindow[] {
  const profile = { ...parseStages(stages), arrivals: 'uniform' } as const;
  const records: LoadRecord[] = Array.from({ length: threads }, () => newRecord(profile.phases.length, 0));
  const watch = new WindowWatch(planWindows(objectives), profile as never, records);
  seconds.forEach(({ phase = 0, good = 0, ms = 1, failed = 0 }, i) => {
    for (let k = 0; k < good + failed; k++) {
      const tally = records[k % threads]!.phases[phase]!;
      tally.responseTime.record(ms * 1e6);
      if (k < good) tally.count('completed');
      else tally.countFailure('reset');
    }
    // Timers are late by a little, each time.
    if (i < seconds.length - 1) watch.sample(nanos((i + 1) * 1.001 * second));
  });
  return watch.end(nanos(seconds.length * 1.001 * second));
}

const found = (windows: readonly WorstWindow[]): unknown =>
  windows.map(({ metric, value, start, end }) => [
    metric,
    Number(value.toPrecision(2)),
    [start, end].map((at) => Math.round(at / second)),
  ]);

const steady = (count: number): Second[] => Array.from({ length: count }, () => ({ good: 100 }));

describe('the worst window', () => {
  it('is the one in which most was slow', () => {
    const seconds = [...steady(4), { good: 80, ms: 1 }, { good: 20, ms: 90 }, ...steady(4)];
    expect(
      found(watchOf(['p99 of any 3s window < 1s', 'p50 of any 3s window < 1s'], ['hold 100/s for 10s'], seconds)),
    ).toEqual([
      ['p99-of-any-3s-window', 9e7, [3, 6]],
      ['p50-of-any-3s-window', 1e6, [0, 3]],
    ]);
  });

  it('forgets what it has left behind', () => {
    const seconds = [{ good: 10, ms: 50 }, ...steady(2), { good: 100, ms: 20 }, { good: 100, ms: 20 }, ...steady(3)];
    const [p90, max] = watchOf(
      ['p90 of any 2s window < 1s', 'max of any 2s window < 1s'],
      ['hold 100/s for 8s'],
      seconds,
    );
    expect(found([p90!, max!])).toEqual([
      ['p90-of-any-2s-window', 2e7, [2, 4]],
      ['max-of-any-2s-window', 5e7, [0, 2]],
    ]);
  });

  it('has the most failures among what was over, and the fewest good answers a second', () => {
    const seconds = [...steady(3), { good: 50, failed: 50 }, { failed: 0, good: 10 }, ...steady(3)];
    const objectives = ['errors of any 2s window < 1%', 'throughput of any 2s window > 1/s'];
    expect(found(watchOf(objectives, ['hold 100/s for 8s'], seconds))).toEqual([
      ['errors-of-any-2s-window', 0.45, [3, 5]],
      ['throughput-of-any-2s-window', 30, [3, 5]],
    ]);
  });

  it('takes what is over behind the end, and leaves out what is not measured', () => {
    const stages = ['warm up at 100/s for 2s', 'hold 100/s for 3s', 'rest for 2s', 'hold 100/s for 3s'];
    const seconds = [
      ...[
        { good: 100, ms: 900 },
        { good: 100, ms: 900 },
      ],
      ...[1, 1, 1].map((phase) => ({ phase, good: 100 })),
      ...[{}, {}],
      ...[30, 40, 50].map((good) => ({ phase: 3, good })),
      { phase: 3, good: 20, ms: 700 },
    ];
    const objectives = ['p99 of any 2s window < 1s', 'throughput of any 2s window > 1/s'];
    expect(found(watchOf(objectives, stages, seconds))).toEqual([
      ['p99-of-any-2s-window', 7e8, [9, 11]],
      ['throughput-of-any-2s-window', 35, [7, 9]],
    ]);
  });

  it('of a run that was too short is all of it, and of nothing there is none', () => {
    const objectives = ['p99 of any 5s window < 1s', 'errors of any 5s window = 0'];
    expect(found(watchOf(objectives, ['hold 100/s for 10s'], [{ good: 10, ms: 7 }]))).toEqual([
      ['p99-of-any-5s-window', 7e6, [0, 1]],
      ['errors-of-any-5s-window', 0, [0, 1]],
    ]);
    expect(watchOf(objectives, ['hold 100/s for 10s'], [{}, {}])).toEqual([]);
    expect(watchOf(['p99 < 1s'], ['hold 100/s for 10s'], steady(3))).toEqual([]);
  });
});

import {
  declarations,
  judgeObjective,
  nanos,
  PerfError,
  type BenchmarkPlan,
  type Declaration,
  type Measurement,
  type RoundContext,
  type TargetSpec,
} from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { analyzeChannels } from './analysis/analyze-channels.ts';
import { detectLeak, type LeakReport } from './detect-leak.ts';
import { leak } from './leak.ts';
import { lengthWord, type LeakOptions } from './leak-options.ts';
import { leakMeasurements, leakMetrics } from './leak-measurements.ts';
import type { MemorySample } from './memory-sample.ts';
import { seriesOf, type SeriesShape } from '../test/support/series.ts';

const cycle = (): undefined => undefined;

function errorOf(run: () => unknown): PerfError {
  try {
    run();
  } catch (error) {
    if (error instanceof PerfError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the declaration', () => {
  test('is plain data at the caller, and is collected', () => {
    const declared = leak('a cache', { cycle, objectives: ['growth < 64B/op', 'heap < 64MB'], tags: ['slow'] });
    expect(declared).toMatchObject({
      name: 'a cache',
      kind: 'leak',
      primary: 'growth',
      quantiles: false,
      rounds: 1,
      objectives: ['growth < 64B/op', 'heap < 64MB'],
      tags: ['slow'],
    });
    expect(declared.metrics.map(({ id }) => id)).toEqual(['growth', 'heap', 'rss', 'heap-after-gc']);
    expect(declared.location?.file).toContain('leak.test.ts');
    expect(declarations()).toContain(declared);
  });

  test('growth is promised by itself when no objective speaks of it', () => {
    expect(leak('nothing promised', { cycle }).objectives).toEqual(['growth < 16B/op']);
    expect(leak('heap alone', { cycle, objectives: ['heap < 1MB'] }).objectives).toEqual([
      'growth < 16B/op',
      'heap < 1MB',
    ]);
  });

  test('growth is promised by itself beside that of phases, however it is written', () => {
    const phases = { cycle, phases: ['switch'] };
    for (const objective of ['growth of switch < 64B/op', 'growth-of-switch < 64B/op']) {
      const objectives = [objective] as LeakOptions['objectives'] & string[];
      expect(leak('phases', { ...phases, objectives }).objectives).toEqual(['growth < 16B/op', objective]);
    }
  });

  const careless: [gloss: string, options: unknown, message: RegExp, code: string][] = [
    ['no options', undefined, /has no cycle/, 'bad-declaration'],
    ['a function instead of options', cycle, /has no cycle/, 'bad-declaration'],
    ['a cycle that was called', { cycle: cycle() }, /has no cycle/, 'bad-declaration'],
    ['objectives that are one text', { cycle, objectives: 'growth < 1B/op' }, /not a list/, 'bad-declaration'],
    ['an objective about time', { cycle, objectives: ['p99 < 1ms'] }, /nothing here is called "p99"/, 'bad-objective'],
    ['growth without a unit', { cycle, objectives: ['growth < 64'] }, /without a unit/, 'bad-objective'],
    ['growth per hour', { cycle, objectives: ['growth < 1MB/h'] }, /"1MB\/h" is in/, 'bad-objective'],
    ['half an iteration', { cycle, iterations: 0.5 }, /iterations is 0.5/, 'bad-option'],
    ['too few samples', { cycle, samples: 8 }, /samples is 8/, 'bad-option'],
    ['a duration without a unit', { cycle, duration: 6 }, /not a duration/, 'bad-quantity'],
    ['no time at all', { cycle, duration: '0s' }, /duration is 0/, 'bad-option'],
    ['a misspelt option', { cycle, objective: ['growth < 1B/op'] }, /has no option "objective"/, 'unknown-option'],
    ['a setup that was called', { cycle, setup: 1 }, /setup is number/, 'bad-option'],
    ['churn of no connection', { cycle, churn: true }, /has churn and no request/, 'bad-declaration'],
    ['an unknown phase', { cycle, objectives: ['growth of a < 1B/op'] }, /not of "a"/, 'bad-objective'],
  ];
  test.each(careless)('%s is refused with a hint, at the line', (_, options, message, code) => {
    const error = errorOf(() => leak('careless', options as LeakOptions));
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.hint).toMatch(/\w/);
    expect(error.location?.file).toContain('leak.test.ts');
  });

  test('the compiler refuses what a leak does not measure', () => {
    const never = (): void => {
      // @ts-expect-error a leak has no time
      leak('time', { cycle, objectives: ['p99 < 1ms'] });
      // @ts-expect-error growth is per operation
      leak('no unit', { cycle, objectives: ['growth < 64'] });
      // @ts-expect-error a load has clients of its own
      leak('whose clients', { during: () => 1, target: {} as TargetSpec, clients: 100 });
      leak('typed setup', { setup: () => Promise.resolve({ id: 1 }), cycle: (state) => state.id.toFixed() });
    };
    expect(never).toBeInstanceOf(Function);
  });

  test('a name is needed', () => {
    expect(errorOf(() => leak('', { cycle }))).toMatchObject({ code: 'bad-declaration', exitCode: 2 });
  });
});

type Shape = SeriesShape & {
  readonly externalAt?: (iterations: number) => number;
  readonly rssAt?: (iterations: number) => number;
  readonly threads?: Pick<MemorySample, 'threads' | 'silentThreads'>;
};

function reportOf(
  { externalAt = () => 0, rssAt = () => 6e7, threads, ...shape }: Shape,
  parts: Partial<LeakReport> = {},
): LeakReport {
  const points = seriesOf({ noise: 0, ...shape });
  const samples = points.map((point, i) => ({
    ...point,
    at: nanos(i * 1e8),
    external: externalAt(point.iterations),
    rss: rssAt(point.iterations),
    ...threads,
  }));
  return {
    ...analyzeChannels(samples),
    samples,
    startedAt: { heap: 0, external: 0, rss: 0 },
    iterations: 47_000,
    iterationsPerSample: 1000,
    warmUpIterations: 3000,
    heap: points.at(-1)!.heap,
    rss: 6e7,
    durationMs: 7000,
    plannedMs: 6000,
    ...parts,
  };
}

const plan: BenchmarkPlan = {
  id: 'a cache',
  kind: 'leak',
  tags: [],
  metrics: leakMetrics,
  primary: 'growth',
  quantiles: false,
  objectives: [],
  rounds: 1,
  sourceHash: '',
};

function judged(report: LeakReport, objective: string, limit: number) {
  const measured: Measurement[] = leakMeasurements(report, { limit }).map(({ metric, data, warnings }) => ({
    benchmark: plan.id,
    metric,
    round: 0,
    data,
    dropped: 0,
    warnings: warnings ?? [],
  }));
  return judgeObjective(plan, objective, measured).verdict;
}

const flat = reportOf({ heapAt: () => 5e6 });
const leaking = reportOf({ heapAt: (i) => 5e6 + 100 * i });
const buffers = reportOf({ heapAt: () => 5e6, externalAt: (i) => 2e6 + 100 * i });
const both = reportOf({ heapAt: (i) => 5e6 + 100 * i, externalAt: (i) => 2e6 + 100 * i });
const step = (i: number): number => 2e6 + (i > 4e4 ? 4e5 : 0);
const bufferStep = reportOf({ heapAt: () => 5e6, externalAt: step });
const silent = reportOf({ heapAt: () => 5e6, threads: { silentThreads: 1 } });
const leakingBeside = reportOf({ heapAt: (i) => 5e6 + 100 * i, threads: { threads: 4e6, silentThreads: 1 } });
const undecidedBuffers = reportOf({ heapAt: (i) => 5e6 + 8 * i, externalAt: step });

describe('what the objectives say', () => {
  test.each([
    ['a leak above the limit', leaking, 64, 'fail'],
    ['a leak that the limit allows', leaking, 128, 'pass'],
    ['stable code', flat, 64, 'pass'],
    ['stable code against a limit finer than the resolution', flat, 1, 'inconclusive'],
    [
      'a step that may be the first of many',
      reportOf({ heapAt: (i) => 5e6 + (i > 4e4 ? 4e5 : 0) }),
      16,
      'inconclusive',
    ],
    ['buffers that leak', buffers, 64, 'fail'],
    ['buffers that leak as the limit allows', buffers, 128, 'pass'],
    ['a heap and buffers that leak too much together', both, 192, 'fail'],
    ['buffers in a step that may be the first of many', bufferStep, 16, 'inconclusive'],
    ['a small leak, and buffers that are undecided', undecidedBuffers, 16, 'inconclusive'],
    ['stable code beside a thread that nobody can ask', silent, 1e9, 'inconclusive'],
    ['a leak above the limit beside such a thread', leakingBeside, 64, 'fail'],
    ['a leak that the limit would allow beside such a thread', leakingBeside, 128, 'inconclusive'],
    ['a leak in too few samples', reportOf({ heapAt: (i) => 5e6 + 100 * i, points: 20 }), 64, 'inconclusive'],
  ])('%s', (_, report, limit, kind) => {
    expect(judged(report, `growth < ${limit}B/op`, limit).kind).toBe(kind);
  });

  test('heap and resident set are judged at the end', () => {
    expect(judged(flat, 'heap < 6MB', 64).kind).toBe('pass');
    expect(judged(flat, 'heap < 4MB', 64).kind).toBe('fail');
    expect(judged(flat, 'rss < 64MB', 64).kind).toBe('pass');
  });

  test('an open answer says what would close it', () => {
    // The resolution is 32 768 B over 23 000 iterations, 1.42 B: a quarter more than that distance from the limit of 1 B.
    expect(judged(flat, 'growth < 1B/op', 1).needs).toBe(
      "finer resolution: 1.78 times the iterations, with duration: '11s'",
    );
    const few = reportOf({ heapAt: (i) => 5e6 + 100 * i, points: 20 });
    expect(judged(few, 'growth < 64B/op', 64).needs).toBe('at least 40 samples, not 20');
    const [soaked] = leakMeasurements(flat, { limit: 1, word: 'for' });
    expect(soaked!.data).toMatchObject({
      estimate: { warnings: [{ message: expect.stringMatching(/with for: '11s'$/) as string }] },
    });
    const [command] = leakMeasurements(flat, { limit: 1, word: lengthWord({ for: '9s' }, '/x/one-off.perf.ts') });
    expect(command!.data).toMatchObject({
      estimate: { warnings: [{ message: expect.stringMatching(/ iterations, with --for 11s$/) as string }] },
    });
    const given = { ...flat, plannedMs: undefined };
    expect(judged(given, 'growth < 1B/op', 1).needs).toMatch(/with iterations: 1781$/);
    const late = { ...few, stoppedBy: 'time' as const };
    expect(judged(late, 'growth < 64B/op', 64).needs).toMatch(/duration: '15s'$/);
    const full = { ...few, stoppedBy: 'memory' as const };
    expect(judged(full, 'growth < 64B/op', 64).needs).toMatch(/--max-old-space-size/);
    for (const report of [silent, leakingBeside])
      expect(judged(report, 'growth < 128B/op', 128).needs).toMatch(/^worker threads that answer/);
    expect(judged(flat, 'growth <= 0B/op', 0).needs).toMatch(/above 0/);
  });
});

test('a rehearsal asks for the real thing', () => {
  const [growth] = leakMeasurements(flat, { limit: 1, short: true });
  expect(growth!.data).toMatchObject({ estimate: { warnings: [{ message: 'a run that is not short' }] } });
});

describe('what the measurement remarks', () => {
  const remarks = (report: LeakReport) => leakMeasurements(report, { limit: 64 })[0]!.warnings!;

  test('what would have been seen', () => {
    expect(remarks(flat)).toEqual([
      { code: 'resolution', message: 'anything above 1.42 B per iteration would have been seen' },
    ]);
  });

  test('a leak, even one that the limit allows', () => {
    expect(remarks(leaking)).toEqual([
      { code: 'steady', message: 'memory grows steadily: 100 B per iteration [100 B, 100 B]' },
    ]);
  });

  test('which channel grew', () => {
    expect(remarks(buffers)).toEqual([
      {
        code: 'steady',
        message: 'memory outside the heap (buffers) grows steadily: 100 B per iteration [100 B, 100 B]',
      },
    ]);
    expect(remarks(both)).toEqual([
      {
        code: 'steady',
        message: 'memory on the heap and outside of it grows steadily: 200 B per iteration [200 B, 200 B]',
      },
      {
        code: 'grows-off-heap',
        message: 'memory outside the heap (buffers) grows steadily: 100 B per iteration [100 B, 100 B]',
      },
    ]);
    expect(remarks(bufferStep)[1]!.message).toMatch(/^memory outside the heap \(buffers\) grew in steps/);
  });

  test('what is inconclusive is bounded, or says that it is not', () => {
    const step = reportOf({ heapAt: (i) => 5e6 + (i > 4e4 ? 4e5 : 0) });
    expect(remarks(step)[1]!.message).toMatch(/^memory grew in steps.*: at most \d[\d.]* B per iteration$/);
    const short = { ...reportOf({ heapAt: (i) => 5e6 + 100 * i, points: 20 }), stoppedBy: 'time' as const };
    expect(remarks(short).map(({ code }) => code)).toEqual(['resolution', 'short', 'stopped-early']);
  });

  test('threads that nobody could ask, alone or beside a leak of others', () => {
    const message = 'there are worker threads that did not answer: what they keep is not known';
    expect(remarks(silent)).toEqual([{ code: 'silent', message }]);
    expect(remarks(leakingBeside)).toEqual([
      { code: 'steady', message: 'memory grows steadily: 100 B per iteration [100 B, ∞]' },
      { code: 'silent-threads', message },
    ]);
  });

  test('the series is time and bytes', () => {
    const series = leakMeasurements(leaking, { limit: 64 }).find(({ metric }) => metric === 'heap-after-gc')!.data;
    expect(series).toEqual({ kind: 'series', points: leaking.samples.map(({ at, heap }) => [at, heap]) });
    const warmed = leakMeasurements({ ...leaking, warmUpEndedAt: nanos(5) }, { limit: 64 });
    expect(warmed.find(({ metric }) => metric === 'heap-after-gc')!.data).toMatchObject({
      marks: [{ at: 5, label: 'warm-up ends' }],
    });
  });
});

function contextFor(signal = new AbortController().signal): RoundContext {
  const clock = { now: () => nanos(performance.now() * 1e6) };
  return { clock, seed: 1, round: 0, short: true, signal, collectGarbage: () => undefined, progress: () => undefined };
}

describe('a round', () => {
  const measure = (declared: Declaration, signal?: AbortSignal) => declared.instrument(contextFor(signal));

  test('surfaces what the cycle throws, as it is', async () => {
    const error = new Error('connection refused');
    let calls = 0;
    const throwing = leak('throws late', {
      cycle: () => {
        calls += 1;
        if (calls === 50) throw error;
      },
    });
    await expect(measure(throwing)).rejects.toBe(error);
    const rejecting = leak('rejects', { cycle: () => Promise.reject(error) });
    await expect(measure(rejecting)).rejects.toBe(error);
    const unprepared = leak('setup throws', { cycle, setup: () => Promise.reject(error) });
    await expect(measure(unprepared)).rejects.toBe(error);
  });

  test('closes what setup opened, also when the iteration throws', async () => {
    const closed: number[] = [];
    const error = new Error('broken');
    const iterate = (): never => {
      throw error;
    };
    const teardown = (port: number): unknown => closed.push(port);
    await expect(detectLeak({ setup: () => 7, iterate, teardown })).rejects.toBe(error);
    await detectLeak({ setup: () => 8, iterate: () => 0, teardown, iterations: 1, samples: 16, duration: '100ms' });
    expect(closed).toEqual([7, 8]);
  });

  test('refuses a bound whose size is none, before it measures, at its place', async () => {
    const sessions = new Map();
    const size = (): number => (sessions as unknown as { length: number }).length;
    const declared = leak('no size', { cycle, expectBounded: [{ name: 'sessions', size, atMost: 10 }] });
    const error = (await measure(declared).catch((each: unknown) => each)) as PerfError;
    expect(error).toMatchObject({
      exitCode: 2,
      message: 'the size of "sessions" is undefined, not a number of entries',
    });
    expect(error.location?.file).toContain('leak.test.ts');
  });

  test('stops when it is told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('interrupted'));
    await expect(measure(leak('aborted', { cycle }), controller.signal)).rejects.toThrow('interrupted');
  });
});

import { describe, expect, test } from 'vitest';
import { createHistogram, PerfError, stackLocations, type Declaration } from '@perfkeel/core';
import { judgeRounds } from '../../test/judge-rounds.ts';
import { roundContext } from '../../test/round-context.ts';
import { latency } from './latency.ts';
import { measureLatency } from './measure-latency.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What was thrown, with its place. */
async function refusal(measuring: Promise<unknown>): Promise<PerfError> {
  const error: unknown = await measuring.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof PerfError) return error;
  throw error;
}

describe('measuring', () => {
  test('the backend is the tail, and not the median', async () => {
    const { components, responseTime, warnings } = await measureLatency({
      components: ['route', 'backend'],
      samples: 100,
      warmup: 0,
      run: async ({ index, mark }) => {
        await sleep(2);
        mark('route');
        if (index % 20 === 19) await sleep(60);
        mark('backend');
      },
    });
    expect(warnings).toEqual([]);
    const [route, backend, rest] = components;
    expect(components.map(({ component }) => component)).toEqual(['route', 'backend', 'rest']);
    expect(route!.shares.p50).toBeGreaterThan(0.5);
    expect(backend!.shares.p99).toBeGreaterThan(0.5);
    expect(rest!.shares.p99).toBeLessThan(0.5);
    for (const { time } of components) expect(time.count).toBe(100);
    // The parts of all calls are the whole, but for what rounding down to nanoseconds takes from each.
    const sum = components.reduce((total, { time }) => total + time.mean, 0);
    expect(responseTime.mean - sum).toBeGreaterThanOrEqual(-1);
    expect(responseTime.mean - sum).toBeLessThanOrEqual(3);
  });

  test.each([1, 10, 100])('marks belong to their call, %d calls at a time', async (concurrency) => {
    const slept: Record<'even' | 'odd', number> = { even: 0, odd: 0 };
    const { components } = await measureLatency({
      components: ['even', 'odd'],
      samples: 300,
      warmup: 0,
      concurrency,
      run: async ({ index, mark }) => {
        const own = index % 2 === 0 ? 'even' : 'odd';
        const start = performance.now();
        await sleep(index % 3);
        slept[own] += performance.now() - start;
        mark(own);
      },
    });
    for (const { component, time } of components.slice(0, 2)) {
      expect([component, time.quantile(0.5), time.count]).toEqual([component, 0, 300]);
      // What the call itself saw lies within its component: a foreign mark would move milliseconds from one to the other.
      const total = time.mean * 300;
      expect(total / 1e6).toBeGreaterThanOrEqual(slept[component as 'even' | 'odd'] - 1);
      expect(total / 1e6).toBeLessThan(slept[component as 'even' | 'odd'] * 1.5 + 100);
    }
  });

  test('failed calls have no parts', async () => {
    const { components, errors } = await measureLatency({
      components: ['work'],
      samples: 20,
      warmup: 0,
      run: async ({ index, mark }) => {
        await sleep(index % 2 === 0 ? 60 : 0);
        mark('work');
        if (index % 2 === 0) throw new Error('no');
      },
    });
    expect([errors, components[0]?.time.count]).toEqual([10, 10]);
    expect(components[0]?.time.quantile(0.5)).toBeLessThan(50e6);
  });

  test('work that goes on after its call is said', async () => {
    let stray: Promise<void> | undefined;
    const { warnings } = await measureLatency({
      components: ['work', 'idle'],
      samples: 2,
      warmup: 0,
      run: async ({ index, mark }) => {
        if (index === 0) stray = sleep(5).then(() => mark('work'));
        else await stray;
        mark('work');
      },
    });
    expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'late-marks: 1 mark came after the end of the call, and is left out',
      'never-marked: no call marked idle: the time went to the next mark, or to rest',
    ]);
  });
});

describe('a mark that nobody declared ends the measurement, at its own line', () => {
  test('although a call that throws is otherwise data', async () => {
    let line = 0;
    let calls = 0;
    const measuring = measureLatency({
      components: ['route'],
      run: ({ mark }) => {
        calls++;
        line = stackLocations(String(new Error().stack))[0]!.line + 2;
        // @ts-expect-error the compiler knows the names
        mark('roote');
      },
    });
    expect(await refusal(measuring)).toMatchObject({ code: 'unknown-component', exitCode: 2, location: { line } });
    expect(calls).toBe(1);
  });

  test('in the middle of the calls, and when the call swallows it', async () => {
    const run = async ({ index, mark }: { index: number; mark: (name: 'route') => void }): Promise<void> => {
      await sleep(0);
      try {
        mark((index < 30 ? 'route' : 'roote') as 'route');
      } catch {
        // A hostile call says nothing.
      }
    };
    const measuring = measureLatency({ components: ['route'], samples: 100, concurrency: 10, run });
    expect(await refusal(measuring)).toMatchObject({
      message: `mark("roote"): no such component is declared; declared are 'route'`,
    });
  });

  test('and without any declaration too', async () => {
    // @ts-expect-error no names are declared
    const measuring = measureLatency({ run: ({ mark }) => mark('route') });
    expect(await refusal(measuring)).toMatchObject({
      message: 'mark("route"): this benchmark declares no components',
      hint: "Write components: ['route'].",
    });
  });
});

describe('declaring', () => {
  const parted = (): Declaration =>
    latency('parted', {
      components: ['route', 'backend'],
      samples: 60,
      warmup: 0,
      run: async ({ mark }) => {
        mark('route');
        await sleep(1);
        mark('backend');
      },
      objectives: [
        'p50 of backend < 10s',
        'p50 of backend < 1us',
        'p99 of backend < 10s',
        'backend-of-p99 > 1%',
        'route-of-p50 > 90%',
        'p50 of rest < 10s',
        'errors = 0',
      ],
    });

  test('three metrics for each component, the rest included', () => {
    const { metrics, primary } = parted();
    expect(primary).toBe('response-time');
    expect(metrics.slice(3).map(({ id }) => id)).toEqual([
      ...['route', 'route-of-p50', 'route-of-p99'],
      ...['backend', 'backend-of-p50', 'backend-of-p99'],
      ...['rest', 'rest-of-p50', 'rest-of-p99'],
      'response-times',
    ]);
    expect(metrics.slice(6, 9)).toEqual([
      { id: 'backend', unit: 'ns', better: 'lower', part: { of: 'response-time', component: 'backend' } },
      {
        id: 'backend-of-p50',
        unit: 'ratio',
        better: 'neither',
        part: { of: 'response-time', component: 'backend', q: 0.5 },
      },
      {
        id: 'backend-of-p99',
        unit: 'ratio',
        better: 'neither',
        part: { of: 'response-time', component: 'backend', q: 0.99 },
      },
    ]);
  });

  test('a histogram for each, and one exact share of each quantile', async () => {
    const { measurements } = await parted().instrument(roundContext());
    expect(measurements.slice(3).map(({ metric, data }) => `${metric} ${data.kind}`)).toEqual([
      ...['route histogram', 'route-of-p50 exact', 'route-of-p99 exact'],
      ...['backend histogram', 'backend-of-p50 exact', 'backend-of-p99 exact'],
      ...['rest histogram', 'rest-of-p50 exact', 'rest-of-p99 exact'],
    ]);
    const [, , , route, ofMedian] = measurements;
    expect(route?.data.kind === 'histogram' && createHistogram(route.data.histogram).count).toBe(60);
    expect(ofMedian?.data.kind === 'exact' && ofMedian.data.value).toBeLessThan(0.5);
  });

  test('objectives on components and on shares are judged', async () => {
    const judgements = await judgeRounds(parted(), 2);
    expect(judgements.map(({ objective, verdict }) => `${objective}: ${verdict.kind} ${verdict.needs ?? ''}`)).toEqual([
      'p50 of backend < 10s: pass ',
      'p50 of backend < 1us: fail ',
      'p99 of backend < 10s: inconclusive 179 more samples',
      'backend-of-p99 > 1%: pass ',
      'route-of-p50 > 90%: fail ',
      'p50 of rest < 10s: pass ',
      'errors = 0: pass ',
    ]);
  });

  test.each([
    ['no list', 'route', 'components'],
    ['an empty list', [], 'components'],
    ['a name that no objective could say', ['to the backend'], 'components'],
    ['a number', [5], 'components'],
    ['a name twice', ['route', 'route'], 'components'],
    ['the rest', ['rest'], 'components'],
    ['another metric', ['errors'], 'components'],
    ['a statistic', ['p99'], 'components'],
    ['the name of a share', ['a', 'a-of-p99'], 'components'],
    ['more than anybody reads', Array.from({ length: 51 }, (_, i) => `c${i}`), 'components'],
  ])('%s is refused', (_what, components, excerpt) => {
    expect(() => latency('bad', { run: () => 1, components: components as never })).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        exitCode: 2,
        excerpt,
        location: expect.objectContaining({ file: expect.stringContaining('components.test.ts') as string }) as object,
      }) as Error,
    );
  });

  test('a component without a statistic has many values', () => {
    const objectives = ['route < 5ms'] as never;
    expect(() => latency('bad', { run: () => 1, components: ['route'], objectives })).toThrow(
      expect.objectContaining({
        code: 'bad-objective',
        message: '"route < 5ms" is not an objective: "route" has many values',
        hint: 'Say which: "p99 of route < 200ms" or "median of route < 200ms".',
        excerpt: 'route < 5ms',
        location: expect.anything() as object,
      }) as Error,
    );
  });

  test('times that are kept call by call have an end', () => {
    expect(() => latency('bad', { run: () => 1, components: ['a'], samples: 25_000_001 })).toThrow(
      expect.objectContaining({ code: 'bad-option', excerpt: 'samples', hint: 'Write samples: 25000000.' }) as Error,
    );
  });
});

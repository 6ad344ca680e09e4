import { describe, expect, test } from 'vitest';
import { createHistogram, metrics, PerfError, type Declaration } from '@perfkeel/core';
import { judgeRounds } from '../../test/judge-rounds.ts';
import { roundContext } from '../../test/round-context.ts';
import { samplesFor } from './default-samples.ts';
import { latency } from './latency.ts';
import type { LatencyObjective } from './latency-objective.ts';
import { measureLatency } from './measure-latency.ts';

const timed = [metrics.responseTime, metrics.throughput, metrics.errors];

test.each<[string, LatencyObjective[], number, number, number]>([
  ['nothing is promised', [], 5, 1, 200],
  ['a median takes five', ['median < 1s'], 5, 1, 200],
  ['p95 takes 59', ['p95 < 1s'], 5, 1, 200],
  ['p99 takes 299, in each round', ['median < 1s', 'p99 < 1s', 'p95 < 1s'], 5, 1, 299],
  ['p1 as many from the other side', ['p1 > 1ms'], 5, 1, 299],
  ['p99.9 takes 2995, in three of five rounds', ['p99.9 < 1s'], 5, 1, 1000],
  ['p99.9 in two rounds', ['p99.9 < 1s'], 2, 1, 1498],
  ['p99.9 in one', ['p99.9 < 1s'], 1, 1, 2995],
  ['p99.99 takes 29956, in all rounds together', ['p99.99 < 1s'], 5, 1, 5992],
  ['nobody waits for p99.99999 by default', ['p99.99999 < 1s'], 5, 1, 100_000],
  ['the largest is as it was observed', ['max < 1s', 'min > 1ns', 'mean < 1s'], 5, 1, 200],
  ['a share of errors is bounded like a quantile', ['errors < 1%'], 5, 1, 299],
  ['no errors are as they were observed', ['errors = 0'], 5, 1, 200],
  ['many at a time take ten calls each', ['p99 < 1s'], 5, 100, 1000],
])('%s', (_what, objectives, rounds, concurrency, samples) => {
  expect(samplesFor({ objectives, metrics: timed, rounds, concurrency })).toBe(samples);
});

const callsOf = async (declaration: Declaration): Promise<number> => {
  const { measurements } = await declaration.instrument(roundContext());
  const [time] = measurements;
  return time?.data.kind === 'histogram' ? createHistogram(time.data.histogram).count : NaN;
};

describe('in a declaration', () => {
  test('the strictest objective counts, also one of a component, unless somebody says how many', async () => {
    const run = (): number => 1;
    expect(await callsOf(latency('none', { run }))).toBe(200);
    expect(await callsOf(latency('tail', { run, objectives: ['p99 < 10s'] }))).toBe(299);
    expect(await callsOf(latency('own', { run, samples: 7, objectives: ['p99 < 10s'] }))).toBe(7);
    expect(await callsOf(latency('wide', { run, concurrency: 50 }))).toBe(500);
    const parted = latency('part', { run, components: ['a'], objectives: ['p99 of a < 10s'] });
    expect(await callsOf(parted)).toBe(299);
  });

  test('a direct call promises nothing', async () => {
    expect((await measureLatency({ run: () => 1 })).calls).toBe(200);
    expect((await measureLatency({ run: () => 1, concurrency: 30 })).calls).toBe(300);
  });

  test.each([0, -1, NaN, Infinity, 1.5])('a wrong number of rounds (%d) is refused as ever', (rounds) => {
    const refused = (): unknown => latency('bad', { run: () => 1, rounds, objectives: ['p99 < 1s'] });
    expect(refused).toThrow(PerfError);
    expect(refused).toThrow(expect.objectContaining({ code: 'bad-declaration', excerpt: 'rounds' }) as PerfError);
  });
});

describe('verdicts', () => {
  const verdict = async (samples: number | undefined, objective: LatencyObjective): Promise<string> => {
    const size = samples === undefined ? {} : { samples };
    const declaration = latency('judged', { run: () => 1, warmup: 0, objectives: [objective], ...size });
    const [judgement] = await judgeRounds(declaration, 2);
    const { kind, reasons, needs } = judgement!.verdict;
    return [kind, reasons[0]?.code, needs].filter(Boolean).join(', ');
  };

  test.each<[number | undefined, LatencyObjective, string]>([
    [29, 'p95 < 10s', 'inconclusive, too-few-samples, 1 more sample'],
    [30, 'p95 < 10s', 'pass'],
    [100, 'p99 < 10s', 'inconclusive, too-few-samples, 99 more samples'],
    [149, 'p99 < 10s', 'inconclusive, too-few-samples, 1 more sample'],
    [150, 'p99 < 10s', 'pass'],
    [undefined, 'p99 < 10s', 'pass'],
    // Written for five rounds, measured in two.
    [undefined, 'p99.9 < 10s', 'inconclusive, too-few-samples, 995 more samples'],
    [100, 'errors < 1%', 'inconclusive, too-few-samples, 99 more attempts'],
    [undefined, 'errors < 1%', 'pass'],
  ])('%s calls in each of two rounds for "%s": %s', async (samples, objective, expected) => {
    expect(await verdict(samples, objective)).toBe(expected);
  });
});

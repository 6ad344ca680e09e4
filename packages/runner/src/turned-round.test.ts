import { metrics, type BenchmarkPlan, type Measurement } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { remarkTurned, turnedRound } from './turned-round.ts';

const { responseTime, throughput, errors } = metrics;
const planOf = (objectives: readonly string[], changes: Partial<BenchmarkPlan> = {}): BenchmarkPlan => ({
  ...{ id: 'orders', kind: 'load', tags: [], rounds: 1, sourceHash: '', primary: responseTime.id, quantiles: true },
  ...{ metrics: [responseTime, throughput, errors], objectives, ...changes },
});

describe('a promise that is', () => {
  it.each([
    ['p99 > 200ms', '"p99 > 200ms" is kept by what is slower than 200ms; did you mean "p99 < 200ms"?'],
    ['errors >= 1%', '"errors >= 1%" is kept by what is more than 1%; did you mean "errors <= 1%"?'],
    ['throughput < 99/s', '"throughput < 99/s" is kept by what is less than 99/s; did you mean "throughput > 99/s"?'],
  ])('kept by what is bad is asked about: %s', (objective, sentence) => {
    expect(turnedRound(planOf(['p50 < 1s', objective]))).toEqual([sentence]);
  });

  it.each([['p99 < 200ms'], ['errors = 0'], ['throughput >= 99/s'], ['min > 1ms'], ['p0 > 1ms']])(
    'kept by what is good is not: %s',
    (objective) => {
      expect(turnedRound(planOf([objective]))).toEqual([]);
    },
  );

  it('one end of a band is not, and of another statistic is', () => {
    expect(turnedRound(planOf(['median > 39ms', 'p50 < 250ms']))).toEqual([]);
    expect(turnedRound(planOf(['median > 39ms', 'p99 < 250ms']))).toHaveLength(1);
  });

  it('meant to fail is not', () => {
    expect(turnedRound(planOf(['p99 > 200ms'], { expected: 'fail' }))).toEqual([]);
  });
});

it('stands among the remarks of its benchmark once, however often the run is put together', () => {
  const measured = (benchmark: string, round: number): Measurement => ({
    ...{ benchmark, metric: errors.id, round, dropped: 0, warnings: [], data: { kind: 'exact', value: 0 } },
  });
  const measurements = [measured('other', 0), measured('orders', 0), measured('orders', 1)];
  const plans = [planOf(['p99 > 1s', 'errors > 1%'])];
  const once = remarkTurned(measurements, plans);
  expect(once.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([[], ['turned-round'], []]);
  expect(once[1]!.warnings[0]!.message.match(/did you mean/g)).toHaveLength(2);
  expect(remarkTurned(once, plans)).toEqual(once);
});

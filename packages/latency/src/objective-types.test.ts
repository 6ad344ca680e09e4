import { expect, test } from 'vitest';
import { metrics, parseObjective, type Metric } from '@perfkeel/core';
import type { BenchObjective } from './bench/bench.ts';
import type { LatencyObjective } from './latency/latency-objective.ts';
import type { StartupObjective } from './startup/startup.ts';

const bench = (...objectives: readonly BenchObjective[]): readonly string[] => objectives;
const latency = (...objectives: readonly LatencyObjective[]): readonly string[] => objectives;
const parted = (...objectives: readonly LatencyObjective<'backend'>[]): readonly string[] => objectives;
const startup = (...objectives: readonly StartupObjective[]): readonly string[] => objectives;

test('what the compiler accepts is understood', () => {
  const timed = { metrics: [metrics.responseTime, metrics.throughput, metrics.errors], primary: 'response-time' };
  const accepted = [
    ...bench('min < 200ms', 'median <= 3us', 'mean < 1.5s', 'throughput >= 100/s'),
    ...latency('p99.9 < 2s', 'errors < 0.1%', 'errors = 0', 'max < 1m', 'throughput > 5/m'),
    ...startup('median < 3s', 'p95 <= 400ms', 'min > 1ns'),
  ];
  expect(accepted.map((objective) => parseObjective(objective, timed).source)).toEqual(accepted);
});

test('objectives on the parts of a call are understood', () => {
  const part = (id: string, unit: 'ns' | 'ratio'): Metric => ({ id, unit, better: 'lower' });
  const metrics = [
    part('backend', 'ns'),
    part('backend-of-p99', 'ratio'),
    part('rest', 'ns'),
    part('rest-of-p50', 'ratio'),
  ];
  const accepted = parted('p99 of backend < 50ms', 'median of rest <= 1us', 'backend-of-p99 < 60%', 'rest-of-p50 < 1%');
  expect(accepted.map((objective) => parseObjective(objective, { metrics }).source)).toEqual(accepted);
});

test('what the compiler refuses is refused', () => {
  const refused = [
    // @ts-expect-error a time needs a unit
    ...bench('median < 200'),
    // @ts-expect-error a blank on both sides of the comparator
    ...bench('median <200ms'),
    // @ts-expect-error no such statistic
    ...bench('p99th < 200ms'),
    // @ts-expect-error a batch hides single operations
    ...bench('p99 < 200ms'),
    // @ts-expect-error a batch hides single operations
    ...bench('max < 200ms'),
    // @ts-expect-error no such unit
    ...bench('median < 200msec'),
    // @ts-expect-error a micro-benchmark has no errors
    ...bench('errors = 0'),
    // @ts-expect-error a time needs a unit
    ...latency('p99 < 200'),
    // @ts-expect-error a blank on both sides of the comparator
    ...latency('p99 <200ms'),
    // @ts-expect-error no such statistic
    ...latency('average < 200ms'),
    // @ts-expect-error a share needs a per cent sign
    ...latency('errors < 1'),
    // @ts-expect-error throughput is promised from below
    ...latency('throughput < 100/s'),
    // @ts-expect-error nothing has parts
    ...latency('p99 of rest < 5ms'),
    // @ts-expect-error no such part
    ...parted('p99 of frontend < 5ms'),
    // @ts-expect-error a part has many values
    ...parted('backend < 5ms'),
    // @ts-expect-error a share is in per cent
    ...parted('backend-of-p99 < 5ms'),
    // @ts-expect-error shares are of p50 and of p99
    ...parted('backend-of-p95 < 5%'),
    // @ts-expect-error a time needs a unit
    ...startup('median < 3'),
    // @ts-expect-error starts have no throughput
    ...startup('throughput > 1/s'),
  ];
  expect(refused).toHaveLength(19);
});

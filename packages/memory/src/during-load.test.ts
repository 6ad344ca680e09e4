import { metrics, nanos, type RoundMeasurement } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { requestsOf } from './during-load.ts';

/** A second of warm-up, and two that are measured. */
const during = { lasts: nanos(3e9) };
const attempts = { events: 0, trials: 200 };
const rate = (value: number): RoundMeasurement => ({ metric: metrics.throughput.id, data: { kind: 'exact', value } });
const course = (...rates: readonly number[]): RoundMeasurement => ({
  metric: metrics.throughput.id,
  data: { kind: 'series', points: rates.map((value, i) => [nanos((i + 1) * 1e9), value] as const) },
});

it.each<[string, readonly RoundMeasurement[], number]>([
  ['as the course tells them', [rate(100), course(40, 100, 100)], 240],
  ['as the course tells them, of answers that came late as well', [rate(50), course(0, 20, 80, 100)], 200],
  ['at the rate of the others without a course', [rate(100)], 300],
  ['as they are, when answers came so late that the rate is no guide', [rate(40)], 200],
  ['none that can be known without any rate', [], 200],
])('requests are counted with those of the warm-up, %s', (_, measurements, requests) => {
  expect(requestsOf(during, { measurements }, attempts)).toBeCloseTo(requests, 6);
});

it('a load without an answer has no more requests than it counts', () => {
  expect(requestsOf(during, { measurements: [rate(0)] }, { events: 200, trials: 200 })).toBe(200);
});

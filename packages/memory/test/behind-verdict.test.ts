import {
  judgeObjective,
  type BenchmarkPlan,
  type Declaration,
  type Measurement,
  type RoundResult,
} from '@perfkeel/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFixture, type Bundle } from './support/fixture.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleFixture('behind.mjs');
});
afterAll(() => bundle.remove());

test('phases are told apart, and a clean-up is a share of what a load took', async () => {
  const printed = JSON.parse(await bundle.run([])) as { plan: Omit<Declaration, 'instrument'>; result: RoundResult };
  const plan = { ...printed.plan, id: 'models' } as unknown as BenchmarkPlan;
  const measurements = printed.result.measurements.map((each): Measurement => ({
    ...each,
    benchmark: 'models',
    round: 0,
    dropped: 0,
    warnings: each.warnings ?? [],
  }));
  const judged = plan.objectives.map((each) => [each, judgeObjective(plan, each, measurements).verdict.kind]);
  expect(judged).toEqual([
    ['growth < 64KB/op', 'pass'],
    ['growth of switch < 64B/op', 'fail'],
    ['given-back > 50%', 'pass'],
  ]);
  const estimate = (metric: string) => {
    const data = measurements.find((each) => each.metric === metric)!.data;
    if (data.kind !== 'estimate') throw new Error(`${metric} is ${data.kind}`);
    return data.estimate;
  };
  // An array of 510 slots is 4096 B; it comes with its header, its key and its place in the map.
  expect(estimate('growth-of-switch').value).toBeGreaterThan(4000);
  expect(estimate('growth-of-switch').value).toBeLessThan(4600);
  expect(estimate('growth-of-answer').hi).toBeLessThan(200);
  expect(measurements.find(({ metric }) => metric === 'growth-of-never')!.warnings[0]!.code).toBe('never-marked');
});

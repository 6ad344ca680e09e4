import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LeakReport } from '../src/index.ts';
import { bundleFixture, type Bundle } from './support/fixture.ts';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleFixture('workloads.mjs');
});
afterAll(() => bundle.remove());

/** So many iterations between two samples: a busy machine takes longer for them, and measures no fewer. */
const iterations: Record<string, number> = {
  ...{ set256: 200, slots: 1000, bounded: 200, buffers: 500, bigBuffers: 10_000 },
  ...{ droppedBuffers: 500, droppedBigBuffers: 1000, pending: 300, http: 10 },
};

const reportOf = async (workload: string): Promise<LeakReport> =>
  JSON.parse(await bundle.run([workload, '100ms', String(iterations[workload])])) as LeakReport;

/** As many as fit the time and the memory. */
const plannedReportOf = async (workload: string, nodeOptions: string[]): Promise<LeakReport> =>
  JSON.parse(await bundle.run([workload, '1s'], nodeOptions)) as LeakReport;

describe.concurrent('real code in a fresh process', { timeout: 120_000 }, () => {
  test('a steady workload is stable, to less than 16 B an iteration', async () => {
    const report = await plannedReportOf('steady', []);
    expect(report.verdict).toBe('stable');
    expect(report.perIteration.hi).toBeLessThan(16);
    expect(report.samples).toHaveLength(48);
    const rounds = report.samples.map(
      ({ iterations }, i) => iterations - (report.samples[i - 1]?.iterations ?? report.warmUpIterations),
    );
    const mean = report.iterationsPerSample;
    for (const round of rounds) expect(Math.abs(round - mean)).toBeLessThanOrEqual(mean / 4 + 0.5);
    expect(new Set(rounds).size).toBeGreaterThan(1);
  });

  test('a set that keeps 256 B an iteration is a leak of that and of its table', async () => {
    const report = await reportOf('set256');
    expect([report.verdict, report.reason]).toEqual(['leak', 'steady']);
    // A table that doubles has 20 B for each place in it, and 1.39 places for each entry on average.
    expect(Math.abs(report.perIteration.value / (256 + 20 * 2 * Math.LN2) - 1)).toBeLessThan(0.1);
    expect(report.perIteration.lo).toBeGreaterThan(230);
    expect(report.heap - report.samples[0]!.heap).toBeGreaterThan(0.9 * 256 * report.iterations);
  });

  test('a set of numbers, which only grows when it is full, never passes as less than it is', async () => {
    const { verdict, perIteration } = await reportOf('slots');
    expect(perIteration.hi, verdict).toBeGreaterThan(16);
  });

  test('a cache that fills and then is bounded is no leak', async () => {
    const report = await reportOf('bounded');
    expect(report.verdict).not.toBe('leak');
  });

  test('buffers of 1 KB that are kept every tenth time are a leak of them and of their headers', async () => {
    const { verdict, channels, perIteration } = await reportOf('buffers');
    expect([verdict, channels.external.verdict]).toEqual(['leak', 'leak']);
    expect(channels.external.perIteration.value).toBeCloseTo(102.4, -1);
    expect(perIteration.lo).toBeGreaterThan(100);
    expect(perIteration.value).toBeLessThan(140);
  });

  test('buffers of 1 MB that are kept now and then never pass', async () => {
    const { verdict, channels, perIteration } = await reportOf('bigBuffers');
    expect(channels.external.verdict).not.toBe('stable');
    expect(perIteration.hi, verdict).toBeGreaterThan(90);
  });

  test.each(['droppedBuffers', 'droppedBigBuffers'])('%s are no leak', async (workload) => {
    expect((await reportOf(workload)).verdict).not.toBe('leak');
  });

  test('an asynchronous cycle is stable', async () => {
    expect((await reportOf('pending')).verdict).toBe('stable');
  });

  test('requests to a server in the same process are no leak', async () => {
    expect((await reportOf('http')).verdict).not.toBe('leak');
  });

  test('a leak is found in a small heap, before it is full', async () => {
    const report = await plannedReportOf('set256', ['--max-old-space-size=24', '--expose-gc']);
    expect([report.verdict, report.stoppedBy]).toEqual(['leak', undefined]);
  });
});

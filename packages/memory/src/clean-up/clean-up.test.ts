import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Probe } from '../probe.ts';
import { cleanUpMeasurements, describeCleanUp } from './clean-up-metrics.ts';
import { givenBack, measureCleanUp } from './clean-up.ts';

describe('what a load gives back', () => {
  it.each<[string, number, number, number, [value: number, lo: number, hi: number]]>([
    ['everything', 10e6, 110e6, 10e6, [1, 0.99, 1]],
    ['a half', 10e6, 110e6, 60e6, [0.5, 0.49, 0.51]],
    ['nothing', 10e6, 110e6, 110e6, [0, 0, 0.01]],
    ['more than it took', 10e6, 110e6, 5e6, [1, 1, 1]],
    ['more memory than at its peak', 10e6, 110e6, 130e6, [0, 0, 0]],
  ])('%s', (_, before, most, after, [value, lo, hi]) => {
    const { share } = givenBack(before, most, after, 1e6);
    expect(share.value).toBeCloseTo(value, 9);
    expect(share.lo).toBeCloseTo(lo, 9);
    expect(share.hi).toBeCloseTo(hi, 9);
  });

  it('is open when it took no more than noise, also when nothing moved at all', () => {
    const { share } = givenBack(10e6, 11e6, 11e6, 1e6);
    expect(share).toMatchObject({ lo: 0, hi: 1 });
    expect(share.warnings[0]!.message).toBe(
      'a load that takes more memory: this one took 1 MB, and 2 MB could be noise',
    );
    expect(givenBack(5, 5, 5, 0).share).toMatchObject({ lo: 0, hi: 1 });
  });
});

/** A process as a load would leave it: it takes 1 MB a call, and keeps a quarter once it was collected. */
function process(): { probe: Probe; work: (calls: number) => Promise<number>; calls: () => number } {
  let [kept, garbage, done] = [0, 0, 0];
  return {
    calls: () => done,
    work: (calls) => {
      done += calls;
      kept += calls * 250_000;
      garbage += calls * 750_000;
      return Promise.resolve(calls);
    },
    probe: {
      heapLimit: () => Infinity,
      read: () => {
        garbage = 0;
        return Promise.resolve({ heap: 5e6 + kept, external: 0, rss: 50e6 + kept });
      },
      look: () => Promise.resolve({ heap: 6e6 + kept + garbage, rss: 50e6 + kept + garbage }),
    },
  };
}

it('is the share of the peak under load that is gone behind one collection', async () => {
  const { probe, work, calls } = process();
  const signal = new AbortController().signal;
  const cleanUp = await measureCleanUp({ work, probe, clients: 40, loadMs: 0, waitMs: 1, signal });
  expect(calls()).toBe(40);
  expect(cleanUp.heap).toMatchObject({ gained: 40e6, kept: 10e6, share: { value: 0.75 } });
  expect(cleanUp.rss).toMatchObject({ gained: 40e6, kept: 10e6, share: { value: 0.75 } });
  expect(cleanUpMeasurements(cleanUp).map(({ metric }) => metric)).toEqual(['given-back', 'rss-given-back']);
  expect(describeCleanUp(cleanUp)).toMatch(
    /the heap gave back 75 ?% of 40 MB, the resident set gave back 75 ?% of 40 MB$/,
  );
});

it('ends the load before a leak runs out of memory', async () => {
  const { probe, work, calls } = process();
  const signal = new AbortController().signal;
  const limited = { ...probe, heapLimit: () => 65e6 };
  const slowly = (): Promise<number> => sleep(20).then(() => work(10));
  const cleanUp = await measureCleanUp({ work: slowly, probe: limited, clients: 1, loadMs: 20_000, waitMs: 1, signal });
  expect(calls()).toBe(40);
  expect(cleanUp.loadMs).toBeLessThan(10_000);
  expect(cleanUp.heap!.kept).toBe(10e6);
});

it('tells the resident set alone of a program that only the system knows', async () => {
  const { probe, work } = process();
  const blind = { ...probe, look: async () => ({ ...(await probe.look()), heap: NaN }) };
  const signal = new AbortController().signal;
  const cleanUp = await measureCleanUp({ work, probe: blind, clients: 40, loadMs: 0, waitMs: 1, signal });
  expect(cleanUpMeasurements(cleanUp).map(({ metric }) => metric)).toEqual(['rss-given-back']);
});

it('ends when it is told to', async () => {
  const { probe, work } = process();
  const signal = AbortSignal.abort(new Error('interrupted'));
  await expect(measureCleanUp({ work, probe, clients: 1, loadMs: 0, waitMs: 1, signal })).rejects.toThrow(
    'interrupted',
  );
});

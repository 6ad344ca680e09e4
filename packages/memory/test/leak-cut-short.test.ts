import type { RoundMeasurement, RoundResult } from '@perfkeel/core';
import { afterEach, expect, it } from 'vitest';
import { analyzeChannels, attachTo, detectLeak, type MemorySample } from '../src/index.ts';
import { leak } from '../src/leak.ts';
import { contextFor, estimateOf, leaveServers, serve, serverCommand } from './support/leak-server.ts';

afterEach(leaveServers);

const pointsOf = ({ measurements }: RoundResult): number => {
  const data = measurements.find(({ metric }) => metric === 'heap-after-gc')?.data;
  return data?.kind === 'series' ? data.points.length : 0;
};

it('what was seen of a server until it died is kept, with what it had kept per request', async () => {
  const kept: RoundResult[] = [];
  const running = await serve('dying');
  const { instrument } = leak('dies', {
    target: serverCommand,
    request: {},
    iterations: 10,
    samples: 200,
    duration: '1s',
  });
  const round = instrument({ ...contextFor(running), checkpoint: (result) => void kept.push(result) });
  await expect(round).rejects.toMatchObject({ code: 'target-ended' });
  const last = kept.at(-1)!;
  // It ends with request 1600, and a sample is 10: a message is due every quarter of a second.
  expect(pointsOf(last)).toBeGreaterThan(40);
  expect(pointsOf(last)).toBeLessThan(160);
  expect(estimateOf(last).value).toBeGreaterThan(3500);
  expect(estimateOf(last).value).toBeLessThan(5000);
}, 120_000);

it('what a library user is told sample by sample is what was seen until then', async () => {
  const { url, pid } = await serve('dying');
  const target = await attachTo({ pid: pid! });
  const kept: MemorySample[] = [];
  const detected = detectLeak({
    ...{ target, iterations: 10, samples: 200 },
    iterate: async () => (await fetch(url)).text(),
    onSample: (_done, _of, sample) => void kept.push(sample),
  });
  await expect(detected).rejects.toThrow();
  await target.close();
  expect(kept.length).toBeGreaterThan(40);
  expect(analyzeChannels(kept)).toMatchObject({ verdict: 'leak', reason: 'steady' });
}, 120_000);

it('of its own process the course alone is kept as it goes on, and the verdict before anything else is done', async () => {
  const kept: (readonly RoundMeasurement[])[] = [];
  const error = new Error('no explanation');
  const cycle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  const { instrument } = leak('ends', { cycle, iterations: 2, samples: 16, idle: '1s', explain: false });
  const abort = new AbortController();
  const context = {
    ...{ ...contextFor(undefined), signal: abort.signal },
    checkpoint: ({ measurements }: RoundResult) => void kept.push(measurements),
    // The first thing that is told behind the verdict.
    progress: (text: string) => (text === 'idle' ? abort.abort(error) : undefined),
  };
  await expect(instrument(context)).rejects.toThrow();
  const ids = kept.map((measurements) => measurements.map(({ metric }) => metric));
  const course = ['heap', 'rss', 'heap-after-gc'];
  expect(ids.slice(0, -1)).toEqual(ids.slice(1).map(() => course));
  expect(ids.length).toBeGreaterThan(1);
  expect(ids.at(-1)).toEqual(['growth', ...course]);
});

import {
  createHistogram,
  judgeObjective,
  type BenchmarkPlan,
  type Measurement,
  type RoundContext,
} from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { load } from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { serveHttp } from './support/servers.ts';

const context = (url: string): RoundContext => roundContext({ target: { url } });

describe.concurrent('an objective of any window', () => {
  it('is missed by one bad stretch that all of the run hardly shows', async () => {
    let asked = 0;
    // The first 1.2 s are slow: most of what is over in the first two seconds, and a third of all.
    const slow = await serveHttp((_, response) => void setTimeout(() => response.end('ok'), asked++ < 60 ? 500 : 0));
    const objectives = ['p50 < 300ms', 'p50 of any 2s window < 300ms', 'errors of any 2s window = 0'] as const;
    const pace = { rate: '50/s', for: '3500ms', warmup: '0s' } as const;
    const declaration = load('windows', { url: slow.url, requests: { path: '/' }, ...pace, objectives });
    const { measurements } = await declaration.instrument(context(slow.url));
    await slow.close();
    const plan = { ...declaration, id: 'windows', sourceHash: '' } as BenchmarkPlan;
    const all = measurements.map((m): Measurement => ({
      ...m,
      dropped: 0,
      warnings: [],
      benchmark: 'windows',
      round: 0,
    }));
    const verdicts = objectives.slice(1).map((objective) => judgeObjective(plan, objective, all).verdict.kind);
    expect(verdicts).toEqual(['fail', 'pass']);
    const whole = all.find(({ metric, data }) => metric === 'response-time' && data.kind === 'histogram')!.data;
    expect(whole.kind === 'histogram' && createHistogram(whole.histogram).quantile(0.5)).toBeLessThan(300e6);
  });

  it('ends a round that is to stop early, as soon as one has missed it', async () => {
    const slow = await serveHttp((_, response) => void setTimeout(() => response.end('ok'), 50));
    const declaration = load('windows', {
      ...{ url: slow.url, requests: { path: '/' }, rate: '50/s', for: '30s', warmup: '0s', stopEarly: true },
      objectives: ['p99 of any 2s window < 20ms'],
    });
    const { measurements } = await declaration.instrument(context(slow.url));
    await slow.close();
    const [whole] = measurements;
    expect(whole!.dropped).toBeGreaterThan(1000);
    expect(whole!.warnings!.find(({ code }) => code === 'stopped-early')?.message).toBe(
      'the load was ended: "p99 of any 2s window < 20ms" could no longer be kept: one window has missed it',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { createRng } from './rng.ts';
import { quantile, sorted } from './statistics/quantile.ts';
import { drawSample, fakeClock, referenceDistributions, samplePlan, sampleRun } from './testing.ts';
import { nanos } from './units.ts';

describe('fakeClock', () => {
  it('moves only when told, and only forward', () => {
    const clock = fakeClock(nanos(5));
    expect([clock.now(), clock.now()]).toEqual([5, 5]);
    clock.advance(nanos(10));
    expect(clock.now()).toBe(15);
    expect(() => clock.advance(nanos(-1))).toThrow(RangeError);
    expect(() => clock.advance(nanos(NaN))).toThrow(RangeError);
  });
});

describe('reference distributions', () => {
  it.each(referenceDistributions.map((distribution) => [distribution.name, distribution] as const))(
    '%s: draws agree with the quantiles that it claims',
    (_, distribution) => {
      const size = 20_000;
      const sample = sorted(drawSample(distribution, size, createRng(1)));
      expect(sample.every(Number.isFinite)).toBe(true);
      for (const q of [0.05, 0.25, 0.5, 0.75, 0.95]) {
        // Five standard errors of the share below.
        const slack = 5 * Math.sqrt((q * (1 - q)) / size);
        expect(distribution.quantile(q)).toBeGreaterThanOrEqual(quantile(sample, q - slack));
        expect(distribution.quantile(q)).toBeLessThanOrEqual(quantile(sample, q + slack));
      }
    },
  );

  it('are repeatable', () => {
    const [distribution] = referenceDistributions;
    expect(drawSample(distribution!, 5, createRng(3))).toEqual(drawSample(distribution!, 5, createRng(3)));
  });
});

describe('sampleRun', () => {
  it('is the same each time, and another with another seed', () => {
    expect(sampleRun()).toEqual(sampleRun());
    expect(sampleRun({ seed: 2 }).measurements).not.toEqual(sampleRun().measurements);
  });

  it.each([
    ['one benchmark that passes', {}, 'pass'],
    ['one that fails', { plans: [samplePlan({ objectives: ['p99 < 1us'] })] }, 'fail'],
    ['nothing', { plans: [] }, 'could-not-measure'],
    [
      'a failure',
      { failures: [{ benchmark: 'parse one order', error: { code: 'threw', message: 'no', exitCode: 4 } }] },
      'could-not-measure',
    ],
  ] as const)('holds %s', (_, options, kind) => {
    expect(sampleRun(options).verdict.kind).toBe(kind);
  });

  it('takes what it is given', () => {
    const run = sampleRun({ id: 'x', environment: { cores: 64 }, provenance: { branch: 'topic' }, measurements: [] });
    expect(run).toMatchObject({ id: 'x', environment: { cores: 64, ci: false }, provenance: { branch: 'topic' } });
    expect(run.verdict.kind).toBe('inconclusive');
  });
});

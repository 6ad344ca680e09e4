import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wilsonShare, wilsonTrials } from './wilson.ts';

describe('wilsonShare', () => {
  // Newcombe, "Two-Sided Confidence Intervals for the Single Proportion" (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published interval', (events, trials, lo, hi) => {
    const share = wilsonShare(events, trials);
    expect([share.lo.toFixed(4), share.hi.toFixed(4)]).toEqual([lo.toFixed(4), hi.toFixed(4)]);
    expect(share.value).toBe(events / trials);
  });

  it('ends at 1 when nothing was lost, and knows nothing without trials', () => {
    expect(wilsonShare(20, 20)).toMatchObject({ value: 1, hi: 1, method: 'Wilson score interval, 20 of 20' });
    expect(wilsonShare(20, 20).lo.toFixed(3)).toBe('0.839');
    expect(wilsonShare(0, 0)).toMatchObject({ value: NaN, lo: 0, hi: 1 });
  });
});

describe('wilsonTrials', () => {
  it.each([
    [1, 0.95, 73],
    [1, 0.9, 35],
    [0.98, 0.95, 203],
    [0.5, 0.95, 1],
  ])('of a share of %d against %d is the first number that decides', (share, limit, trials) => {
    expect(wilsonTrials(share, limit)).toBe(trials);
    const { lo, hi } = wilsonShare(share * trials, trials);
    expect(lo > limit || hi < limit).toBe(true);
  });

  it.each([
    [0, 73],
    [4, 202],
  ])('of %i mistakes against 95 %% is what the guide says', (mistakes, trials) => {
    const decides = (n: number): boolean => wilsonShare(n - mistakes, n).lo > 0.95;
    expect([decides(trials - 1), decides(trials)]).toEqual([false, true]);
    const guide = readFileSync(new URL('../../../../docs/guides/llm.md', import.meta.url), 'utf8');
    expect(guide).toContain(mistakes === 0 ? `${trials} of ${trials}` : `${trials} with ${mistakes}`);
  });

  it('is without end where the share is the limit', () => {
    expect(wilsonTrials(0.95, 0.95)).toBe(Infinity);
  });
});

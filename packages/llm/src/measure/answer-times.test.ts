import { createHistogram, type HistogramData } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { Completion } from '../client/completion.ts';
import { answerTimes, countTokens, tpotOf } from './answer-times.ts';
import { isGood } from './goodput.ts';

const answer = (arrivals: readonly number[], more: Partial<Completion> = {}): Completion => ({
  ...{ model: 'm', arrivals, events: arrivals.length, end: (arrivals.at(-1) ?? 0) + 1, text: 'a b', reasoning: '' },
  ...more,
});

const values = (data: HistogramData): readonly number[] => {
  const histogram = createHistogram();
  histogram.add(data);
  return Array.from({ length: histogram.count }, (_, n) => histogram.valueAtRank(n + 1));
};

describe('answerTimes', () => {
  it('takes the gap to the last text over all tokens but the first, and the gaps as they are', () => {
    const times = answerTimes([answer([100, 160, 400], { usage: 4, firstOutput: 160, firstByte: 2 })], undefined);
    expect(values(times.ttft)).toEqual([100]);
    expect(values(times.ttfo)).toEqual([160]);
    expect(values(times.tpot)).toEqual([100]);
    expect(values(times.icl)).toEqual([60, 240]);
    expect(values(times.e2e)).toEqual([401]);
    expect([times.tokens, times.arrivals, times.unstreamed]).toEqual([4, 3, 0]);
  });

  it('knows no pace of a single token, of an answer in one piece, and of one that failed', () => {
    const failure = { code: 'cut-off', message: '' };
    const all = [answer([5], { usage: 1 }), answer([5], { usage: 9 }), answer([5, 6], { usage: 2, failure })];
    const times = answerTimes(all, undefined);
    expect([times.tpot.count, times.ttft.count, times.unstreamed]).toEqual([0, 2, 1]);
  });

  it('says who counted', () => {
    const words = { id: 'words', count: (text: string) => text.split(' ').length };
    expect(countTokens(answer([1], { usage: 9 }), words)).toEqual({ tokens: 9, sent: 9, from: 'usage' });
    expect(countTokens(answer([1, 2, 3]), words)).toEqual({ tokens: 2, sent: 2, from: 'words' });
    expect(countTokens(answer([1, 2, 3]), undefined)).toEqual({ tokens: 3, sent: 3, from: 'events' });
    // A server that says 0 and sends text has not counted.
    expect(countTokens(answer([1, 2], { usage: 0 }), undefined)).toEqual({ tokens: 2, sent: 2, from: 'events' });
    expect(tpotOf(answer([1]), 5)).toBeUndefined();
  });
});

describe('reasoning', () => {
  it('that is counted and not sent is no part of the pace, and part of what the server made', () => {
    const hidden = answer([500, 600, 700], { usage: 43, reasoningUsage: 40 });
    const times = answerTimes([hidden], undefined);
    expect([values(times.tpot), times.tokens, times.sent]).toEqual([[100], 43, 3]);
    // The limit holds for the same pace.
    expect([100, 99].map((tpot) => isGood(hidden, { tpot }, undefined))).toEqual([true, false]);
  });

  it('that is sent is text like any other, but for the first output', () => {
    const shown = answer([100, 200, 300], { usage: 3, reasoningUsage: 2, reasoning: 'hm', firstOutput: 300 });
    const times = answerTimes([shown], undefined);
    const all = [times.ttft, times.ttfo, times.tpot].map(values);
    expect([...all, times.sent]).toEqual([[100], [300], [100], 3]);
  });
});

describe('isGood', () => {
  it.each([
    ['everything within its limit', { ttft: 100, tpot: 50, e2e: 201 }, true],
    ['a late first token', { ttft: 99 }, false],
    ['a slow pace', { ttft: 100, tpot: 49 }, false],
    ['a late end', { e2e: 200 }, false],
  ])('%s', (_, limits, expected) => {
    expect(isGood(answer([100, 200], { usage: 3 }), limits, undefined)).toBe(expected);
  });

  it('is never so for a request that failed', () => {
    expect(isGood(answer([1], { failure: { code: 'x', message: '' } }), {}, undefined)).toBe(false);
  });
});

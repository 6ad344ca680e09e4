import { nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { MonitorEvent } from './monitor-event.ts';
import { summariseTimeline } from './summarise-timeline.ts';

const seconds = (s: number) => nanos(s * 1e9);
const sample = (s: number, heapUsed: number): MonitorEvent => ({
  type: 'sample',
  at: seconds(s),
  answered: true,
  heapUsed,
});
const collection = (s: number, ms: number, forced = false): MonitorEvent => ({
  type: 'collection',
  at: seconds(s),
  pause: nanos(ms * 1e6),
  kind: 'minor',
  forced,
});
const mark = (s: number, name: string): MonitorEvent => ({ type: 'mark', at: seconds(s), name });

describe('the summary of a timeline', () => {
  it('has peaks, collections and phases', () => {
    const events = [
      sample(0, 10),
      mark(1, 'model A'),
      sample(1.5, 20),
      collection(2, 10),
      sample(3, 50),
      mark(4, 'model B'),
      collection(4.5, 30, true),
      sample(5, 30),
      sample(6, 25),
      { type: 'sample', at: seconds(7), answered: false, rss: 99 } as const,
    ];
    const summary = summariseTimeline(events, seconds(8));
    expect(summary).toMatchObject({ samples: 6, unanswered: 1, peak: { heapUsed: 50, rss: 99 } });
    expect(summary.collections).toEqual({
      count: 2,
      forced: 1,
      total: 40e6,
      longest: 30e6,
      p50: 20e6,
      p99: 29.8e6,
      share: 0.005,
    });
    expect(summary.phases).toMatchObject([
      { name: 'model A', from: 1e9, to: 4e9, samples: 2, peak: { heapUsed: 50 }, change: { heapUsed: 40 } },
      {
        name: 'model B',
        from: 4e9,
        to: 8e9,
        samples: 3,
        change: { heapUsed: -25 },
        collections: { count: 1, forced: 1 },
      },
    ]);
  });

  it('tells what phases keep between two forced collections', () => {
    const collected = (s: number, heapData: number): MonitorEvent => ({
      ...{ type: 'sample', at: seconds(s), answered: true, collected: true },
      ...{ heapData, external: 0, rss: 5e7 },
    });
    const switched = (s: number): MonitorEvent => ({ ...mark(s, 'switch'), occurrences: 10 }) as MonitorEvent;
    const rounds = Array.from({ length: 50 }, (_, i) => [
      collected(i, 5e6 + i * 30_000),
      switched(i),
      mark(i + 0.2, 'a mark within'),
      sample(i + 0.4, 9e6),
    ]);
    const { growth } = summariseTimeline([...rounds.flat(), collected(50, 5e6 + 50 * 30_000)], seconds(51));
    expect(growth).toMatchObject([{ name: 'switch', verdict: 'leak', phases: 50, occurrences: 500, bytes: 1.5e6 }]);
    expect(growth[0]!.perOccurrence.value).toBeCloseTo(3000, 6);
  });

  it('of nothing is nothing', () => {
    const { peak, collections, phases, growth } = summariseTimeline([], nanos(0));
    expect([peak, phases, growth]).toEqual([{}, [], []]);
    expect(collections).toMatchObject({ count: 0, total: 0, share: 0, p50: NaN });
  });
});

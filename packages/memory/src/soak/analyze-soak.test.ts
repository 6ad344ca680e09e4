import { createRng, nanos } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { analyzeSoak } from './analyze-soak.ts';
import type { SoakLine, SoakPhase } from './soak-line.ts';

/** Lives of a target that keeps so much of every iteration and every second, with idle times between. */
function soaked(lives: readonly number[], perIteration: number, perSecond: number): SoakLine[] {
  const rng = createRng(7);
  const lines: SoakLine[] = [];
  let iterations = 0;
  const note = (segment: string, phase: SoakPhase, heapData: number, seconds: number): void => {
    const at = nanos((lines.at(-1)?.at ?? 0) + seconds * 1e9);
    const common = { type: 'round', external: 2e6, arrayBuffers: 1e5, rss: 60e6, round: lines.length } as const;
    const noise = Math.round(rng() * 500);
    lines.push({ ...common, phase, segment, iterations, at, took: nanos(seconds * 1e9), heapData: heapData + noise });
  };
  lives.forEach((rounds, life) => {
    const segment = `12-${life}`;
    // Each process begins elsewhere, as they do.
    let heap = 5e6 + 3e6 * life;
    note(segment, 'begin', heap, 0);
    for (let i = 1; i <= rounds; i++) {
      iterations += 1000;
      note(segment, 'work', (heap += 1000 * perIteration), 1);
      note(segment, 'idle', (heap += 60 * perSecond), 60);
    }
  });
  return lines;
}

describe('the analysis of a soak', () => {
  it('tells growth per iteration from growth with time', () => {
    const { longest } = analyzeSoak(soaked([60], 100, 0));
    expect(longest!.work).toMatchObject({ verdict: 'leak', reason: 'steady' });
    expect(longest!.work.perIteration.value).toBeCloseTo(100, 0);
    expect(longest!.idle).toMatchObject({ verdict: 'stable', seconds: 3600 });
    const timed = analyzeSoak(soaked([60], 0, 1000)).longest!;
    expect(timed.work.verdict).toBe('stable');
    expect(timed.idle!.verdict).toBe('leak');
    expect(timed.idle!.perSecond.value).toBeCloseTo(1000, -1);
  });

  it('never draws a line through two lives', () => {
    const { segments, longest } = analyzeSoak(soaked([45, 60, 20], 16, 0), 1e6);
    expect(segments.map(({ rounds, iterations }) => [rounds, iterations])).toEqual([
      [45, 45_000],
      [60, 60_000],
      [20, 20_000],
    ]);
    expect(longest!.segment).toBe('12-1');
    expect(longest!.work.perIteration.value).toBeCloseTo(16, 0);
  });

  /** Threads that keep so much of each iteration and each second, and are silent at some of the lines. */
  const threaded = (silent: (line: number) => boolean, perIteration: number, perSecond = 0): SoakLine[] =>
    soaked([60], 0, 0).map((line, i) => {
      const threads = 4e6 + perIteration * line.iterations + perSecond * 60 * Math.floor(i / 2);
      return { ...line, ...(silent(i) ? { threads: 1e6, silentThreads: 1 } : { threads }) };
    });
  // Work is at odd lines.
  const [atIdle, atWork] = [(line: number) => line % 10 === 4, (line: number) => line % 10 === 5];

  it('counts what worker threads gain, also while they do not answer now and then', () => {
    for (const silent of [() => false, atIdle, atWork]) {
      const { work, idle } = analyzeSoak(threaded(silent, 50)).longest!;
      expect(work).toMatchObject({ verdict: 'leak', channels: { heap: { verdict: 'stable' } } });
      expect(work.perIteration.value).toBeCloseTo(50, 0);
      expect(idle!.verdict).toBe('stable');
    }
    for (const silent of [atIdle, atWork]) {
      const { work, idle } = analyzeSoak(threaded(silent, 0, 1000)).longest!;
      expect([work.verdict, idle!.verdict]).toEqual(['stable', 'leak']);
      expect(idle!.perSecond.value).toBeCloseTo(1000, -1);
    }
  });

  it.each([
    ['throughout', (line: number) => line > 0],
    ['whenever there was work', (line: number) => line % 2 === 1],
    ['whenever there was none', (line: number) => line > 0 && line % 2 === 0],
  ])('blames neither work nor time for what threads keep that are silent %s', (_, silent) => {
    const { work, idle } = analyzeSoak(threaded(silent, 50)).longest!;
    expect([work.reason, idle!.verdict]).toEqual(['silent', 'inconclusive']);
  });

  it('projects with what could have hidden', () => {
    const { longest, projection } = analyzeSoak(soaked([60], 100, 0), 1e6);
    expect(projection!.iterations).toBe(1e6);
    expect(projection!.expected / 1e8).toBeCloseTo(1, 1);
    expect(projection!.lower).toBeLessThan(1e8);
    expect(projection!.upper).toBeGreaterThanOrEqual(1e8 + longest!.work.resolution * 0.9e6);
    const clean = analyzeSoak(soaked([60], 0, 0), 1e6);
    expect(clean.projection!.expected).toBe(0);
    expect(clean.projection!.upper).toBeGreaterThanOrEqual(clean.longest!.work.perIteration.hi * 1e6);
  });

  it('of a target that cannot collect looks at its resident set, with a floor of its own', () => {
    const lines = soaked([60], 10, 0).map(({ heapData, external: _, arrayBuffers: __, ...line }) => ({
      ...line,
      rss: heapData!,
    }));
    const { longest } = analyzeSoak(lines);
    expect(longest).toMatchObject({ channel: 'rss', work: { verdict: 'stable' } });
    expect(longest!.work.floor).toBe(2 ** 20);
  });

  it('does not take for a leak what the engine adds in few iterations, little and irregularly', () => {
    const rng = createRng(3);
    let heap = 5e6;
    const lines = soaked([60], 0, 0)
      .filter(({ phase }) => phase !== 'idle')
      .map((line) => ({ ...line, iterations: line.iterations / 100, heapData: (heap += Math.round(4096 * rng())) }));
    expect(analyzeSoak(lines).longest!.work).toMatchObject({ verdict: 'inconclusive', reason: 'decelerating' });
    const many = lines.map((line) => ({ ...line, iterations: line.iterations * 100 }));
    expect(analyzeSoak(many, 0, 0.01).longest!.work).toMatchObject({ verdict: 'leak', reason: 'steady' });
  });

  it('of days in short rounds looks at some hundreds of them', () => {
    const { longest } = analyzeSoak(soaked([5000], 100, 0));
    expect(longest).toMatchObject({ rounds: 5000, iterations: 5e6, work: { verdict: 'leak' } });
    expect(longest!.work.perIteration.value).toBeCloseTo(100, 1);
  });

  it('of nothing says nothing', () => {
    expect(analyzeSoak([])).toEqual({ segments: [] });
    expect(analyzeSoak(soaked([0], 0, 0), 10).longest).toBeUndefined();
  });
});

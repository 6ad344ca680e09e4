import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanos, type RoundContext, type RoundResult } from '@perfkeel/core';
import { expect, it, onTestFinished } from 'vitest';
import { analyzeChannels } from './analysis/analyze-channels.ts';
import type { LeakReport } from './detect-leak.ts';
import { lookLong } from './long-look.ts';
import { probeHere } from './probe.ts';
import { soakGrowth } from './soak-growth.ts';
import { watchPid } from './target/watch-pid.ts';

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perfkeel-soak-growth-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const startedAt = { heap: 5e6, external: 0, rss: 50e6 };
const work = (calls: number): Promise<number> => Promise.resolve(calls);

it('tells the heap at the end of the life that it speaks of, not that of the process that went on', async () => {
  const checkpoint = join(temporary(), 'soak.ndjson');
  const line = (round: number) => ({
    ...{ type: 'round', phase: round === 0 ? 'begin' : 'work', segment: '1-1', round, iterations: 1000 * round },
    ...{ at: round * 15e9, took: 15e9, heapData: 5e6 + 20e6 * round, external: 0, rss: 50e6 + 20e6 * round },
  });
  const lines = [{ type: 'soak', version: 1 }, ...Array.from({ length: 41 }, (_, round) => line(round))];
  writeFileSync(checkpoint, lines.map((each) => `${JSON.stringify(each)}\n`).join(''));
  const { report, remarks } = await soakGrowth({
    ...{ work, clients: 1, target: undefined, checkpoint, length: '10m', smallest: 1, probe: probeHere(), startedAt },
    ...{ signal: new AbortController().signal, onRound: () => undefined },
  });
  expect(report).toMatchObject({ verdict: 'leak', heap: 805e6, rss: 850e6, iterations: 40_000 });
  expect(report.perIteration.value).toBeCloseTo(20_000, 6);
  expect(remarks.map(({ code }) => code)).toEqual(['several-lives']);
});

it('keeps the resident set of a program that tells nothing else, so that its run can go on', async () => {
  const abort = new AbortController();
  const kept: RoundResult[] = [];
  const target = watchPid(process.pid);
  onTestFinished(() => target.close());
  const context: RoundContext = {
    ...{ clock: { now: () => nanos(0) }, seed: 1, round: 0, short: false, folder: temporary() },
    ...{ signal: abort.signal, collectGarbage: () => undefined, progress: () => undefined },
    checkpoint: (result) => {
      kept.push(result);
      abort.abort(new Error('interrupted'));
    },
  };
  const early = { ...analyzeChannels([]), startedAt: { heap: NaN, external: NaN, rss: 50e6 } } as unknown as LeakReport;
  const look = { work, clients: 1, target, probe: probeHere(), smallest: 1, name: 'any', limit: 16 };
  const soaking = lookLong({ ...look, length: '10m', first: () => Promise.resolve(early) }, context);
  await expect(soaking).rejects.toThrow('interrupted');
  expect(kept).toHaveLength(1);
  expect(kept[0]!.measurements).toMatchObject([{ metric: 'rss', data: { kind: 'exact' } }]);
});

it('keeps the course of all rounds so far, those before an interruption included', async () => {
  const abort = new AbortController();
  const folder = temporary();
  const contextOf = (keep: (result: RoundResult) => void): RoundContext => ({
    ...{ clock: { now: () => nanos(0) }, seed: 1, round: 0, short: false, folder },
    ...{ signal: abort.signal, collectGarbage: () => undefined, progress: () => undefined },
    checkpoint: keep,
  });
  const early = { ...analyzeChannels([]), startedAt: await probeHere().read() } as unknown as LeakReport;
  const look = { work, clients: 1, target: undefined, probe: probeHere(), smallest: 1, name: 'any', limit: 16 };
  const soak = (keep: (result: RoundResult) => void) =>
    lookLong({ ...look, length: '10m', first: () => Promise.resolve(early) }, contextOf(keep));
  const points: number[] = [];
  for (let life = 0; life < 2; life++) {
    const over = soak(({ measurements }) => {
      const course = measurements.find(({ metric }) => metric === 'heap-after-gc')!.data;
      points.push(course.kind === 'series' ? course.points.length : 0);
      throw new Error('the process was ended');
    });
    await expect(over).rejects.toThrow('the process was ended');
  }
  expect(points).toEqual([1, 2]);
});

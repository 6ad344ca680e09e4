import type { Environment } from '@perfkeel/core';
import { sampleRun } from '@perfkeel/core/testing';
import { expect, it } from 'vitest';
import { benchPlan, benchRun, roundsOf, sampleOf } from '../../test/runs-of-rounds.ts';
import { compareRuns } from './compare-runs.ts';
import { widened } from './session-spread.ts';

const times = [101, 99, 103, 100, 98];

it.each<[string, Partial<Environment>, number, string | undefined]>([
  ['the same host', {}, 1, undefined],
  ['a busier host', { cpuPressure: [0.5, 0.4] }, 1.02, '2 % and 50 % of the time waiting for a processor'],
  ['another host', { host: 'bench-2' }, 1.03, 'hosts bench-1 and bench-2'],
])('%s widens intervals and says so', (_what, environment, factor, said) => {
  const { comparisons, warnings } = compareRuns(benchRun('BASE', times), benchRun('HEAD', times, { environment }));
  const plain = compareRuns(benchRun('BASE', times), benchRun('HEAD', times)).comparisons[0]!.effect!;
  expect((1 + comparisons[0]!.effect!.hi) / (1 + plain.hi)).toBeCloseTo(factor, 9);
  expect((1 + plain.lo) / (1 + comparisons[0]!.effect!.lo)).toBeCloseTo(factor, 9);
  const note = warnings.find(({ code }) => code === 'environment-differs')?.message;
  if (said === undefined) expect(note).toBe(undefined);
  else expect(note).toContain(said);
});

it('an interval that reaches below a loss of everything, as differences of rates may, gets wider, too', () => {
  const runs = { base: benchRun('BASE', times), head: benchRun('HEAD', times, { environment: { host: 'bench-2' } }) };
  const effect = { value: -0.2, lo: -3, hi: -0.1, confidence: 0.95, method: 'shift', warnings: [] };
  const { lo, hi } = widened(effect, runs, '1/s');
  expect([lo, hi]).toEqual([expect.closeTo(-3.06, 9), expect.closeTo(-0.073, 9)]);
});

it('what would be sure alone is not sure among forty metrics', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `b${i}`);
  const run = (id: string, slower: readonly string[]) =>
    sampleRun({
      id,
      plans: ids.map((each) => benchPlan({ id: each })),
      measurements: ids.flatMap((each) =>
        roundsOf(
          each,
          'time',
          times.map((time) => sampleOf(slower.includes(each) ? time * 1.3 : time)),
        ),
      ),
    });
  const codes = (slower: readonly string[]) =>
    compareRuns(run('BASE', []), run('HEAD', slower))
      .comparisons.filter(({ decision }) => decision !== 'unchanged')
      .map(({ verdict }) => verdict.reasons[0]!.code);
  // Five rounds a side reach p = 0.0079: one of forty is no surprise, twenty of forty are.
  expect(codes(ids.slice(0, 1))).toEqual(['too-many-metrics']);
  expect(codes(ids.slice(0, 20))).toEqual(Array(20).fill('regressed'));
});

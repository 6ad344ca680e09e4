import type { Run } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { compareRuns } from '../compare/compare-runs.ts';
import { decodeRun, encodeRun } from '../store/run-json.ts';
import { importRuns } from './import-runs.ts';
import { joinRounds } from './join-rounds.ts';

const at = Date.UTC(2025, 0, 1);

/** What `tinybench` wrote when it was started once. */
function imported(ms: number, minute: number, options: { readonly machine?: string } = { machine: 'bench-1' }): Run {
  const text = JSON.stringify([
    { name: 'parse', result: { latency: { p50: ms, mean: ms } } },
    { name: 'bad', result: minute === 1 ? { error: {} } : { latency: { p50: 1 } } },
  ]);
  return importRuns('auto', text, { file: 'a.json', at: at + minute * 60_000, ...options }).runs[0]!;
}

const times = [1, 1.01, 1.02, 1.03, 1.04];

it('files become the rounds of one run, in the order of time', () => {
  const runs = times.map((time, minute) => imported(time, minute));
  const run = joinRounds(runs);
  expect(joinRounds([...runs].reverse())).toEqual(run);
  expect(decodeRun(encodeRun(run), 'joined')).toEqual(run);
  expect(run.startedAt).toBe('2025-01-01T00:00:00.000Z');
  expect(run.plan.benchmarks.map(({ id, rounds }) => [id, rounds])).toEqual([
    ['parse', 5],
    ['bad', 5],
  ]);
  const medians = run.measurements.filter(({ benchmark, metric }) => benchmark === 'parse' && metric === 'time-median');
  expect(medians.map(({ round, data }) => [round, data])).toEqual(
    times.map((time, round) => [round, { kind: 'exact', value: time * 1e6 }]),
  );
  expect(run.measurements.filter(({ benchmark }) => benchmark === 'bad').map(({ round }) => round)).toEqual([
    0, 2, 3, 4,
  ]);
  expect(run.measurements.flatMap(({ warnings }) => warnings)).toEqual([]);
  expect(run.failures.length).toBe(1);
  expect(run.verdict.kind).toBe('could-not-measure');
});

it('so joined they can be compared, which one file cannot', () => {
  const side = (factor: number, from: number): Run =>
    joinRounds(times.map((time, minute) => imported(time * factor, from + minute)));
  const decisionOf = (base: Run, head: Run): string =>
    compareRuns(base, head).comparisons.find(({ benchmark }) => benchmark === 'parse')!.decision;
  expect(decisionOf(side(1, 10), side(1.5, 20))).toBe('regressed');
  expect(decisionOf(side(1, 10), side(0.5, 20))).toBe('improved');
  expect(decisionOf(imported(1, 10), imported(1.5, 20))).toBe('inconclusive');
});

it('one run stays as it is', () => {
  const run = imported(1, 0);
  expect(joinRounds([run])).toEqual(run);
});

it.each([
  ['machines', () => [imported(1, 0), imported(1, 2, { machine: 'bench-2' })], /they name different machines, /],
  ['times', () => [imported(1, 0), imported(1, 0)], /one of them is there twice/],
  ['nothing', () => [], /there are none/],
])('refuses other %s', (_, runs, message) => {
  expect(() => joinRounds(runs())).toThrow(message);
});

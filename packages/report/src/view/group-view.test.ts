import { metrics, type Metric } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { buildRun, type Draft } from '../../test/support/build-run.ts';
import { viewBenchmarks } from './benchmark-view.ts';
import { groupsBeside, ratioText, viewGroups, type GroupView } from './group-view.ts';

const alternative = (id: string, values: readonly number[], metric: Metric = metrics.timePerOperation): Draft => ({
  id,
  group: 'g',
  metrics: [metric],
  quantiles: false,
  rounds: values.length,
  measure: (round) => [{ metric: metric.id, data: { kind: 'exact', value: values[round]! } }],
});

const groupOf = (...drafts: readonly Draft[]): GroupView => viewGroups(viewBenchmarks(buildRun(drafts)))[0]!;

describe('a group', () => {
  test('puts each beside the fastest, with an interval over the rounds', () => {
    const { members, bestWord } = groupOf(
      alternative('slow', [290, 291, 289, 292, 288]),
      alternative('fast', [100, 101, 99, 100, 100]),
    );
    expect(bestWord).toBe('fastest');
    expect(members.map(({ benchmark, value, isBest }) => [benchmark.plan.id, value, isBest])).toEqual([
      ['slow', 290, false],
      ['fast', 100, true],
    ]);
    expect(ratioText(members[0]!.ratio!)).toBe('+190 % [187, 193]  2.9x');
  });

  test('prefers more of what is better when higher', () => {
    const { best, bestWord } = groupOf(
      alternative('a', [10, 11, 12], metrics.throughput),
      alternative('b', [20, 21, 22], metrics.throughput),
    );
    expect([best!.plan.id, bestWord]).toEqual(['b', 'best']);
  });

  test('says which confidence so few rounds reach', () => {
    const { members } = groupOf(alternative('a', [100, 101, 102]), alternative('b', [110, 111, 112]));
    expect(ratioText(members[1]!.ratio!)).toBe('+9.9 % [7.8, 12.0] at 90 %');
  });

  test('speaks of times where percents would be too many', () => {
    const { members } = groupOf(
      alternative('a', [100, 101, 99, 100, 100]),
      alternative('b', [100_000, 99_000, 101_000, 98_000, 102_000]),
      alternative('c', [1200, 1210, 1190, 1200, 1200]),
    );
    expect(members.slice(1).map(({ ratio }) => ratioText(ratio!))).toEqual(['1 000x [980, 1 020]', '12x [11.9, 12.1]']);
    const { members: once } = groupOf(alternative('a', [100]), alternative('b', [5000]));
    expect(ratioText(once[1]!.ratio!)).toBe('50x [no interval]');
  });

  test('claims no interval from one round', () => {
    const { members } = groupOf(alternative('a', [100]), alternative('b', [300]));
    expect(ratioText(members[1]!.ratio!)).toBe('+200 % [no interval]  3x');
  });

  test('compares neither what was not measured nor what measures something else', () => {
    const { members } = groupOf(
      alternative('a', [100, 100]),
      { id: 'broken', group: 'g' },
      alternative('other', [5, 5], metrics.throughput),
      alternative('zero', [0, 0]),
    );
    expect(members.map(({ value, ratio }) => [value, ratio === undefined])).toEqual([
      [100, true],
      [undefined, true],
      [undefined, true],
      [0, true],
    ]);
  });
});

test('one alone is no group, and groups keep the order in which they appear', () => {
  const of = (id: string, group: string): Draft => ({ ...alternative(id, [1, 1]), group });
  const run = buildRun([of('a', 'x'), of('b', 'y'), of('c', 'z'), of('d', 'y'), of('e', 'x')]);
  expect(viewGroups(viewBenchmarks(run)).map(({ name }) => name)).toEqual(['x', 'y']);
  expect(groupsBeside(viewBenchmarks(run), ['x', 'z']).map(({ name }) => name)).toEqual(['y']);
});

import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics, type PerfError } from '@perfkeel/core';
import { inventoryOf, orderRounds, planBenchmarks, type DeclaredFile } from './plan.ts';
import type { DeclarationData } from './protocol.ts';

const declaration = (name: string, changes: Partial<DeclarationData> = {}): DeclarationData => ({
  name,
  kind: 'bench',
  metrics: [metrics.timePerOperation],
  primary: 'time',
  quantiles: true,
  objectives: [],
  rounds: 2,
  tags: [],
  ...changes,
});
const file = (source: string, ...declarations: DeclarationData[]): DeclaredFile => ({
  bundle: { source, file: `${source}.mjs`, hash: 'abc', inputs: [], imports: [] },
  declarations,
});
const ids = (benchmarks: readonly { plan: { id: string } }[]): string[] => benchmarks.map(({ plan }) => plan.id);

const files = [
  file('/p/a.perf.ts', declaration('parse one', { tags: ['fast'] }), declaration('leaky', { kind: 'leak', rounds: 1 })),
  file('/p/b.perf.ts', declaration('Parse many', { tags: ['slow', 'nightly'] })),
];

it.each([
  ['everything', {}, ['parse one', 'leaky', 'Parse many']],
  ['part of a name, in any case', { names: ['PARSE'] }, ['parse one', 'Parse many']],
  ['either of two names', { names: ['one', 'leaky'] }, ['parse one', 'leaky']],
  ['part of a path, of a word that is in no name', { names: ['B.perf'] }, ['Parse many']],
  [
    'what is called so, and not what lies in a file called so',
    { names: ['a'], root: '/p' },
    ['parse one', 'leaky', 'Parse many'],
  ],
  ['nothing by the folder of the project', { names: ['/p/'], root: '/p' }, []],
  ['by a folder above the project', { names: ['p/a.'], root: '/p', wordsFrom: '/' }, ['parse one', 'leaky']],
  ['a name and a path', { names: ['one', 'b.perf.ts'], root: '/p' }, ['parse one', 'Parse many']],
  ['a kind', { kinds: ['leak'] }, ['leaky']],
  ['a tag', { tags: ['nightly', 'weekly'] }, ['Parse many']],
  ['a name and a tag: both must fit', { names: ['parse'], tags: ['fast'] }, ['parse one']],
])('selects %s', (_, selection, expected) => {
  expect(ids(planBenchmarks(files, selection))).toEqual(expected);
});

it('keeps the position in the file, which the measuring process counts by', () => {
  expect(planBenchmarks(files, { kinds: ['leak'] })[0]).toMatchObject({ index: 1, bundle: { source: '/p/a.perf.ts' } });
});

it('lets the caller set the rounds of everything', () => {
  expect(planBenchmarks(files, {}, 7).map(({ plan }) => plan.rounds)).toEqual([7, 7, 7]);
});

it('refuses one name for two benchmarks, even when the selection would leave only one', () => {
  const twice = [
    file('/p/a.perf.ts', declaration('same')),
    file('/p/b.perf.ts', declaration('same', { kind: 'leak' })),
  ];
  expect(() => planBenchmarks(twice, { kinds: ['leak'] })).toThrow(
    expect.objectContaining({ code: 'duplicate-name', exitCode: 2 }) as PerfError,
  );
});

it('of two packages with one name, says how to measure each', () => {
  const at = (name: string): DeclaredFile => {
    const source = fileURLToPath(new URL(`../../${name}/src/index.ts`, import.meta.url));
    return file(source, declaration('same', { location: { file: source, line: 1, column: 1 } }));
  };
  const hintOf = (...names: string[]): string => {
    try {
      planBenchmarks(names.map(at));
    } catch (error) {
      return (error as PerfError).hint ?? '';
    }
    return '';
  };
  expect(hintOf('core', 'load')).toMatch(/apart: perfkeel run -C \S*core, perfkeel run -C \S*load\. The other is at/);
  expect(hintOf('core', 'core')).not.toContain('-C');
});

describe('former names', () => {
  it('of a family are those of its members', () => {
    const member = (size: number): DeclarationData =>
      declaration(`parse [size=${size}]`, {
        variant: { family: 'parse', parameters: { size } },
        renamedFrom: ['decode', 'read [size=10]'],
      });
    const plans = planBenchmarks([
      file('/p/a.perf.ts', member(1), declaration('x', { renamedFrom: ['y'], version: '2' })),
    ]);
    expect(plans.map(({ plan }) => [plan.renamedFrom, plan.version])).toEqual([
      [['decode [size=1]', 'read [size=10] [size=1]'], undefined],
      [['y'], '2'],
    ]);
  });

  it.each([
    [
      'of another benchmark',
      [declaration('a', { renamedFrom: ['b'] }), declaration('b')],
      'another benchmark is called that',
    ],
    [
      'of two benchmarks',
      [declaration('a', { renamedFrom: ['c'] }), declaration('b', { renamedFrom: ['c'] })],
      'so was "a"',
    ],
  ])('are refused when they are those %s', (_, declarations, why) => {
    expect(() => planBenchmarks([file('/p/a.perf.ts', ...declarations)])).toThrow(why);
  });
});

it('an inventory names what there is, chosen or not, and the files that nobody read', () => {
  expect(inventoryOf(files, ['z.perf.ts', 'c/d.perf.ts'])).toEqual({
    benchmarks: ['Parse many', 'leaky', 'parse one'],
    unread: ['c/d.perf.ts', 'z.perf.ts'],
  });
});

it('orders every round exactly once, and no benchmark gets two rounds ahead of another', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }), fc.nat(), (rounds, seed) => {
      const declared = rounds.map((count, i) => declaration(`b${i}`, { rounds: count }));
      const benchmarks = planBenchmarks([file('/p/a.perf.ts', ...declared)]);
      const order = orderRounds(benchmarks, seed);
      const done = new Map<string, number>();
      for (const { benchmark, round } of order) {
        const { id } = benchmark.plan;
        expect(round).toBe(done.get(id) ?? 0);
        done.set(id, round + 1);
        const unfinished = benchmarks.filter(({ plan }) => (done.get(plan.id) ?? 0) < plan.rounds);
        for (const { plan } of unfinished) expect(round - (done.get(plan.id) ?? 0)).toBeLessThanOrEqual(0);
      }
      expect(order).toHaveLength(rounds.reduce((sum, count) => sum + count, 0));
      expect([...done.values()]).toEqual(expect.arrayContaining(rounds));
    }),
  );
});

it('starts with every benchmark about equally often', () => {
  const benchmarks = planBenchmarks([file('/p/a.perf.ts', declaration('a'), declaration('b'), declaration('c'))]);
  const first = Array.from({ length: 3000 }, (_, seed) => orderRounds(benchmarks, seed)[0]!.benchmark.plan.id);
  for (const id of ['a', 'b', 'c']) {
    // 1000 expected, standard deviation 26: four deviations either way.
    expect(Math.abs(first.filter((other) => other === id).length - 1000)).toBeLessThan(105);
  }
});

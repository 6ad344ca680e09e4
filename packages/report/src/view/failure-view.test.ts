import { expect, test } from 'vitest';
import { failing, nothingRan, passing, comparing } from '../../test/support/fixtures.ts';
import { formatLocation, viewFailures } from './failure-view.ts';
import { nextSteps, shellWord } from './next-steps.ts';
import { nameSome, remarksOf } from './remarks.ts';

test('the same failure in several rounds is told once', () => {
  expect(
    viewFailures(failing().run).map(({ benchmark, rounds, location }) => [benchmark, rounds, location?.line]),
  ).toEqual([
    ['GET /orders/:id', 'all 3 rounds', 26],
    ['parse one order', 'round 2 of 5', 41],
  ]);
});

test('places are relative to the root when they lie inside', () => {
  const at = (file: string) => ({ file, line: 3, column: 1 });
  expect(formatLocation(at('/srv/shop/a.ts'), '/srv/shop')).toBe('a.ts:3:1');
  expect(formatLocation(at('file:///srv/shop/a.ts'), '/srv/shop/')).toBe('a.ts:3:1');
  expect(formatLocation(at('/srv/shopping/a.ts'), '/srv/shop')).toBe('/srv/shopping/a.ts:3:1');
});

test('remarks of one kind in several rounds are one, unless all are wanted', () => {
  const { run } = failing();
  const late = (ms: number, round: number) => ({
    ...run.measurements[0]!,
    round,
    warnings: [{ code: 'late', message: `late by ${ms} ms` }],
  });
  const remarks = (...measurements: ReturnType<typeof late>[]) => remarksOf({ run: { ...run, measurements } });
  const several = [late(3, 0), late(5, 1), late(3, 2), late(4, 3)];
  expect(remarks(...several)).toEqual([{ message: 'late by 3 ms (and 3 rounds alike)', about: ['checkout'] }]);
  expect(remarksOf({ run: { ...run, measurements: several } }, true)).toHaveLength(3);
  // What is always the same is just said; several measurements of a round are one round.
  expect(remarks(late(3, 0), late(3, 1))[0]!.message).toBe('late by 3 ms');
  expect(remarks(late(3, 0), late(4, 0), late(5, 1), late(6, 1))[0]!.message).toBe('late by 3 ms (and 1 round alike)');
  expect(remarks(late(3, 0), late(4, 0))[0]!.message).toBe('late by 3 ms');
});

test('the same remark about several benchmarks is told once', () => {
  const { run } = failing();
  const [first] = run.measurements;
  const busy = { code: 'busy', message: 'busy' };
  const measurements = ['a', 'b', 'a'].map((benchmark) => ({ ...first!, benchmark, warnings: [busy] }));
  expect(remarksOf({ run: { ...run, measurements } })).toEqual([{ message: 'busy', about: ['a', 'b'] }]);
  expect(nameSome(['a', 'b', 'c', 'd', 'e'])).toBe('a, b and 3 more');
  expect(nameSome(['a', 'b', 'c'])).toBe('a, b, c');
});

test('what leak tests would have seen is one remark, where there are several', () => {
  const { run } = failing();
  const [first] = run.measurements;
  const measurementsOf = (...limits: readonly string[]) =>
    limits.map((limit, i) => ({
      ...first!,
      benchmark: `leak ${i}`,
      warnings: [{ code: 'resolution', message: `anything above ${limit} per iteration would have been seen` }],
    }));
  const remarks = (...limits: readonly string[]) =>
    remarksOf({ run: { ...run, measurements: measurementsOf(...limits) } });
  expect(remarks('63 B', '1.5 KB')).toHaveLength(2);
  const together =
    'what would have been seen of growth, per iteration: anything above 63 B in leak 0, 1.5 KB in leak 1';
  expect(remarks('63 B', '1.5 KB', '9 B')).toEqual([{ message: `${together} and 9 B in leak 2`, about: [] }]);
  expect(remarksOf({ run: { ...run, measurements: measurementsOf('1 B', '2 B', '3 B') } }, true)).toHaveLength(3);
});

test('a machine that was busy is told once for all benchmarks, with the figures of the first', () => {
  const { run } = failing();
  const [first] = run.measurements;
  const said = (code: string) =>
    remarksOf({
      run: {
        ...run,
        measurements: ['a', 'b', 'c'].flatMap((benchmark, i) =>
          [0, 1].map((round) => ({
            ...first!,
            ...{ benchmark, round },
            warnings: [{ code, message: `others took ${i + round} processors` }],
          })),
        ),
      },
    });
  expect(said('disturbed')).toEqual([
    { message: 'others took 0 processors (in a; alike in the others)', about: ['a', 'b', 'c'] },
  ]);
  expect(said('leak')).toHaveLength(3);
});

test('commands can be pasted into a shell', () => {
  expect(shellWord('checkout')).toBe('checkout');
  expect(shellWord("it's $HOME")).toBe("'it'\\''s $HOME'");
});

test.each([
  ['a first run', passing, ['perfkeel baseline set main', 'perfkeel report']],
  ['a broken one', failing, ["perfkeel run 'GET /orders/:id' 'parse one order'", 'perfkeel doctor', 'perfkeel report']],
  ['a regression', comparing, ['perfkeel compare', 'perfkeel baseline set main', 'perfkeel report']],
  ['nothing', nothingRan, ['perfkeel init']],
])('what to do after %s', (_, report, commands) => {
  const steps = nextSteps(report());
  expect(steps.map(({ command }, i) => command.slice(0, commands[i]?.length ?? 0))).toEqual(commands);
});

import { expect, test } from 'vitest';
import type { ComponentTimes } from './component-marks.ts';
import { callsNear, takeApart } from './component-shares.ts';

test.each([
  ['the middle tenth', 0.5, 1000, [450, 550]],
  ['the slowest two per cent', 0.99, 1000, [980, 1000]],
  ['at least five in the middle', 0.5, 20, [8, 13]],
  ['at least five at the end', 0.99, 200, [195, 200]],
  ['five of seven', 0.99, 7, [2, 7]],
  ['all, when there are fewer', 0.99, 3, [0, 3]],
  ['all, when there is one', 0.5, 1, [0, 1]],
  ['as far from p95 as the maximum is', 0.95, 1000, [900, 1000]],
  ['as far below p10 as five per cent', 0.1, 1000, [50, 150]],
])('%s', (_what, q, n, [from, to]) => {
  expect(callsNear(q, n)).toEqual({ from, to });
});

/** A column for each name, from rows. */
function timesOf(names: readonly string[], rows: readonly (readonly number[])[]): ComponentTimes {
  const totals = rows.map((row) => row.reduce((sum, part) => sum + part, 0));
  const marked = names.map((_, column) => rows.filter((row) => row[column]! > 0).length);
  return {
    names,
    calls: rows.length,
    // Arrays have room for calls that failed.
    times: Float64Array.from([...rows.flat(), ...names.map(() => 999)]),
    totals: Float64Array.from([...totals, 999]),
    marked: Float64Array.from(marked),
  };
}

test('the source of the tail is not that of the median', () => {
  // 98 calls of 10 ns, mostly in route; two of 100 ns, mostly in backend.
  const fast = Array.from({ length: 98 }, () => [7, 2, 1]);
  const slow = [
    [7, 92, 1],
    [17, 82, 1],
  ];
  const rows = [...fast.slice(0, 50), ...slow, ...fast.slice(50)];
  const [route, backend, rest] = takeApart(timesOf(['route', 'backend', 'rest'], rows), 'rest');
  expect(route).toMatchObject({ component: 'route', shares: { p50: expect.closeTo(0.7, 12) as number } });
  expect(backend?.shares.p50).toBeCloseTo(0.2, 12);
  expect(rest?.shares.p50).toBeCloseTo(0.1, 12);
  // The slowest five of a hundred: three fast calls, and the two slow ones.
  expect(backend?.shares.p99).toBeCloseTo((3 * 0.2 + 0.92 + 0.82) / 5, 12);
  expect([backend?.time.count, backend?.time.max, backend?.time.quantile(0.5)]).toEqual([100, 92, 2]);
});

test('one call of a second among calls of a millisecond does not speak alone', () => {
  const rows = [...Array.from({ length: 99 }, () => [9e5, 1e5]), [0, 1e9]];
  const [own] = takeApart(timesOf(['own', 'rest'], rows), 'rest');
  expect(own?.shares.p99).toBeCloseTo((4 * 0.9 + 0) / 5, 12);
});

test('a component that no call marked is left out, the last one never', () => {
  const components = takeApart(
    timesOf(
      ['dns', 'connect', 'body'],
      [
        [0, 3, 0],
        [0, 5, 0],
      ],
    ),
    'body',
  );
  expect(components.map(({ component, shares }) => [component, shares.p50])).toEqual([
    ['connect', 1],
    ['body', 0],
  ]);
});

test('nothing comes of nothing: no calls, or only calls of no time', () => {
  expect(takeApart(timesOf(['a', 'rest'], []), 'rest')).toEqual([]);
  expect(
    takeApart(
      timesOf(
        ['a', 'rest'],
        [
          [0, 0],
          [0, 0],
        ],
      ),
      'rest',
    ),
  ).toEqual([]);
});

test('calls of no time have no parts, and the others keep theirs', () => {
  const rows = [
    [0, 0],
    [0, 0],
    [0, 0],
    [1, 3],
    [1, 3],
  ];
  const [a] = takeApart(timesOf(['a', 'rest'], rows), 'rest');
  expect(a?.shares).toEqual({ p50: 0.25, p99: 0.25 });
  expect(a?.time.count).toBe(5);
});

import { describe, expect, it } from 'vitest';
import { findChanges } from './find-changes.ts';
import { tigerBeetle } from '../../test/tiger-beetle.ts';

const shapes = (values: readonly number[], options = {}): string =>
  findChanges(values, options)
    .segments.map(({ from, shape }) => `${shape} ${from}`)
    .join(', ');

/** A quiet wobble of one per cent, the same every time. */
const wobble = (i: number): number => 1 + 0.01 * Math.sin(i * i);
const levels = (...parts: readonly (readonly [count: number, level: number])[]): number[] =>
  parts.flatMap(([count, level]) => Array.from({ length: count }, () => level)).map((level, i) => level * wobble(i));

describe('findChanges', () => {
  it.each([
    ['one level', levels([40, 100]), 'level 0'],
    ['a step up', levels([20, 100], [20, 110]), 'level 0, level 20'],
    ['up and down again', levels([20, 100], [10, 120], [20, 100]), 'level 0, level 20, level 30'],
    ['three runs of a new level', levels([30, 100], [3, 115]), 'level 0, level 30'],
    ['two runs are not believed yet', levels([30, 100], [2, 115]), 'level 0'],
    ['one run alone', levels([20, 100], [1, 300], [20, 100]), 'level 0'],
    ['the newest run alone', levels([20, 100], [1, 1000]), 'level 0'],
    ['a change below the least that matters', levels([100, 100], [100, 101]), 'level 0'],
    ['no points', [], ''],
    ['one point', [7], 'level 0'],
  ])('%s', (_, values, expected) => {
    expect(shapes(values)).toBe(expected);
  });

  it('a drift is one line and not a flight of steps', () => {
    const drifting = Array.from({ length: 80 }, (_, i) => 100 * (1 + 0.003 * i) * wobble(i));
    expect(shapes(drifting)).toBe('drift 0');
    expect(shapes([...drifting, ...drifting.map((value) => value * 1.5)])).toBe('drift 0, drift 80');
  });

  it('counts that do not scatter change when they change', () => {
    expect(shapes([...Array<number>(10).fill(5), ...Array<number>(10).fill(6)])).toBe('level 0, level 10');
    expect(shapes(Array<number>(20).fill(0))).toBe('level 0');
  });

  it('shares of failures that are mostly 0: a floor says from where on it matters', () => {
    const some = [...Array<number>(20).fill(0), ...Array<number>(20).fill(0.0001)];
    const many = [...Array<number>(20).fill(0), ...Array<number>(20).fill(0.05)];
    expect(shapes(some, { floor: 0.01 })).toBe('level 0');
    expect(shapes(many, { floor: 0.01 })).toBe('level 0, level 20');
  });

  it('multiplying all values changes nothing', () => {
    const values = levels([25, 100], [30, 92], [25, 130]);
    expect(shapes(values.map((value) => value * 1e9))).toBe(shapes(values));
    expect(shapes(values)).toBe('level 0, level 25, level 55');
  });

  it('the published series of Apache Otava: two large steps, the slope after them, and lone drops as anomalies', () => {
    expect(shapes(tigerBeetle, { least: 0.05 })).toBe('level 0, level 15, level 71, drift 95, level 142');
    expect(findChanges(tigerBeetle, { least: 0.05 }).outliers).toEqual([10, 363]);
  });
});

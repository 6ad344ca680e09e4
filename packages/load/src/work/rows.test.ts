import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planData } from './rows.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perfkeel-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const first = (count: number, data: unknown): unknown[] => {
  const rows = planData(data).rows();
  return Array.from({ length: count }, (_, i) => rows.at(i));
};

describe('rows', () => {
  it('of a list begin again behind the last one', () => {
    expect(first(5, ['a', 'b'])).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('of a file are read when they are planned', () => {
    const file = join(folder, 'users.csv');
    writeFileSync(file, 'id,name\n1,Ada\n2,Bo\n');
    const rows = planData(file).rows();
    rmSync(file);
    expect([rows.at(0), rows.at(2)]).toEqual([
      { id: '1', name: 'Ada' },
      { id: '1', name: 'Ada' },
    ]);
  });

  it('of a generator are drawn one by one, from the beginning in each run, and without an end when it has none', () => {
    let drawn = 0;
    const endless = function* () {
      for (let i = 0; ; i++) {
        drawn += 1;
        yield i;
      }
    };
    const plan = planData(endless).rows;
    expect([plan().at(2), drawn]).toEqual([2, 3]);
    expect(plan().at(0)).toBe(0);
    expect(first(4, () => new Set([7, 8]))).toEqual([7, 8, 7, 8]);
  });

  it('may leave some out, as one of several workers does', () => {
    const rows = planData(() => [0, 1, 2, 3, 4]).rows();
    expect([rows.at(1), rows.at(4), rows.at(7)]).toEqual([1, 4, 2]);
  });

  it('have a name that says whether they are the same', () => {
    const names = [['a'], ['a'], ['b'], [1n], () => ['a'], undefined].map((data) => planData(data).input);
    expect(names[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect([names[1] === names[0], names[2] === names[0]]).toEqual([true, false]);
    expect(names.slice(3)).toEqual([undefined, undefined, undefined]);
  });

  it('are none without data', () => {
    expect(first(2, undefined)).toEqual([undefined, undefined]);
  });

  it.each<[string, unknown, string]>([
    ['something else', 5, '5 is no data'],
    ['an empty list', [], 'no rows in the data'],
    ['another file', 'users.json', '"users.json" is no CSV file'],
    ['a file that is not there', 'nowhere.csv', 'the data cannot be read'],
  ])('refuse %s', (_, data, message) => {
    expect(() => planData(data)).toThrow(message);
    expect(() => planData(data)).toThrow(expect.objectContaining({ code: 'bad-data', excerpt: 'data' }));
  });

  it.each<[string, () => unknown, string]>([
    ['returns nothing', () => undefined, 'the function for data returned undefined'],
    ['yields nothing', () => [], 'gave no rows'],
  ])('refuse a function that %s', (_, data, message) => {
    expect(() => first(1, data)).toThrow(message);
  });
});

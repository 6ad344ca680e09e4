import { nanos, stackLocations, type Clock, type PerfError } from '@perfkeel/core';
import { describe, expect, test } from 'vitest';
import { ComponentMarks, type MarksOptions } from './component-marks.ts';

/** A clock that stands still but for what moves it. */
class HandClock implements Clock {
  time = 0;
  now(): ReturnType<typeof nanos> {
    return nanos(this.time);
  }
}

function marksOf(options: Partial<MarksOptions> = {}): { clock: HandClock; marks: ComponentMarks } {
  const clock = new HandClock();
  return { clock, marks: new ComponentMarks({ names: ['route', 'backend'], width: 2, calls: 4, clock, ...options }) };
}

/** Each row as an object. */
function rowsOf(marks: ComponentMarks): Record<string, number>[] {
  const { names, calls, times, totals } = marks.result();
  return Array.from({ length: calls }, (_, row) => ({
    ...Object.fromEntries(names.map((name, column) => [name, times[row * names.length + column]!])),
    total: totals[row]!,
  }));
}

test('a component is the time since the mark before, several marks add up, and what is left is the rest', () => {
  const { clock, marks } = marksOf();
  const mark = marks.markFor(0);
  marks.began(0, 100);
  for (const [time, component] of [
    [110, 'route'],
    [130, 'backend'],
    [135, 'route'],
    [137, 'backend'],
  ] as const) {
    clock.time = time;
    mark(component);
  }
  marks.succeeded(0, 100, 140);
  expect(rowsOf(marks)).toEqual([{ route: 15, backend: 22, rest: 3, total: 40 }]);
  expect(marks.result().marked).toEqual(Float64Array.of(2, 2, 0));
});

test('a call without marks is all rest, and so is the next one in its lane', () => {
  const { clock, marks } = marksOf();
  const mark = marks.markFor(0);
  marks.began(0, 0);
  clock.time = 5;
  mark('route');
  marks.succeeded(0, 0, 5);
  marks.markFor(0);
  marks.began(0, 5);
  marks.succeeded(0, 5, 12);
  expect(rowsOf(marks)).toEqual([
    { route: 5, backend: 0, rest: 0, total: 5 },
    { route: 0, backend: 0, rest: 7, total: 7 },
  ]);
});

test('calls under way together keep their marks apart', () => {
  const { clock, marks } = marksOf();
  const [first, second] = [marks.markFor(0), marks.markFor(1)];
  marks.began(0, 0);
  marks.began(1, 10);
  clock.time = 15;
  second('route');
  clock.time = 20;
  first('backend');
  marks.succeeded(0, 0, 21);
  clock.time = 40;
  second('backend');
  marks.succeeded(1, 10, 40);
  expect(rowsOf(marks)).toEqual([
    { route: 0, backend: 20, rest: 1, total: 21 },
    { route: 5, backend: 25, rest: 0, total: 30 },
  ]);
});

test('the rest may belong to one of the names', () => {
  const { clock, marks } = marksOf({ last: 'backend' });
  const mark = marks.markFor(0);
  marks.began(0, 0);
  clock.time = 4;
  mark('route');
  marks.succeeded(0, 0, 10);
  expect(rowsOf(marks)).toEqual([{ route: 4, backend: 6, total: 10 }]);
});

test('calls that failed are not kept', () => {
  const { clock, marks } = marksOf();
  const failing = marks.markFor(0);
  marks.began(0, 0);
  clock.time = 50;
  failing('route');
  marks.failed(0);
  marks.markFor(0);
  marks.began(0, 50);
  marks.succeeded(0, 50, 60);
  expect(rowsOf(marks)).toEqual([{ route: 0, backend: 0, rest: 10, total: 10 }]);
});

test('marks after the end of their call are counted and touch no other call', () => {
  const { clock, marks } = marksOf();
  const early = marks.markFor(0);
  marks.began(0, 0);
  marks.succeeded(0, 0, 10);
  early('route');
  const next = marks.markFor(0);
  marks.began(0, 10);
  clock.time = 14;
  early('backend');
  clock.time = 16;
  next('route');
  marks.succeeded(0, 10, 20);
  expect(marks.late).toBe(2);
  expect(rowsOf(marks)[1]).toEqual({ route: 6, backend: 0, rest: 4, total: 10 });
});

describe('a mark that nobody declared', () => {
  const misuse = (marks: ComponentMarks, component: unknown): PerfError => {
    const mark = marks.markFor(0);
    expect(() => mark(component as string)).toThrow();
    return marks.misuse!;
  };

  test('names those that are, at the line of the mark', () => {
    const { marks } = marksOf();
    const mark = marks.markFor(0);
    const [here] = stackLocations(String(new Error().stack));
    expect(() => mark('beckend')).toThrow(); // one line below
    expect(marks.misuse).toMatchObject({
      code: 'unknown-component',
      exitCode: 2,
      message: `mark("beckend"): no such component is declared; declared are 'route', 'backend'`,
      hint: `Write components: ['route', 'backend', 'beckend'].`,
      excerpt: 'beckend',
      location: { file: here?.file, line: here!.line + 1 },
    });
  });

  test.each([['rest'], [undefined], [7], [null]])('is never %s', (component) => {
    expect(misuse(marksOf().marks, component)).toMatchObject({ hint: 'Mark one of the declared names.' });
  });

  test('needs a declaration first', () => {
    const message = 'mark("route"): this benchmark declares no components';
    expect(misuse(marksOf({ names: [] }).marks, 'route')).toMatchObject({ message });
  });

  test('is remembered, the first one, when the call swallows it', () => {
    const { marks } = marksOf();
    const first = misuse(marks, 'first');
    expect(misuse(marks, 'second')).toBe(first);
  });
});

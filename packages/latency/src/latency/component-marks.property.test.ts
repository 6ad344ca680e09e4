import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanos } from '@perfkeel/core';
import { ComponentMarks } from './component-marks.ts';
import { takeApart, takenApart } from './component-shares.ts';

const names = ['a', 'b', 'c'];

interface Call {
  readonly marks: readonly { readonly after: number; readonly component: string }[];
  readonly tail: number;
}

const call: fc.Arbitrary<Call> = fc.record({
  marks: fc.array(fc.record({ after: fc.integer({ min: 0, max: 1000 }), component: fc.constantFrom(...names) }), {
    maxLength: 6,
  }),
  tail: fc.integer({ min: 0, max: 100 }),
});

/** What the marks of one call come to, the slow way. */
function reference({ marks, tail }: Call): number[] {
  const sumOf = (name: string): number =>
    marks.filter(({ component }) => component === name).reduce((sum, { after }) => sum + after, 0);
  return [...names.map(sumOf), tail];
}

/** The calls of all lanes as events in time: each lane makes its calls one after another. */
function play(lanes: readonly (readonly Call[])[], marks: ComponentMarks, at: (time: number) => void): number[][] {
  const events = lanes.flatMap((calls, lane) => {
    let time = lane;
    return calls.flatMap((one) => {
      const start = time;
      let mark: (component: string) => void = () => undefined;
      const begin = {
        time,
        act: () => {
          mark = marks.markFor(lane);
          marks.began(lane, start);
        },
        row: undefined,
      };
      const marking = one.marks.map(({ after, component }) => ({
        time: (time += after),
        act: () => mark(component),
        row: undefined,
      }));
      const end = (time += one.tail);
      return [begin, ...marking, { time: end, act: () => marks.succeeded(lane, start, end), row: reference(one) }];
    });
  });
  // A stable sort: what one lane does at one time keeps its order.
  return events
    .sort((a, b) => a.time - b.time)
    .flatMap(({ time, act, row }) => {
      at(time);
      act();
      return row === undefined ? [] : [row];
    });
}

test('rows add up to their calls, and the shares of all components to 1', () => {
  const lanes = fc.array(fc.array(call, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lanes, (calls) => {
      let time = 0;
      const clock = { now: () => nanos(time) };
      const marks = new ComponentMarks({ names, width: calls.length, calls: calls.flat().length, clock });
      const expected = play(calls, marks, (now) => (time = now));
      const result = marks.result();
      const rows = expected.map((_, row) => Array.from(result.times.subarray(row * 4, row * 4 + 4)));
      expect(rows).toEqual(expected);
      expect(Array.from(result.totals)).toEqual(rows.map((row) => row.reduce((sum, part) => sum + part, 0)));
      const components = takeApart(result, 'rest');
      if (components.length === 0) return expect(Array.from(result.totals).every((total) => total === 0)).toBe(true);
      for (const { name } of takenApart) {
        expect(components.reduce((sum, { shares }) => sum + shares[name], 0)).toBeCloseTo(1, 12);
      }
    }),
    { numRuns: 300 },
  );
});

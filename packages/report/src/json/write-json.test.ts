import { expect, test } from 'vitest';
import { writeJson } from './write-json.ts';

const report = (run: unknown, comparison?: unknown): object => ({ run, comparison });

test('keys are in order, numbers on one line, nothing is left out but undefined', () => {
  expect(writeJson(report({ b: [1, 2.5], a: { d: undefined, c: null }, e: [], f: {}, g: [{ h: 'i' }] }))).toBe(`{
  "run": {
    "a": {
      "c": null
    },
    "b": [1, 2.5],
    "e": [],
    "f": {},
    "g": [
      {
        "h": "i"
      }
    ]
  }
}
`);
});

test('what JSON has no number for is a string', () => {
  expect(JSON.parse(writeJson(report([Infinity, -Infinity, NaN, -0])))).toEqual({
    run: ['Infinity', '-Infinity', 'NaN', 0],
  });
  expect(JSON.parse(writeJson(report({ lo: -Infinity }, { x: NaN })))).toEqual({
    run: { lo: '-Infinity' },
    comparison: { x: 'NaN' },
  });
});

test('equal values are equal text, whatever the order of their keys', () => {
  expect(writeJson(report({ a: 1, b: 'x\u2028"' }))).toBe(writeJson(report({ b: 'x\u2028"', a: 1 })));
});

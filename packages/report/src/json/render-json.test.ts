import type { Report } from '@perfkeel/core';
import { expect, test } from 'vitest';
import { renderJson } from './render-json.ts';

const report = (run: unknown, comparison?: unknown): Report => ({ run, comparison }) as Report;

test('keys are in order, numbers on one line, nothing is left out but undefined', () => {
  expect(renderJson(report({ b: [1, 2.5], a: { d: undefined, c: null }, e: [], f: {}, g: [{ h: 'i' }] }))).toBe(`{
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
  expect(JSON.parse(renderJson(report([Infinity, -Infinity, NaN, -0])))).toEqual({
    run: ['Infinity', '-Infinity', 'NaN', 0],
  });
  expect(JSON.parse(renderJson(report({ lo: -Infinity }, { x: NaN })))).toEqual({
    run: { lo: '-Infinity' },
    comparison: { x: 'NaN' },
  });
});

test('equal reports are equal text, whatever the order of their keys', () => {
  expect(renderJson(report({ a: 1, b: 'x\u2028"' }))).toBe(renderJson(report({ b: 'x\u2028"', a: 1 })));
});

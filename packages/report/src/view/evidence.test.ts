import { expect, test } from 'vitest';
import type { BenchmarkView } from './benchmark-view.ts';
import { evidenceItems } from './evidence.ts';

const itemOf = (value: number, lo: number, hi: number): string => {
  const estimate = { value, lo, hi, confidence: 0.65, method: 'search', warnings: [] };
  const round = {
    benchmark: 'a',
    metric: 'capacity',
    round: 0,
    data: { kind: 'estimate', estimate },
    dropped: 0,
    warnings: [],
  };
  const primary = { metric: { id: 'capacity', unit: '1/s', better: 'higher' }, rounds: [round] };
  const view = { plan: { kind: 'capacity' }, metrics: [primary], primary, dropped: 0 };
  return evidenceItems(view as unknown as BenchmarkView)[0]!;
};

test.each([
  ['between two bounds', [400, 390, 410], 'capacity 400/s [390/s, 410/s]'],
  ['at the end of what was searched', [400, 400, Infinity], 'capacity at least 400/s'],
  ['somewhere above', [500, 400, Infinity], 'capacity about 500/s, at least 400/s'],
  ['below all that was searched', [50, 0, 50], 'capacity at most 50/s'],
  ['anywhere', [50, 0, Infinity], 'capacity not known'],
] as const)('a capacity that is %s', (_, [value, lo, hi], text) => {
  expect(itemOf(value, lo, hi)).toBe(text);
});

import { expect, it } from 'vitest';
import { masked } from './mask.ts';

it.each([
  ['another time, another width', 'p99   16.3 ms  [15, 17.2 ms]', 'p99 812 µs [801, 1 200 µs]'],
  ['another count of digits', 'samples 1 234 567', 'samples 98'],
  ['sizes and rates', 'growth 64 B/op, heap 1.5 MB, 99.8/s', 'growth 1.2 KB/op, heap 700 KB, 1 001/s'],
  ['signs and percentages', '+14.2 % [-1.0 %, 3e-4 %]', '-0.3 % [+1 %, 12 %]'],
  ['ports and identifiers', 'http://127.0.0.1:41234/ run 4fe0c1a', 'http://127.0.0.1:38001/ run 99ab12e'],
  ['dates', 'at 2026-01-02T03:04:05.678Z', 'at 2027-12-31T23:59:59.000Z'],
])('forgets %s', (_what, a, b) => {
  expect(masked(a)).toBe(masked(b));
});

it.each([
  ['a verdict', 'pass 3 ms', 'fail 3 ms'],
  ['the kind of a number', 'growth 3 ms', 'growth 3 MB'],
  ['nothing against something', 'errors 0', 'errors 3'],
  ['a missing line', 'a 1 ms\nb 2 ms', 'a 1 ms'],
  ['a name with digits in it', 'p99 1 ms', 'p50 1 ms'],
  ['no value', 'median NaN', 'median 3.2'],
])('tells %s apart', (_what, a, b) => {
  expect(masked(a)).not.toBe(masked(b));
});

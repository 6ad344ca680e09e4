import { expect, it } from 'vitest';
import { readUnit } from './unit-words.ts';

it.each([
  ['ns/iter', 'time 1 ns lower'],
  ['seconds', 'time 1000000000 ns lower'],
  ['Milliseconds', 'time 1000000 ns lower'],
  ['microsecond', 'time 1000 ns lower'],
  ['minutes', 'time 60000000000 ns lower'],
  ['milliseconds per operation', 'time 1000000 ns lower'],
  ['bytes', 'size 1 B lower'],
  ['megabytes', 'size 1000000 B lower'],
  ['mebibyte', 'size 1048576 B lower'],
  ['megabytes per second', 'transfer 1000000 B/s higher'],
  ['kilobytes / op', 'allocated 1000 B/op lower'],
  ['allocations/op', 'allocations 1 count lower'],
  ['requests per second', 'throughput 1 1/s higher'],
  ['1/s', 'throughput 1 1/s higher'],
  ['percent', 'share 0.01 ratio neither'],
])('%s is %s', (text, expected) => {
  const { metric, scale, unit, better } = readUnit(text)!;
  expect([metric, scale, unit, better].join(' ')).toBe(expected);
});

it.each(['', 'score', 'per second per second', 'constructor', 'seconds per score'])('%j is none of ours', (text) => {
  expect(readUnit(text)).toBeUndefined();
});

import { expect, test } from 'vitest';
import type { PerfError } from './errors.ts';
import { membersOf, type Over } from './over.ts';

test('one member for each value, named by it', () => {
  expect(membersOf('parse', { size: [1, 10] })).toEqual([
    { name: 'parse [size=1]', variant: { family: 'parse', parameters: { size: 1 } } },
    { name: 'parse [size=10]', variant: { family: 'parse', parameters: { size: 10 } } },
  ]);
});

test('several parameters make every combination, the last one fastest', () => {
  const members = membersOf('find', { size: [1, 2], kind: ['a', 'b'], warm: [true] });
  expect(members.map(({ name }) => name)).toEqual([
    'find [size=1, kind=a, warm=true]',
    'find [size=1, kind=b, warm=true]',
    'find [size=2, kind=a, warm=true]',
    'find [size=2, kind=b, warm=true]',
  ]);
  expect(members[3]?.variant.parameters).toEqual({ size: 2, kind: 'b', warm: true });
});

test.each([
  ['a list alone', [1, 2], 'over'],
  ['nothing to vary', {}, 'over'],
  ['a value without a list', { size: 5 }, 'size'],
  ['an empty list', { size: [] }, 'size'],
  ['no number', { size: [1, NaN] }, 'size'],
  ['an object as a value', { size: [{}] }, 'size'],
  ['nothing as a value', { size: [null] }, 'size'],
  ['a value twice', { size: [1, 2, 1] }, 'size'],
  ['two values with one text', { size: [1, '1'] }, 'size'],
  ['a name that would break the brackets', { 'a]=': [1] }, 'over'],
  [
    'too many combinations',
    { a: Array.from({ length: 40 }, (_, i) => i), b: Array.from({ length: 40 }, (_, i) => i) },
    'over',
  ],
])('%s is refused', (_what, over, excerpt) => {
  expect(() => membersOf('parse', over as unknown as Over)).toThrow(
    expect.objectContaining({
      code: 'bad-option',
      exitCode: 2,
      excerpt,
      hint: expect.any(String) as string,
    }) as PerfError,
  );
});

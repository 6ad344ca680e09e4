import { expect, it } from 'vitest';
import { parseProcessorList, parseProcessorTimes, readProcessorTimes } from './processor-times.ts';

const stat = `cpu  971712 52 199752 1358283 3443 11 5246 928 7 0
cpu0 480164 29 97458 688681 634 5 2020 472 7 0
cpu1 491548 23 102294 669602 2809 6 3225 456 0 0
cpu10 1 1 1 1 1 1 1 1 0 0
intr 19156987 0 0
ctxt 12345
btime 1763688665
`;

it.each<[string, string, number[]]>([
  ['one', '3', [3]],
  ['a range', '0-3', [0, 1, 2, 3]],
  ['both', '0-1,8,10-11', [0, 1, 8, 10, 11]],
  ['nothing', '', []],
  ['nonsense', 'all', []],
])('a list of processors: %s', (_, text, expected) => {
  expect([...parseProcessorList(text)].filter((n) => n !== 0 || text.startsWith('0'))).toEqual(expected);
});

it.each<[string, number[] | undefined, number, number]>([
  ['the first: user, nice and system, neither idle nor interrupts', [0], (480164 + 29 + 97458) * 10, 4720],
  ['two', [0, 1], (480164 + 29 + 97458 + 491548 + 23 + 102294) * 10, 9280],
  ['the tenth is not the first', [10], 30, 10],
  ['all there are', undefined, (480164 + 29 + 97458 + 491548 + 23 + 102294 + 3) * 10, 9290],
])('times of %s', (_, wanted, busyMs, stolenMs) => {
  expect(parseProcessorTimes(stat, wanted && new Set(wanted))).toEqual({
    processors: wanted?.length ?? 3,
    busyMs,
    stolenMs,
  });
});

it.each([
  ['a file of something else', 'intr 1 2 3', undefined],
  ['no file', undefined, undefined],
  ['an old kernel that counts less', 'cpu0 1 2 3 4', { processors: 1, busyMs: 60, stolenMs: 0 }],
])('%s', (_, text, expected) => {
  expect(readProcessorTimes((path) => (path === '/proc/stat' ? text : undefined))).toEqual(expected);
});

it('counts only the processors that this process may use', () => {
  const files: Record<string, string> = {
    '/proc/stat': stat,
    '/proc/self/status': 'Name:\tnode\nCpus_allowed:\t2\nCpus_allowed_list:\t1\nMems_allowed_list:\t0',
  };
  expect(readProcessorTimes((path) => files[path])).toEqual({
    processors: 1,
    busyMs: (491548 + 23 + 102294) * 10,
    stolenMs: 4560,
  });
});

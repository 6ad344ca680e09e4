import { expect, test } from 'vitest';
import { splitCpu } from './usage.ts';

test.each([
  ['in proportion, where both were counted alike', [60, 40, 10, false], { cpuTime: 60, userTime: 48, systemTime: 12 }],
  [
    'the rest to both, where both were rounded down',
    [69, 50, 10, true],
    { cpuTime: 69, userTime: 54.5, systemTime: 14.5 },
  ],
  ['less than a step of either', [8, 0, 0, true], { cpuTime: 8, userTime: 4, systemTime: 4 }],
  ['more counted than there was: in proportion', [50, 45, 15, true], { cpuTime: 50, userTime: 37.5, systemTime: 12.5 }],
  ['nothing counted, nothing split', [3, 0, 0, false], { cpuTime: 3 }],
] as const)('%s', (_, [cpuTime, user, system, rounded], expected) => {
  expect(splitCpu(cpuTime, user, system, rounded)).toEqual(expected);
});

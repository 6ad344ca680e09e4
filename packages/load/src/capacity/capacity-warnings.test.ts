import { nanos, perSecond } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { capacityWarnings } from './capacity-warnings.ts';
import { planCapacity } from './capacity-plan.ts';
import type { CapacityTrial } from './capacity-result.ts';
import type { SearchEnd } from './search-capacity.ts';

const work = { requests: { path: '/' } };
const plan = planCapacity({ ...work, between: ['50/s', '2000/s'] });
const found: SearchEnd = {
  ...{ lower: 400, upper: 420, guess: 410, reason: 'found', verified: true, doubtful: false },
};
const trial = (outcome: CapacityTrial['outcome'], ...reasons: string[]): CapacityTrial => ({
  ...{ rate: perSecond(420), purpose: 'full', duration: nanos(1e10), startedAt: nanos(0), outcome, reasons },
  ...{ throughput: perSecond(400), p50: nanos(1e6), p99: nanos(2e6), errors: 0 },
});

const told = (changed: Partial<SearchEnd>, limitedBy: string[] = [], trials = [trial('good')]): string[] =>
  capacityWarnings({ ...found, ...changed, limitedBy, trials }, plan).map(({ code, message, forbids }) =>
    [code, message, ...(forbids === undefined ? [] : [`forbids ${forbids}`])].join(': '),
  );

it('says what limits the capacity, and nothing else when all is well', () => {
  expect(told({}, ['p99 < 200ms was 310 ms'])).toEqual([
    'limited-by: at 420/s it is no longer kept: p99 < 200ms was 310 ms',
  ]);
  expect(told({})).toEqual([]);
});

it('says where to look when the range does not hold the answer', () => {
  expect(told({ reason: 'below', lower: 0, upper: 50 })).toEqual([
    'below-range: even 50/s, the lowest rate of the search, was too much: lower the first rate of "between" to find the capacity',
  ]);
  expect(told({ reason: 'above', lower: 2000, upper: Infinity })).toEqual([
    'above-range: even 2 000/s, the highest rate of the search, was kept: raise the second rate of "between" to find the capacity',
  ]);
});

it('says what is known when time was over', () => {
  expect(told({ reason: 'out-of-time', upper: Infinity })).toEqual([
    'out-of-time: the search had no more time after 150 s: the capacity lies between 400/s and ∞',
  ]);
});

it('forbids a verdict when the generator was in doubt to the end, and a failure when the limit is in doubt', () => {
  const spoilt = [trial('good'), trial('invalid', 'the generator waited for a processor')];
  const message =
    '1 of 2 trials were repeated, because the generator was in doubt: the generator waited for a processor';
  expect(told({}, [], spoilt)).toEqual([`repeated-trials: ${message}`]);
  expect(told({ reason: 'not-valid' }, [], spoilt)).toEqual([`generator-in-doubt: ${message}: forbids verdict`]);
  expect(told({ doubtful: true }, ['p99 < 200ms was 310 ms', 'the machine was busy']).at(-1)).toBe(
    'doubtful-limit: what was missed at 420/s may have been this machine: the machine was busy: forbids fail',
  );
});

it('says that overload leaves something behind', () => {
  expect(told({ verified: false })).toEqual([
    'relapsed: 400/s held, and did not hold any longer after higher rates: overload leaves something behind (metastable)',
  ]);
  expect(told({ verified: false }, [], [trial('good'), trial('invalid', 'it was busy')]).at(-1)).toMatch(
    /metastable\), or this machine was busier then$/,
  );
});

it('says that nobody was let in', () => {
  const trials = [{ ...trial('good'), elsewhere: 'all 60 answers were 302' }];
  expect(told({}, [], trials)).toEqual(['redirected: all 60 answers were 302']);
});

import type { Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { expect, it } from 'vitest';
import { inNamesOf } from './in-names-of.ts';
import type { Rename } from './renames.ts';

const dayOf = (n: number): string => `2027-01-0${n}T00:00:00.000Z`;

/** A run of some day; `parse<decode` was called `decode` before, as its declaration says. */
function runOf(day: number, ...names: readonly string[]): Run {
  const plans = names.map((name) => {
    const [id = '', from] = name.split('<');
    return samplePlan({ id, objectives: [], ...(from === undefined ? {} : { renamedFrom: [from] }) });
  });
  const measurements = plans.map(({ id }) =>
    sampleMeasurement({ benchmark: id, data: { kind: 'sample', values: [1] } }),
  );
  return sampleRun({ id: `RUN-${day}`, startedAt: dayOf(day), plans, measurements });
}

const rename = (from: string, to: string, day: number): Rename => ({
  ...{ project: 'orders', from, to, at: dayOf(day), by: 'record' },
});

it.each<[string, Run, Run, readonly Rename[], readonly string[]]>([
  ['head declares it', runOf(5, 'parse<decode'), runOf(1, 'decode'), [], ['parse']],
  ['it was written down', runOf(5, 'parse'), runOf(1, 'decode'), [rename('decode', 'parse', 3)], ['parse']],
  ['head is the older one', runOf(1, 'decode'), runOf(5, 'parse'), [rename('decode', 'parse', 3)], ['decode']],
  ['both are of before it', runOf(2, 'decode'), runOf(1, 'decode'), [rename('decode', 'parse', 3)], ['decode']],
  [
    'it was renamed twice, and head is between the two',
    runOf(3, 'decode'),
    runOf(1, 'read'),
    [rename('read', 'decode', 2), rename('decode', 'parse', 4)],
    ['decode'],
  ],
  ['the name has been given anew', runOf(5, 'decode', 'parse<decode'), runOf(1, 'decode'), [], ['parse']],
  ['both are in both', runOf(5, 'decode', 'parse<decode'), runOf(1, 'decode', 'parse'), [], ['decode', 'parse']],
  ['nothing was renamed', runOf(5, 'parse'), runOf(1, 'decode'), [], ['decode']],
])('%s', (_, head, run, renames, names) => {
  const found = inNamesOf(head, run, renames);
  expect(found.plan.benchmarks.map(({ id }) => id)).toEqual(names);
  expect(found.measurements.map(({ benchmark }) => benchmark)).toEqual(names);
});

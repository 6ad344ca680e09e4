import type { Finding, Fitness } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { renderFitness } from './doctor.ts';

const clock: Finding = { id: 'clock', title: 'Clock', status: 'ok', value: 'step 20 ns' };
const quota: Finding = { id: 'quota', title: 'Quota', status: 'note', value: '2 processors', advice: 'Raise it.' };
const share: Finding = { id: 'share', title: 'Processor share', status: 'unfit', value: '51 %', advice: 'End them.' };
const render = (fitness: Fitness): string => renderFitness(fitness, { colour: false, unicode: true, width: 200 });

it('a machine that is fit', () => {
  expect(render({ fit: true, findings: [clock] })).toBe(
    ['  ✓ Clock  step 20 ns', '', 'This machine is fit to measure now.', ''].join('\n'),
  );
});

it('a machine with a note: the smallest change, and what to do first', () => {
  expect(render({ fit: true, smallestChange: 0.0123, findings: [clock, quota] })).toBe(
    `  ✓ Clock  step 20 ns
  ! Quota  2 processors
           Raise it.

This machine is fit to measure now; mind the note.
The smallest change that it can show with five rounds a side is about 1.23 %: half the width of the 95 % interval when the same work is compared with itself.
First: Raise it.
`,
  );
});

it('a machine that is unfit: why, and the worst first', () => {
  const text = render({ fit: false, findings: [quota, share] });
  expect(text).toContain(
    '\nThis machine is unfit to measure now: a missed objective on times would be inconclusive, because of processor share: 51 %.\nFirst: End them.\n',
  );
  expect(text).not.toContain('smallest');
});

it('without Unicode: words instead of marks, and no colour', () => {
  const text = renderFitness(
    { fit: false, findings: [clock, quota, share] },
    { colour: false, unicode: false, width: 100 },
  );
  expect(text).toMatch(/^ {2}ok {3}Clock .*\n {2}note Quota .*\n.*\n {2}bad {2}Processor share {2}51 %\n/);
  expect(text).not.toMatch(/[^\x20-\x7e\n]/);
});

it('a narrow terminal: values below their titles, and no line wider than it', () => {
  const long: Finding = { ...share, value: '2 threads that spin at once got 6.15 % of a processor each' };
  const text = renderFitness({ fit: false, findings: [clock, long] }, { colour: false, unicode: true, width: 40 });
  expect(text).toContain(`  ✓ Clock
      step 20 ns
  ✗ Processor share
      2 threads that spin at once got
      6.15 % of a processor each
      End them.
`);
  expect(text.split('\n').filter((line) => line.length > 40)).toEqual([]);
});

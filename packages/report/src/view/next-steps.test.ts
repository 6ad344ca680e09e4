import { expect, test } from 'vitest';
import { comparing, failing, passing } from '../../test/support/fixtures.ts';
import { nextSteps, shellWord } from './next-steps.ts';

test('what a run leads to names the run', () => {
  expect(nextSteps(passing()).map(({ command }) => command)).toEqual([
    'perfkeel baseline set main 20261120-093000-7f3a',
    'perfkeel report 20261120-093000-7f3a',
  ]);
});

test('a run that could not be stored is named by no command', () => {
  expect(nextSteps(passing(), false)).toEqual([]);
  expect(nextSteps(comparing(), false)).toEqual([]);
  expect(nextSteps(failing(), false).map(({ command }) => command)).toEqual([
    "perfkeel run 'GET /orders/:id' 'parse one order'",
    'perfkeel doctor',
  ]);
});

test('a name is one word of a shell', () => {
  expect(shellWord('orders/list')).toBe('orders/list');
  expect(shellWord("it's")).toBe("'it'\\''s'");
});

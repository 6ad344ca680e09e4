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
    "perfkeel run 'GET /orders/:id' 'parse one order' checkout",
    'perfkeel doctor',
  ]);
});

test('where nothing could be measured, the machine is not to blame', () => {
  const { run } = failing();
  expect(nextSteps({ run: { ...run, measurements: [] } }, false).map(({ command }) => command)).toEqual([
    "perfkeel run 'GET /orders/:id' 'parse one order' checkout",
  ]);
});

test('what is undecided is measured again, by itself; of a comparison, or of many, that is no help', () => {
  const commandsOf = (ids: readonly string[], kind: 'fail' | 'inconclusive'): readonly string[] => {
    const { run } = passing();
    const verdict = { kind, reasons: [] };
    const plans = ids.map((id) => ({ ...run.plan.benchmarks[0]!, id }));
    const verdicts = ids.map((benchmark) => ({ benchmark, verdict, judgements: [] }));
    const judged = { ...run, verdict, benchmarks: verdicts, plan: { ...run.plan, benchmarks: plans } };
    return nextSteps({ run: judged }, false).map(({ command }) => command);
  };
  expect(commandsOf(['parse', 'two words'], 'inconclusive')).toEqual([
    'perfkeel doctor',
    "perfkeel run parse 'two words'",
  ]);
  expect(commandsOf(['parse'], 'fail')).toEqual(['perfkeel run parse']);
  expect(commandsOf(['a', 'b', 'c', 'd'], 'inconclusive')).toEqual(['perfkeel doctor']);
  expect(nextSteps(comparing()).map(({ command }) => command.slice(0, 16))).toEqual([
    'perfkeel compare',
    'perfkeel baselin',
    'perfkeel report ',
  ]);
});

test('a name is one word of a shell', () => {
  expect(shellWord('orders/list')).toBe('orders/list');
  expect(shellWord("it's")).toBe("'it'\\''s'");
});

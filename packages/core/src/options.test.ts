import { expect, it } from 'vitest';
import { refuseUnknownOptions } from './options.ts';

const known = ['run', 'setup', 'time'];
const ofLoad = ['clients', 'rate', 'for', 'stages', 'requests', 'url', 'run'];

it('takes the options of the noun and those of every noun', () => {
  expect(() => refuseUnknownOptions('bench', 'a', { run: 1, objectives: [], rounds: 2 }, known)).not.toThrow();
});

it.each([
  ['a misspelt promise would never be judged', 'objective', 'Did you mean "objectives"?'],
  ['another case', 'Rounds', 'Did you mean "rounds"?'],
  [
    'nothing near',
    'zebra',
    'Its options are run, setup, time, objectives, rounds, group, tags, expected, memory, renamedFrom, version.',
  ],
])('%s', (_, key, hint) => {
  expect(() => refuseUnknownOptions('bench', 'parse', { [key]: 1 }, known)).toThrow(
    expect.objectContaining({
      code: 'unknown-option',
      exitCode: 2,
      message: `bench("parse") has no option "${key}"`,
      hint,
      excerpt: key,
    }) as Error,
  );
});

it.each([
  ['vus', 'clients'],
  ['connections', 'clients'],
  ['duration', 'for'],
  ['arrivalRate', 'rate'],
  ['thresholds', 'objectives'],
  ['headers', 'requests'],
  ['rounds-per', undefined],
  ['toString', undefined],
])('what other tools call %s is %s', (theirs, ours) => {
  const refused = (): void => refuseUnknownOptions('load', 'a', { [theirs]: 1 }, ofLoad);
  const hint = ours === undefined ? 'Its options are clients, rate' : `Did you mean "${ours}"?`;
  expect(refused).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) as string }) as Error);
});

it('a word is that of an option which is there', () => {
  expect(() => refuseUnknownOptions('bench', 'a', { duration: 1 }, known)).toThrow(
    expect.objectContaining({ hint: 'Did you mean "time"?' }),
  );
});

import { expect, it } from 'vitest';
import { LoadRecord, type Classification } from './load-record.ts';

const goal = { trial: 10, durationSum: 30, exceedRatio: 0.5 };

/** `g` and `b` are full trials, `G` and `B` scouts of a fifth. */
function classify(trials: string, changed: Partial<typeof goal> = {}): Classification {
  const record = new LoadRecord(100);
  for (const trial of trials) {
    const isScout = trial === trial.toUpperCase();
    record.add(isScout ? 2 : 10, trial.toLowerCase() === 'g', goal);
  }
  return record.classify({ ...goal, ...changed });
}

it.each<[string, Classification, string]>([
  ['', 'open', 'nothing is known'],
  ['g', 'open', 'two bad ones could follow'],
  ['gg', 'lower', 'a third one cannot change it'],
  ['bb', 'upper', 'a third one cannot change it'],
  ['gb', 'open', 'the third one decides'],
  ['gbg', 'lower', 'two of three'],
  ['bgb', 'upper', 'two of three'],
  ['gbgb', 'lower', 'half of the time may be bad'],
  ['gbgbb', 'upper', 'more than half is not'],
  ['ggbbg', 'lower', 'three of five'],
  ['GGGGGGGGGGGGGGG', 'open', 'scouts alone prove no lower bound'],
  ['BBBBBBBB', 'upper', 'but sixteen bad seconds are more than half of thirty'],
  ['BBBBBBB', 'open', 'and fourteen are not'],
  ['BBBBBBBBG', 'open', 'a good scout makes up for a bad one'],
  ['BBgg', 'lower', 'twenty good seconds stand against four bad ones'],
  ['BBgb', 'open', 'ten good and fourteen bad ones leave it open'],
])('%s is %s: %s', (trials, expected) => {
  expect(classify(trials)).toBe(expected);
});

it('decides by the exceed ratio', () => {
  expect(classify('gb', { durationSum: 10, exceedRatio: 0.5 })).toBe('lower');
  expect(classify('gb', { durationSum: 10, exceedRatio: 0.25 })).toBe('upper');
  expect(classify('gggb', { exceedRatio: 0.25 })).toBe('lower');
  expect(classify('g', { durationSum: 10, exceedRatio: 0 })).toBe('lower');
  expect(classify('b', { durationSum: 10, exceedRatio: 0 })).toBe('upper');
});

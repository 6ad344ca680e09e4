import { PerfError } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { parseStages } from './stages.ts';

const short = (...stages: string[]) =>
  parseStages(stages).phases.map(({ name, level, duration, record }) => [
    name,
    level.from,
    level.to,
    duration / 1e9,
    record,
  ]);

describe('stages', () => {
  it('ramp from where the last one ended, jump everywhere else, and measure what is meant to be measured', () => {
    expect(
      short(
        'warm up at 50/s for 5s',
        'ramp to 300/s over 1m',
        'hold 300/s for 5m',
        'spike to 900/s for 20s',
        'rest for 10s',
        'ramp to 6000/m over 1s',
        'cool down at 10/s for 1s',
      ),
    ).toEqual([
      ['warm-up', 50, 50, 5, false],
      ['ramp', 50, 300, 60, true],
      ['hold', 300, 300, 300, true],
      ['spike', 900, 900, 20, true],
      ['rest', 0, 0, 10, false],
      ['ramp-2', 0, 100, 1, true],
      ['cool-down', 10, 10, 1, false],
    ]);
  });

  it('of clients are a closed model', () => {
    const { model, phases } = parseStages(['ramp to 100 clients over 30s', 'hold 1 client for 1m', 'rest for 1s']);
    expect(model).toBe('closed');
    expect(phases.map(({ level }) => level.to)).toEqual([100, 1, 0]);
  });

  it('have names of their own', () => {
    expect(short('peak: hold 9/s for 1s', 'hold 9/s for 1s')).toEqual([
      ['peak', 9, 9, 1, true],
      ['hold', 9, 9, 1, true],
    ]);
  });

  it.each<[string, unknown, string, string]>([
    ['no list', 'hold 1/s for 1s', 'need a list', 'stages'],
    ['an empty one', [], 'need a list', 'stages'],
    ['no sentence', [5], 'a stage is a sentence', 'stages'],
    ['another verb', ['keep 9/s for 1s'], '"keep 9/s for 1s" is not a stage', 'keep 9/s for 1s'],
    ['a ramp that is held', ['ramp to 9/s for 1s'], 'is not a stage', 'ramp to 9/s for 1s'],
    ['a rest at a rate', ['rest 9/s for 1s'], 'is not a stage', 'rest 9/s for 1s'],
    ['a rate without a unit', ['hold 300 for 1s'], '"300" in the stage', 'hold 300 for 1s'],
    ['a time without a unit', ['hold 300/s for 5'], '"5" in the stage', 'hold 300/s for 5'],
    ['half a client', ['hold 0.5 clients for 5s'], '"0.5 clients" in the stage', 'hold 0.5 clients for 5s'],
    ['no time', ['hold 300/s for 0s'], 'takes no time', 'hold 300/s for 0s'],
    ['no load', ['hold 0/s for 1s'], 'sends nothing', 'hold 0/s for 1s'],
    ['no client', ['hold 0 clients for 1s'], 'sends nothing', 'hold 0 clients for 1s'],
    ['an impossible rate', ['hold 2000000/s for 1s'], 'sends more than 1000000/s', 'hold 2000000/s for 1s'],
    ['a million clients', ['hold 1_000_000 clients for 1s'], 'more than 100000', 'hold 1_000_000 clients for 1s'],
    [
      'a ramp from a level to itself',
      ['hold 5 clients for 1s', 'ramp to 5 clients over 1s'],
      'ramps from a level to itself',
      'ramp to 5 clients over 1s',
    ],
    ['a ramp to nowhere', ['ramp to 0/s over 1s'], 'from nothing to nothing', 'ramp to 0/s over 1s'],
    ['two models', ['hold 9/s for 1s', 'hold 9 clients for 1s'], 'are of two models', 'hold 9 clients for 1s'],
    ['only rest', ['rest for 1s'], 'nothing of these stages is measured', 'rest for 1s'],
    ['a strange name', ['a b: rest for 1s'], 'a stage cannot be called "a b"', 'a b: rest for 1s'],
    ['one name twice', ['x: hold 9/s for 1s', 'x: hold 8/s for 1s'], 'two stages are called "x"', 'x: hold 8/s for 1s'],
    ['too many', Array.from({ length: 65 }, () => 'hold 1/s for 1s'), '65 stages', 'stages'],
  ])('refuse %s, and underline it', (_, stages, message, excerpt) => {
    const attempt = (): unknown => parseStages(stages as string[]);
    expect(attempt).toThrow(PerfError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2, excerpt, hint: expect.any(String) as string }));
  });
});

import type { Better, Estimate } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { defaultPolicy, resolvePolicy } from './policy.ts';
import { missingRounds, roundsThatWouldDecide } from './rounds-needed.ts';

const estimate = (value: number, lo: number, hi: number): Estimate => ({
  value,
  lo,
  hi,
  confidence: 0.95,
  method: 'given',
  warnings: [],
});

const decideFor = (effect: Estimate, better: Better = 'lower', rounds = 10) =>
  decide({ effect, better, base: rounds, head: rounds, what: 'p25 of time' }, defaultPolicy);

describe('a decision', () => {
  it.each<[string, [number, number, number], Better, string, string]>([
    ['surely slower, a lot', [0.12, 0.08, 0.2], 'lower', 'regressed', 'fail'],
    ['surely slower, perhaps by next to nothing', [0.105, 0.002, 0.22], 'lower', 'regressed', 'warn'],
    ['surely slower, perhaps by just less than matters', [0.5, 0.0499, 0.9], 'lower', 'regressed', 'warn'],
    ['surely slower by what matters, but not a lot', [0.0999, 0.06, 0.9], 'lower', 'regressed', 'warn'],
    ['surely less throughput, perhaps by next to nothing', [-0.2, -0.4, -0.01], 'higher', 'regressed', 'warn'],
    ['surely faster, perhaps by next to nothing', [-0.2, -0.4, -0.01], 'lower', 'improved', 'pass'],
    ['surely slower, exactly at the limit', [0.1, 0.05, 0.15], 'lower', 'regressed', 'fail'],
    ['surely slower, a little', [0.07, 0.01, 0.12], 'lower', 'regressed', 'warn'],
    ['surely slower, exactly at the smallest change', [0.05, 0.001, 0.2], 'lower', 'regressed', 'warn'],
    ['surely faster', [-0.2, -0.25, -0.15], 'lower', 'improved', 'pass'],
    ['surely less throughput', [-0.2, -0.25, -0.15], 'higher', 'regressed', 'fail'],
    ['surely more throughput', [0.2, 0.15, 0.25], 'higher', 'improved', 'pass'],
    ['surely nothing', [0.001, -0.02, 0.02], 'lower', 'unchanged', 'pass'],
    ['exactly nothing', [0, 0, 0], 'lower', 'unchanged', 'pass'],
    ['surely slower, by less than matters', [0.02, 0.01, 0.03], 'lower', 'unchanged', 'pass'],
    ['up to what matters', [0.02, -0.05, 0.05], 'lower', 'unchanged', 'pass'],
    ['surely slower, perhaps by more than matters', [0.04, 0.01, 0.08], 'lower', 'inconclusive', 'inconclusive'],
    ['perhaps slower', [0.3, -0.1, 0.6], 'lower', 'inconclusive', 'inconclusive'],
    ['touching no change', [0.2, 0, 0.4], 'lower', 'inconclusive', 'inconclusive'],
  ])('for %s', (_what, [value, lo, hi], better, decision, kind) => {
    const decided = decideFor(estimate(value, lo, hi), better);
    expect([decided.decision, decided.verdict.kind]).toEqual([decision, kind]);
  });

  it('says what changed, by how much and how surely', () => {
    expect(decideFor(estimate(0.146, 0.112, 0.181)).verdict.reasons).toEqual([
      { code: 'regressed', message: 'p25 of time: +14.6 % [+11.2 %, +18.1 %]' },
    ]);
  });

  it.each([
    [1, '3 more rounds a side'],
    [2, '2 more rounds a side'],
    [3, '1 more round a side'],
  ])('of %i rounds a side needs %s', (rounds, needs) => {
    const { decision, verdict } = decideFor(estimate(1, -1, Infinity), 'lower', rounds);
    expect(decision).toBe('inconclusive');
    expect(verdict).toMatchObject({ kind: 'inconclusive', needs, reasons: [{ code: 'too-few-rounds' }] });
  });

  it.each([
    [3, 3, 'inconclusive', '3 and 3 rounds are too few for an interval at 95 %', '1 more round a side'],
    [3, 4, 'inconclusive', '3 and 4 rounds are too few for an interval at 95 %', '1 more round a side'],
    [1, 20, 'inconclusive', '1 and 20 rounds are too few for an interval at 95 %', '1 more round a side'],
    [3, 5, 'regressed', '+100 % [+50.0 %, +200 %]', undefined],
    [3, 20, 'regressed', '+100 % [+50.0 %, +200 %]', undefined],
    [20, 3, 'regressed', '+100 % [+50.0 %, +200 %]', undefined],
  ])('of %i rounds against %i is %s', (base, head, decision, message, needs) => {
    const decided = decide(
      { effect: estimate(1, 0.5, 2), better: 'lower', base, head, what: 'p25 of time' },
      defaultPolicy,
    );
    expect(decided.decision).toBe(decision);
    expect(decided.verdict.reasons[0]!.message).toBe(`p25 of time: ${message}`);
    expect(decided.verdict.needs).toBe(needs);
  });
});

describe('how many rounds', () => {
  it.each([
    [0.5, 2],
    [0.9, 3],
    [0.95, 4],
    [0.99, 5],
    [0.999, 7],
  ])('an interval at %d takes: %i a side', (confidence, rounds) => {
    expect(missingRounds(1, 1, confidence)).toBe(rounds - 1);
    expect(missingRounds(rounds, rounds, confidence)).toBe(0);
  });

  it.each([
    [
      'a change whose interval reaches 0 shrinks to its size',
      estimate(0.1, -0.1, 0.3),
      10,
      10,
      'about 30 more rounds a side',
    ],
    [
      'no change must fit between itself and the limit',
      estimate(0.01, -0.07, 0.05),
      10,
      10,
      'about 30 more rounds a side',
    ],
    [
      'rounds of unequal sides count by their harmonic mean',
      estimate(0.1, -0.1, 0.2),
      5,
      20,
      'about 27 more rounds a side',
    ],
    ['at least one', estimate(0.1, 0, 0.2), 10, 10, 'about 1 more round a side'],
    ['beyond reason', estimate(0.1, -2, 2), 10, 10, 'more than 200 rounds a side, or a steadier machine'],
    [
      'a change of nearly the limit',
      estimate(0.0499999, -0.1, 0.2),
      10,
      10,
      'more than 200 rounds a side, or a steadier machine',
    ],
    ['no bound at all', estimate(0.1, -1, Infinity), 3, 3, 'more than 200 rounds a side, or a steadier machine'],
  ])('would decide: %s', (_what, effect, base, head, needs) => {
    expect(roundsThatWouldDecide(effect, base, head, 0.05)).toBe(needs);
  });
});

describe('a policy', () => {
  it('fills in what is left out', () => {
    expect(resolvePolicy()).toEqual({ warn: 0.05, fail: 0.1, confidence: 0.95, rules: [] });
    expect(resolvePolicy({ warn: 0.2 })).toEqual({ warn: 0.2, fail: 0.2, confidence: 0.95, rules: [] });
    expect(resolvePolicy({ fail: 0.3, confidence: 0.99 })).toEqual({
      warn: 0.05,
      fail: 0.3,
      confidence: 0.99,
      rules: [],
    });
  });

  it.each([
    { warn: 0.2, fail: 0.1 },
    { warn: -0.1 },
    { warn: NaN },
    { fail: Infinity },
    { fail: 0.01 },
    { confidence: 1 },
    { confidence: 1 - 2 ** -53 },
    { confidence: 0.2 },
    { confidence: 95 },
    { confidence: NaN },
  ])('cannot be %j', (written) => {
    expect(() => resolvePolicy(written)).toThrow(expect.objectContaining({ code: 'bad-policy', exitCode: 2 }));
  });
});

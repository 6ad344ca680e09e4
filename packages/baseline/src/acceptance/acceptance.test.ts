import { describe, expect, it } from 'vitest';
import { ExitCode, PerfError, type Comparison, type ComparisonReport } from '@perfkeel/core';
import { processorTime } from '../../../../tools/test-support/processor-time.ts';
import { decodeAcceptance, encodeAcceptance, isDay, type Acceptance } from './acceptance.ts';
import { applyAcceptances } from './apply-acceptances.ts';
import { epochsOf } from './epochs.ts';
import { literalPattern, matchesPattern } from './match-pattern.ts';

const acceptance: Acceptance = {
  id: '2026-11-21-checkout-a1b2c3',
  pattern: 'checkout *',
  reason: 'it validates addresses now',
  at: '2026-11-21T09:00:00.000Z',
};

describe('the file of an acceptance', () => {
  it('comes back as it was written', () => {
    const full = { ...acceptance, max: 0.12, expires: '2027-01-31', sha: 'a1b2c3d' };
    const points = { ...acceptance, maxDifference: { value: 0.03, unit: 'ratio' } } as const;
    for (const each of [acceptance, full, points])
      expect(decodeAcceptance(encodeAcceptance(each), 'x.json')).toEqual(each);
  });

  it.each([
    ['', 'no JSON object'],
    ['[]', 'no JSON object'],
    [encodeAcceptance({ ...acceptance, reason: ' ' }), 'reason is not a text'],
    [encodeAcceptance({ ...acceptance, expires: '2027-02-30' }), 'expires is not a day'],
    [encodeAcceptance({ ...acceptance, max: 0 }), 'max is not a share'],
    ...[{ value: 0, unit: 'ns' }, { value: 1, unit: 'parsec' }, { value: 1 }, 3, null].map((maxDifference) => [
      encodeAcceptance({ ...acceptance, maxDifference } as Acceptance),
      'maxDifference is not { value, unit }',
    ]),
    [encodeAcceptance({ ...acceptance, id: '../../x' }), 'id is not made of'],
    [
      encodeAcceptance({ ...acceptance, expire: '2027-01-31' } as Acceptance),
      'it has the field "expire", which is none',
    ],
    [encodeAcceptance(acceptance).replace('"schemaVersion": 1', '"schemaVersion": 2'), 'by a newer perfkeel'],
  ])('%# is refused', (text, why) => {
    expect(() => decodeAcceptance(text, '.perfkeel/accepted/x.json')).toThrow(why);
    const error = (() => {
      try {
        return decodeAcceptance(text, 'x');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(PerfError);
    expect(error).toMatchObject({ code: 'bad-acceptance', exitCode: ExitCode.Usage });
  });

  it('days', () => {
    expect([isDay('2028-02-29'), isDay('2027-02-29'), isDay('tomorrow'), isDay('2027-1-1')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('patterns', () => {
  const series = { benchmark: 'GET /a*b', metric: 'response-time', statistic: 'p99' };
  it.each([
    ['GET /a*b', true],
    ['GET /a*b p99', true],
    ['GET /a*b response-time', true],
    ['GET /a*b response-time p99', true],
    ['GET *p99', true],
    ['*', true],
    ['GET /a\\*b p99', true],
    ['GET', false],
    ['GET /a*b p9', false],
    ['GET /a\\*c', false],
    ['get /a*b', false],
    ['*a*b*b*', false],
    ['', false],
  ])('%j', (pattern, expected) => expect(matchesPattern(pattern, series)).toBe(expected));

  it('a literal pattern means its own text only', () => {
    const literal = literalPattern('a*b\\c');
    const of = (benchmark: string): boolean => matchesPattern(literal, { ...series, benchmark });
    expect([of('a*b\\c'), of('axb\\c')]).toEqual([true, false]);
  });

  it('many stars take no time', () => {
    const long = { ...series, benchmark: 'a'.repeat(5000) };
    const took = processorTime(() => expect(matchesPattern(`${'a*'.repeat(90)}b`, long)).toBe(false));
    expect(took).toBeLessThan(1000);
  });
});

const regressed = (benchmark: string, value: number, better = 1): Comparison => ({
  benchmark,
  metric: 'response-time',
  unit: 'ns',
  statistic: 'p99',
  base: [100],
  head: [100 * (1 + value)],
  effect: { value: value * better, lo: value - 0.01, hi: value + 0.01, confidence: 0.95, method: 'x', warnings: [] },
  decision: 'regressed',
  verdict: { kind: 'fail', reasons: [{ code: 'regressed', message: 'slower' }] },
});
const reportOf = (...comparisons: Comparison[]): ComparisonReport => ({
  base: { id: 'a', label: 'a' },
  head: { id: 'b', label: 'b' },
  comparisons,
  warnings: [],
  verdict: { kind: 'fail', reasons: [] },
});
const today = '2026-11-21';

describe('accepting', () => {
  it('lets a regression pass, with its reason, as a decision of its own', () => {
    const { comparisons, verdict } = applyAcceptances(reportOf(regressed('checkout', 0.2)), [acceptance], today);
    expect(comparisons[0]).toMatchObject({ decision: 'accepted', verdict: { kind: 'pass' } });
    expect(comparisons[0]!.verdict.reasons[0]).toEqual({
      code: 'accepted',
      message: '2026-11-21-checkout-a1b2c3: it validates addresses now',
    });
    expect(verdict.kind).toBe('pass');
    // Once is enough.
    const twice = applyAcceptances(reportOf(comparisons[0]!), [acceptance], today);
    expect(twice.comparisons[0]).toBe(comparisons[0]);
  });

  it('another regression goes on failing', () => {
    const report = reportOf(regressed('checkout', 0.2), regressed('search', 0.2));
    expect(applyAcceptances(report, [acceptance], today).verdict).toMatchObject({
      kind: 'fail',
      reasons: [{ message: 'search: slower' }],
    });
  });

  it('one for less, or that is over, fails and says so; the last day counts', () => {
    const outcome = (extra: Partial<Acceptance>): unknown[] => {
      const [one] = applyAcceptances(
        reportOf(regressed('checkout', 0.2)),
        [{ ...acceptance, ...extra }],
        today,
      ).comparisons;
      return [one!.verdict.kind, one!.verdict.reasons[0]!.code];
    };
    expect(outcome({ max: 0.12 })).toEqual(['fail', 'acceptance-exceeded']);
    expect(outcome({ max: 0.2 })).toEqual(['pass', 'accepted']);
    expect(outcome({ expires: '2026-11-20' })).toEqual(['fail', 'acceptance-expired']);
    expect(outcome({ expires: today })).toEqual(['pass', 'accepted']);
  });

  it('of several the one counts that lets it pass', () => {
    const over = { ...acceptance, id: 'over', expires: '2026-01-01' };
    const { verdict } = applyAcceptances(reportOf(regressed('checkout', 0.2)), [over, acceptance], today);
    expect(verdict.kind).toBe('pass');
  });

  it('one that names nothing is a warning; what is no regression is left alone', () => {
    const fine: Comparison = { ...regressed('checkout', 0.01), decision: 'inconclusive' };
    const report = reportOf(fine);
    const idle = { ...acceptance, id: 'idle', pattern: 'chekout' };
    const applied = applyAcceptances(report, [acceptance, idle], today);
    expect(applied.comparisons[0]).toBe(fine);
    expect(applied.verdict).toBe(report.verdict);
    expect(applied.warnings.map(({ code, message }) => [code, message])).toEqual([
      ['acceptance-unused', 'the acceptance idle names nothing that was compared: "chekout"'],
    ]);
  });
});

it('epochs of a series, oldest first', () => {
  const later = { ...acceptance, id: 'later', pattern: '*', at: '2026-12-01T00:00:00Z' };
  const other = { ...acceptance, id: 'other', pattern: 'search' };
  const series = { benchmark: 'checkout', metric: 'response-time', statistic: 'p99' };
  expect(epochsOf([later, other, acceptance], series).map(({ id }) => id)).toEqual([acceptance.id, 'later']);
});

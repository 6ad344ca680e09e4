import { describe, expect, it } from 'vitest';
import { pass } from '../verdict.ts';
import type { Comparison, ComparisonReport } from '../run.ts';
import { parseComparison, toJsonable } from '../schema.ts';
import { failureOf } from '../../test/failure-of.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(toJsonable(value)));

const effect = { value: 0.12, lo: -1, hi: Infinity, confidence: 0.95, method: 'Hodges-Lehmann', warnings: [] };
const slower: Comparison = {
  ...{ benchmark: 'parse', metric: 'time', unit: 'ns', statistic: 'p10' },
  ...{ base: [1, 2, 3], head: [1.1, 2.2, NaN], effect, screening: { base: [1], head: [2], effect } },
  limits: { warn: 0.05, fail: 0.1 },
  decision: 'regressed',
  verdict: { kind: 'fail', reasons: [{ code: 'regressed', message: 'time, 1 ns to 2 ns' }], needs: 'nothing' },
};
const report: ComparisonReport = {
  method: 'interleaved',
  base: {
    ...{ id: 'b', label: 'main 1234567', sha: '1234567', why: 'main, which this branch contains' },
    ...{ rule: 'label', passedOver: ['baseline main, version 2: it was measured in another environment'] },
  },
  head: { id: 'h', label: 'change*' },
  comparisons: [
    slower,
    { ...slower, benchmark: 'same', base: [], head: [], effect: undefined, decision: 'identical', verdict: pass },
  ],
  nodeFlags: ['--no-concurrent-recompilation'],
  control: { pairs: 2, largest: 0.01 },
  reproduce: 'perfkeel compare --against 1234567',
  warnings: [{ code: 'added', message: 'new', forbids: 'fail' }],
  verdict: slower.verdict,
};

describe('parseComparison', () => {
  it('gives back what was written, with infinite bounds', () => {
    expect(parseComparison(throughJson(report), 'comparison.json')).toEqual(report);
  });

  it('leaves out fields that it does not know', () => {
    const more = { ...(throughJson(report) as object), later: { html: '<script>' } };
    expect(parseComparison(more, 'comparison.json')).toEqual(report);
  });

  it.each<[string, unknown, string]>([
    ['what is no object', [], 'expected an object, got an array'],
    ['a run', { schemaVersion: 1, plan: {} }, 'base: is missing'],
    ['a decision that nobody knows', { ...report, comparisons: [{ ...slower, decision: 'fine' }] }, 'got "fine"'],
    ['text for rounds', { ...report, comparisons: [{ ...slower, base: 'fast' }] }, 'expected an array, got "fast"'],
    ['limits below 0', { ...report, comparisons: [{ ...slower, limits: { warn: -1, fail: 0 } }] }, 'at least 0'],
    [
      'a verdict that hides a failure',
      { ...report, verdict: pass },
      'verdict: is better than that of one of the comparisons',
    ],
  ])('refuses %s', (_, value, message) => {
    const error = failureOf(() => parseComparison(throughJson(value), '/results/comparison.json'));
    expect(error).toMatchObject({ code: 'corrupt-comparison', exitCode: 4 });
    expect(error.message).toContain('/results/comparison.json is not a comparison');
    expect(error.message).toContain(message);
  });

  it('says that a newer perfkeel wrote it', () => {
    const error = failureOf(() => parseComparison({ schemaVersion: 2 }, 'comparison.json'));
    expect(error).toMatchObject({ code: 'newer-comparison', exitCode: 4 });
    expect(error.message).toContain('reads up to 1');
  });
});

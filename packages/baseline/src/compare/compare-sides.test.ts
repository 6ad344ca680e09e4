import { metrics, type ComparisonReport, type Measurement, type Run } from '@perfkeel/core';
import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { benchPlan, benchRun, roundsOf, sampleOf } from '../../test/runs-of-rounds.ts';
import { compareSides, type SidesInput } from './compare-sides.ts';
import { judgeLook } from './judge-look.ts';
import type { ComparisonPolicy } from './policy.ts';
import { budgetOption } from './spent-budget.ts';

const times = [101, 99, 103, 100, 98, 102, 104, 97, 101, 99, 100, 102];
const scaled = (factor: number, size = 12): number[] => times.slice(0, size).map((time) => time * factor);
/** Another order of the same times: pairs differ, sides do not. */
const shifted = (factor: number, size = 12): number[] =>
  times.slice(0, size).map((_, i) => times[(i + 5) % size]! * factor);
const pair = (factor: number, size = 12) => ({
  base: benchRun('BASE', scaled(1, size)),
  head: benchRun('HEAD', shifted(factor, size)),
});
const confirmed = (factor: number, again = factor): SidesInput => ({ ...pair(factor), confirmation: pair(again) });
const only = (report: ComparisonReport) => report.comparisons[0]!;

describe('two sides of one session', () => {
  it.each([
    [1.2, 'regressed', 'fail'],
    [1.1, 'regressed', 'fail'],
    [1.06, 'regressed', 'warn'],
    [0.9, 'improved', 'pass'],
    [1, 'unchanged', 'pass'],
    [1.01, 'unchanged', 'pass'],
  ])('of which head takes %d of the time, twice: %s', (factor, decision, kind) => {
    const report = compareSides(confirmed(factor));
    expect([only(report).decision, only(report).verdict.kind, report.verdict.kind]).toEqual([decision, kind, kind]);
    expect(report.method).toBe('interleaved');
  });

  it('say what was confirmed, by the second set of rounds alone', () => {
    const { effect, screening, verdict, head } = only(compareSides(confirmed(1.4, 1.2)));
    expect(effect!.value).toBeCloseTo(0.2, 1);
    expect(screening!.effect.value).toBeCloseTo(0.4, 1);
    expect(head).toEqual(shifted(1.2));
    expect(verdict.reasons[0]!.message).toMatch(
      /^p10 of time, 101 ns to 121 ns: \+\S+ % \[.*\], confirmed in 12 fresh rounds a side$/,
    );
  });

  it.each([
    ['was not measured again', pair(1.2), 'a second set of rounds'],
    ['points the other way then', confirmed(1.2, 0.8), /rounds? a side/],
  ])('change nothing when a suspicion %s', (_what, sides, needs) => {
    const { decision, verdict } = only(compareSides(sides));
    expect(decision).toBe('inconclusive');
    expect(verdict.reasons[0]!.code).toBe('not-confirmed');
    expect(verdict.needs).toMatch(needs);
  });

  it('that a budget ended say so, and which one would be enough', () => {
    const spent = { budgetMs: 60_000, totalMs: 48_000, roundMs: new Map([['parse', 2000]]) };
    const waits = only(compareSides({ ...pair(1.2), spent })).verdict;
    expect(waits.reasons[0]!.message).toMatch(/, not confirmed by fresh rounds: the budget was spent$/);
    // 48 s, 12 rounds of 2 s to confirm, and a quarter more.
    const needs = 'the budget of 60 s was spent, --budget 90s would be about enough';
    expect(waits.needs).toBe(`a second set of rounds: ${needs}`);
    // 3 pairs up to the first look, and 6 to confirm what it may show.
    const few = only(compareSides({ ...pair(1.2, 3), spent: { ...spent, totalMs: 60_000 } })).verdict;
    expect(few.needs).toBe(`3 more rounds a side: ${needs.replace('90s', '2m')}`);
    expect(few.reasons[0]!.message).toMatch(/too few for an interval; the budget was spent$/);
  });

  it('for which there was no budget at all say so, too', () => {
    const { base, head } = pair(1);
    const none = { base: { ...base, measurements: [] }, head: { ...head, measurements: [] } };
    const spent = { budgetMs: 60_000, totalMs: 60_000 };
    const roundMs = new Map([['other', 5000]]);
    const { needs, reasons } = only(compareSides({ ...none, spent: { ...spent, roundMs } })).verdict;
    expect(reasons[0]!.message).toMatch(/^base and head measured no [\w-]+; the budget was spent$/);
    // 6 rounds a side of both, and 6 of this one to confirm, in 2/5 of it, and a quarter more: 562.5 s.
    const words = 'rounds of base and head that measure it: the budget of 60 s was spent';
    expect(needs).toBe(`${words}, --budget 10m would be about enough`);
    // Nobody knows how long a round takes.
    const unknown = compareSides({ ...none, spent: { ...spent, roundMs: new Map() } });
    expect(only(unknown).verdict.needs).toBe(words);
    expect(unknown.neededBudgetMs).toBeUndefined();
  });

  it('that a part of a budget ended propose none for themselves, but say what it would take', () => {
    const roundMs = new Map([['parse', 2000]]);
    const spent = { budgetMs: 60_000, totalMs: 48_000, roundMs, shared: true };
    const report = compareSides({ ...pair(1.2), spent });
    const { needs, reasons } = only(report).verdict;
    expect(needs).toBe('a second set of rounds: its part of the budget, 60 s, was spent');
    expect(reasons[0]!.message).toMatch(/, not confirmed by fresh rounds: its part of the budget was spent$/);
    expect(report.neededBudgetMs).toBe(1.25 * (48_000 + 12 * 2000));
    expect(budgetOption(report.neededBudgetMs!)).toBe('90s');
    expect(Object.keys(only(report))).not.toContain('budgetMs');
    expect(compareSides(pair(1.2)).neededBudgetMs).toBeUndefined();
  });

  it('are unchanged when a second set refutes the first', () => {
    expect(only(compareSides(confirmed(1.2, 1))).decision).toBe('unchanged');
  });

  it('do not change when they execute the same code, however far apart they seem', () => {
    const report = compareSides({ ...confirmed(1.3), identical: new Set(['parse']) });
    expect(only(report)).toMatchObject({ decision: 'identical', verdict: { kind: 'pass' } });
    expect(report.control).toEqual({ pairs: 1, largest: expect.closeTo(0.3, 9) as number });
    expect(report.verdict.kind).toBe('pass');
  });

  it('have limits of their own for some metrics', () => {
    const decide = (rules: ComparisonPolicy['rules']) => {
      const { decision, verdict, limits } = only(compareSides(confirmed(1.2), { rules }));
      return [decision, verdict.kind, limits!.warn];
    };
    expect(decide([{ benchmark: 'par*', warn: 0.5 }])).toEqual(['unchanged', 'pass', 0.5]);
    expect(decide([{ metric: 'time', fail: 0.5 }])).toEqual(['regressed', 'warn', 0.05]);
    expect(decide([{ benchmark: 'other', warn: 0.5 }])).toEqual(['regressed', 'fail', 0.05]);
    expect(decide([{ warn: 0.5 }, { metric: '*i*e', warn: 0.05 }])).toEqual(['regressed', 'fail', 0.05]);
    expect(() => decide([{ warn: 0.5, fail: 0.1 }])).toThrow(expect.objectContaining({ code: 'bad-policy' }));
  });

  it('say what they are and how to measure them again', () => {
    const report = compareSides({ ...pair(1), why: 'merge base of HEAD and main', reproduce: 'perfkeel compare' });
    expect(report.base).toMatchObject({ why: 'merge base of HEAD and main', sha: expect.any(String) as string });
    expect(report.reproduce).toBe('perfkeel compare');
    const nothing = sampleRun({ id: 'EMPTY', plans: [] });
    expect(compareSides({ base: nothing, head: nothing }).verdict.kind).toBe('inconclusive');
  });

  it('of which base fails say why, and so does what fails only when it is measured again', () => {
    const failing = (run: Run, message: string): Run => ({
      ...run,
      failures: [{ benchmark: 'parse', round: 0, error: { code: 'threw', message, exitCode: 4 } }],
    });
    const none = { base: failing(benchRun('BASE', []), 'parse is not a function'), head: benchRun('HEAD', times) };
    expect(only(compareSides(none)).verdict.reasons[0]!.message).toBe('base measured no time: parse is not a function');
    const again = { base: benchRun('BASE', times), head: failing(benchRun('HEAD', []), 'out of memory') };
    const { warnings } = compareSides({ ...pair(1.2), confirmation: again });
    expect(warnings).toContainEqual({ code: 'failed-round', message: 'parse failed in head: out of memory' });
  });

  it('of which one did not measure are inconclusive', () => {
    const empty = benchRun('HEAD', []);
    const report = compareSides({ base: benchRun('BASE', times), head: empty });
    expect(report.verdict).toMatchObject({ kind: 'inconclusive', needs: 'rounds of head that measure it' });
    expect(judgeLook('screen', 0, { base: benchRun('BASE', times), head: empty }).get('parse')).toBe('done');
  });
});

describe('a busy machine', () => {
  const hog = (values: readonly number[], hit: (i: number) => boolean): number[] =>
    values.map((value, i) => (hit(i) ? value * 1.4 : value));

  it('that slows half of the rounds of one side down makes no regression', () => {
    const side = (id: string, values: readonly number[]): Run => benchRun(id, values);
    const half = {
      base: side('BASE', scaled(1)),
      head: side(
        'HEAD',
        hog(shifted(1), (i) => i % 2 === 1),
      ),
    };
    const { decision } = only(compareSides({ ...half, confirmation: half }));
    expect(decision).toBe('inconclusive');
    const most = {
      base: side('BASE', scaled(1)),
      head: side(
        'HEAD',
        hog(shifted(1), (i) => i % 3 !== 1),
      ),
    };
    const found = only(compareSides({ ...most, confirmation: most }));
    expect([found.decision, found.verdict.reasons[0]!.code]).toEqual(['inconclusive', 'uneven-rounds']);
  });

  it('that gets slower all the time hides nothing: rounds are held against their neighbours', () => {
    const drifting = (values: readonly number[]): number[] => values.map((value, i) => value * 1.1 ** i);
    const both = {
      base: benchRun('BASE', drifting(scaled(1))),
      head: benchRun('HEAD', drifting(times.map((time, i) => time * 1.12 * (i % 2 === 0 ? 1.01 : 0.99)))),
    };
    const found = only(compareSides({ ...both, confirmation: both }));
    expect(found.decision).toBe('regressed');
    expect(found.effect!.value).toBeCloseTo(0.12, 2);
  });

  it('that disturbed the slower side more often leaves it undecided', () => {
    const sides = confirmed(1.2);
    const warnings = [{ code: 'disturbed', message: 'something ran beside it', forbids: 'fail' as const }];
    const warned = (run: Run): Run => ({
      ...run,
      measurements: run.measurements.map((one: Measurement) => (one.round % 2 === 0 ? { ...one, warnings } : one)),
    });
    const again = sides.confirmation!;
    const one = only(compareSides({ ...sides, confirmation: { ...again, head: warned(again.head) } }));
    expect([one.decision, one.verdict.reasons[0]!.code]).toEqual(['inconclusive', 'not-valid']);
    const alike = { base: warned(again.base), head: warned(again.head) };
    expect(only(compareSides({ ...sides, confirmation: alike })).decision).toBe('regressed');
  });
});

describe('a second set of rounds that is not valid', () => {
  const warnings = [{ code: 'wrong-answer', message: 'answers were wrong', forbids: 'verdict' as const }];
  const spoilt = (run: Run): Run => ({
    ...run,
    measurements: run.measurements.map((one) => (one.round === 3 ? { ...one, warnings } : one)),
  });
  const again = pair(1.2);

  it('confirms nothing, and says why', () => {
    const { decision, verdict } = only(
      compareSides({ ...pair(1.2), confirmation: { ...again, head: spoilt(again.head) } }),
    );
    expect([decision, verdict.reasons[0]!.code]).toEqual(['inconclusive', 'not-valid']);
    expect(verdict.reasons[0]!.message).toMatch(/, but answers were wrong$/);
  });

  it('adds nothing to what the first one says', () => {
    const open = pair(1.035);
    const report = compareSides({ ...open, confirmation: { ...pair(1), head: spoilt(pair(1).head) } });
    expect(only(report).head).toHaveLength(12);
  });
});

describe('a look', () => {
  it('is enough at what can never be compared, such as another kind under the same name', () => {
    const run = (id: string, kind: string): Run =>
      sampleRun({
        id,
        plans: [benchPlan({ kind })],
        measurements: roundsOf(
          'parse',
          'time',
          times.map((time) => sampleOf(time)),
        ),
      });
    const verdicts = judgeLook('screen', 0, { base: run('BASE', 'bench'), head: run('HEAD', 'latency') });
    expect(verdicts.get('parse')).toBe('done');
  });

  it.each([
    ['asks to confirm a change', 'screen', 0, 1.2, 'confirm'],
    ['asks for more of what is open', 'screen', 0, 1.035, 'more'],
    ['gives up at the last one', 'screen', 6, 1.035, 'done'],
    ['leaves what did not change', 'screen', 0, 1, 'done'],
    ['is done with what is confirmed', 'confirm', 0, 1.2, 'done'],
    ['asks for more of what is not', 'confirm', 0, 1.035, 'more'],
    ['ends the second set', 'confirm', 6, 1.035, 'done'],
  ] as const)('%s: %s %i at %d', (_what, stage, look, factor, verdict) => {
    const screen = stage === 'confirm' ? { screen: pair(1.2, 6) } : {};
    expect(judgeLook(stage, look, { ...pair(factor, 6), ...screen }).get('parse')).toBe(verdict);
  });

  it('answers for each benchmark by itself, and confirms when any of its metrics asks for it', () => {
    const plans = [
      benchPlan(),
      benchPlan({ id: 'load', metrics: [metrics.timePerOperation, metrics.heap], comparedBy: ['time', 'heap'] }),
    ];
    const run = (id: string, heap: number): Run =>
      sampleRun({
        id,
        plans,
        measurements: [
          ...roundsOf(
            'parse',
            'time',
            times.map((time) => sampleOf(time)),
          ),
          ...roundsOf(
            'load',
            'time',
            times.map((time) => sampleOf(time)),
          ),
          ...roundsOf(
            'load',
            'heap',
            times.map((time) => sampleOf(time * heap)),
          ),
        ],
      });
    const verdicts = judgeLook('screen', 0, { base: run('BASE', 1), head: run('HEAD', 2) });
    expect(Object.fromEntries(verdicts)).toEqual({ parse: 'done', load: 'confirm' });
  });
});

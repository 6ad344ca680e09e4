import type { Metric, Run } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { analyseHistory, historyCompany, type HistoryOptions, type SeriesTrend } from './analyse-history.ts';
import { collectHistory } from './collect-history.ts';
import { joinCompanies } from './company.ts';
import { encodeHistory } from './history-json.ts';
import { idOf, runsOf, shaOf, startOf } from '../../test/history-runs.ts';
import { describeTrend } from './trend-words.ts';

const trendsOf = (runs: readonly Run[], options: HistoryOptions = {}): readonly SeriesTrend[] =>
  analyseHistory(collectHistory(runs), options).series;
const wordsOf = (trend: SeriesTrend): string[] => describeTrend(trend).map(({ text }) => text);

/** One benchmark with one metric of its own. */
const runsOfMetric = (metric: Metric, count: number, level: (i: number) => number): Run[] =>
  runsOf(count, (i) => ({
    levels: { parse: level(i) },
    plan: { metrics: [metric], primary: metric.id, objectives: [] },
  })).map((run) => ({ ...run, measurements: run.measurements.map((one) => ({ ...one, metric: metric.id })) }));

describe('analyseHistory', () => {
  it('names the commits between which a series got slower, by how much, and that it is bad news', () => {
    const [trend] = trendsOf(runsOf(40, (i) => ({ levels: { parse: i < 25 ? 1e6 : 1.12e6 } })));
    const [change, ...more] = trend!.changes;
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      index: 25,
      run: idOf(25),
      range: { after: { run: idOf(24), sha: shaOf(24) }, upTo: { run: idOf(25), sha: shaOf(25) } },
      news: 'worse',
      cause: { kind: 'code' },
    });
    expect(change!.effect.value).toBeCloseTo(0.12, 2);
    expect(change!.effect.lo).toBeGreaterThan(0.11);
    expect(change!.effect.hi).toBeLessThan(0.13);
    expect(trend!.next!.lo).toBeLessThan(1.12e6);
    expect(trend!.next!.hi).toBeGreaterThan(1.12e6);
    expect(wordsOf(trend!)[0]).toMatch(/^\+12\.\d % \[.*\], 999 µs to 1\.12 ms, after 0019001, by 001a001$/);
  });

  it('a share of throughput that is lost is bad news, too', () => {
    const rate = { id: 'rate', unit: '1/s', better: 'higher' } as const;
    const runs = runsOfMetric(rate, 30, (i) => (i < 15 ? 2000 : 1500));
    expect(trendsOf(runs)[0]!.changes.map(({ index, news }) => [index, news])).toEqual([[15, 'worse']]);
  });

  it.each([
    [
      'bytes of next to none',
      'B/op',
      [0.009, 56],
      /^\+56(\.\d)? B\/op \[.* B\/op, .* B\/op\], 0\.00\d+ B\/op to 56(\.\d)? B\/op, after/,
    ],
    ['a share', 'ratio', [0.2, 0.25], /^\+5\.0 points \[\+[45]\.\d, \+[56]\.\d\], 20 % to 25(\.\d)? %, after/],
    ['no errors', 'ratio', [0, 0.0004], /^\+0\.04 points \[\+0\.0\d+, \+0\.0\d+\], 0 % to 0\.04\d* %, after/],
  ] as const)(
    'a change of %s is told by its size, and so is what came of it since a release',
    (_what, unit, levels, said) => {
      const runs = runsOfMetric({ id: 'some', unit, better: 'lower' }, 40, (i) => levels[i < 25 ? 0 : 1]);
      const [trend] = trendsOf(runs, { milestones: [{ name: 'release 1.4', run: idOf(5) }] });
      const [creep, change] = wordsOf(trend!);
      expect(change).toMatch(said);
      expect(creep).toMatch(/^\+(56|5|0)(\.\d+)? (B\/op|points) \[[^%]*\] since release 1\.4, 34 runs ago$/);
    },
  );

  it('a drift of a share is told in points, with both ends, and one of bytes of next to none by its size', () => {
    const words = (unit: 'ratio' | 'B/op', from: number, step: number): string => {
      const runs = runsOfMetric({ id: 'some', unit, better: 'lower' }, 40, (i) => from + step * i);
      return wordsOf(trendsOf(runs)[0]!).find((text) => text.startsWith('drifted'))!;
    };
    expect(words('ratio', 0.2, 0.002)).toMatch(
      /^drifted by \+\d\.\d points, [12]\d(\.\d)? % to 2\d(\.\d)? %, over the last 40 runs/,
    );
    expect(words('B/op', -0.2, 0.4)).toMatch(
      /^drifted by \+1\d(\.\d)? B\/op, .* B\/op to .* B\/op, over the last 40 runs/,
    );
  });

  it('another host under the same class moves all series at once: the machine, and not the code', () => {
    const levels = (i: number): Record<string, number> =>
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name, k) => [name, (k + 1) * 1e6 * (i < 20 ? 1 : 1.2)]));
    const trends = trendsOf(runsOf(40, (i) => ({ levels: levels(i), environment: { host: i < 20 ? 'one' : 'two' } })));
    expect(trends.map(({ changes }) => changes.map(({ index, cause }) => [index, cause.kind]))).toEqual(
      Array.from({ length: 4 }, () => [[20, 'machine']]),
    );
    expect(trends[0]!.changes[0]!.cause.because).toBe(
      'host one became host two; 4 of 4 series of this environment changed together',
    );
  });

  it('another host on the day on which one of four series changed is not to blame', () => {
    const trends = trendsOf(
      runsOf(40, (i) => ({
        levels: { a: i < 20 ? 1e6 : 1.2e6, b: 2e6, c: 3e6, d: 4e6 },
        environment: { host: i < 20 ? 'one' : 'two' },
      })),
    );
    expect(trends.map(({ changes }) => changes.map(({ cause }) => cause.kind))).toEqual([['code'], [], [], []]);
  });

  it('most series at once on one machine: perhaps the machine; the same commit on both sides: surely', () => {
    const at = (i: number): { levels: Record<string, number> } => ({
      levels: { a: i < 20 ? 1e6 : 1.2e6, b: i < 20 ? 2e6 : 2.4e6, c: i < 20 ? 3e6 : 3.6e6, d: 4e6 },
    });
    const kinds = (runs: readonly Run[]): string[] =>
      trendsOf(runs).flatMap(({ changes }) => changes.map(({ cause }) => cause.kind));
    expect(kinds(runsOf(40, at))).toEqual(['unclear', 'unclear', 'unclear']);
    expect(kinds(runsOf(40, (i) => ({ ...at(i), sha: 'f'.repeat(40) })))).toEqual(['machine', 'machine', 'machine']);
  });

  it('another environment class is no change: it begins series of its own, and an era', () => {
    const report = analyseHistory(
      collectHistory(
        runsOf(30, (i) => ({
          levels: { parse: i < 15 ? 1e6 : 2e6 },
          environment: i < 15 ? { class: 'old', node: '20.0.0' } : { class: 'new', node: '22.0.0' },
        })),
      ),
    );
    expect(report.series.map(({ changes }) => changes)).toEqual([[], []]);
    expect(report.environments).toEqual([
      { environment: 'old', from: idOf(0), to: idOf(14), runs: 15 },
      { environment: 'new', from: idOf(15), to: idOf(29), runs: 15, became: 'Node 20.0.0 became Node 22.0.0' },
    ]);
  });

  it('an accepted change stays in sight and is no bad news', () => {
    const runs = runsOf(40, (i) => ({ levels: { parse: i < 25 ? 1e6 : 1.12e6 } }));
    const acceptance = { id: 'a', pattern: 'parse p99', reason: 'a safer parser', at: startOf(24) };
    const accepted = (fields: object): unknown =>
      trendsOf(runs, { acceptances: [{ ...acceptance, ...fields }] })[0]!.changes[0]!.accepted;
    expect(accepted({})).toEqual({ id: 'a', reason: 'a safer parser' });
    expect(accepted({ max: 0.05 })).toBeUndefined();
    expect(accepted({ at: startOf(30) })).toBeUndefined();
    expect(accepted({ pattern: 'render *' })).toBeUndefined();
    const [note] = describeTrend(trendsOf(runs, { acceptances: [acceptance] })[0]!);
    expect(note).toMatchObject({
      news: 'neither',
      text: expect.stringMatching(/; accepted: a safer parser$/) as string,
    });
  });

  it('creep: many steps, each too small to be one, add up since a release', () => {
    const [trend] = trendsOf(
      runsOf(60, (i) => ({ levels: { parse: 1e6 * 1.015 ** Math.floor(i / 15) } })),
      {
        milestones: [
          { name: 'release/1.4', run: idOf(10) },
          { name: 'the merge base', sha: shaOf(50) },
        ],
      },
    );
    expect(trend!.changes).toEqual([]);
    const [release, base] = trend!.creep;
    expect(release).toMatchObject({ since: 'release/1.4', runs: 49, news: 'worse' });
    expect(release!.effect.value).toBeCloseTo(1.015 ** 3 - 1, 2);
    expect(release!.effect.lo).toBeGreaterThan(0.02);
    expect(base).toMatchObject({ since: 'the merge base', runs: 9 });
    expect(base!.effect.lo).toBeLessThan(0);
    expect(base!.effect.hi).toBeGreaterThan(0);
  });

  it('a lone slow run is an anomaly, and says how many series of the run were', () => {
    const [a, b] = trendsOf(runsOf(30, (i) => ({ levels: { a: i === 17 ? 2e6 : 1e6, b: 3e6 } })));
    expect(a!.changes).toEqual([]);
    expect(a!.anomalies).toMatchObject([{ index: 17, run: idOf(17), news: 'worse', together: { series: 1, of: 2 } }]);
    expect(a!.anomalies[0]!.off).toBeCloseTo(1, 1);
    expect(b!.anomalies).toEqual([]);
    // Nothing is infinitely far from 0 in words that people read.
    const [zero] = trendsOf(runsOf(30, (i) => ({ levels: { parse: i === 17 ? 2e6 : 0 } })));
    expect(wordsOf(zero!)).toEqual([expect.stringMatching(/ stands alone: 2 ms, and its neighbours are at 0$/)]);
  });

  it('a drift is told from steps, and when it will cross the objective', () => {
    const [trend] = trendsOf(runsOf(60, (i) => ({ levels: { parse: 8e6 * Math.exp(0.003 * i) } })));
    expect(trend!.changes).toEqual([]);
    expect(trend!.drifts).toMatchObject([{ runs: 60, news: 'worse', goesOn: true, from: { sha: shaOf(0) } }]);
    expect(trend!.drifts[0]!.total).toBeCloseTo(Math.expm1(0.003 * 59), 1);
    // 8 ms and 0.3 % more with every run: 10 ms are crossed log(10 / 8) / 0.003 = 74.4 runs after the first.
    const { runs, lo, hi } = trend!.forecasts[0]!;
    expect(runs).toBeGreaterThanOrEqual(14);
    expect(runs).toBeLessThanOrEqual(17);
    expect(lo).toBeLessThanOrEqual(15);
    expect(hi).toBeGreaterThanOrEqual(16);
    expect(wordsOf(trend!)[0]).toBe(
      `p99 will cross "p99 < 10ms" in about ${runs} runs (${lo} to ${hi}) if this goes on`,
    );
  });

  it('says nothing of what no drift supports: a level, a drift away from the limit, a limit that is crossed', () => {
    const forecasts = (level: (i: number) => number): unknown =>
      trendsOf(runsOf(60, (i) => ({ levels: { parse: level(i) } })))[0]!.forecasts;
    expect(forecasts(() => 9.9e6)).toEqual([]);
    expect(forecasts((i) => 9e6 * Math.exp(-0.003 * i))).toEqual([]);
    expect(forecasts((i) => 11e6 * Math.exp(0.003 * i))).toEqual([]);
    expect(forecasts((i) => 1e6 * Math.exp(0.001 * i))).toEqual([]);
  });

  it('in parts is the same as whole: each part knows what the series of the others did', () => {
    const levels = (i: number): Record<string, number> =>
      Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((name, k) => [name, (k + 1) * 1e6 * (i < 20 ? 1 : 1.2) * (i === 9 ? 2 : 1)]),
      );
    const runs = runsOf(40, (i) => ({ levels: levels(i), environment: { host: i < 20 ? 'one' : 'two' } }));
    const history = collectHistory(runs);
    const parts = [history.series.slice(0, 1), history.series.slice(1)].map((series) => ({ ...history, series }));
    const company = joinCompanies(parts.map((part) => historyCompany(part)));
    const whole = analyseHistory(history);
    expect(parts.flatMap((part) => analyseHistory(part, { company }).series)).toEqual(whole.series);
    expect(whole.series[0]!.changes.map(({ cause }) => cause.kind)).toEqual(['machine']);
    expect(whole.series[0]!.anomalies.map(({ together }) => together)).toEqual([{ series: 4, of: 4 }]);
    // Alone, a part sees too few series to blame the machine for sure.
    expect(analyseHistory(parts[0]!).series[0]!.changes.map(({ cause }) => cause.kind)).toEqual(['unclear']);
  });

  it('is data: JSON with its version, and infinite bounds as text', () => {
    const report = analyseHistory(collectHistory(runsOf(5, (i) => ({ levels: { parse: i < 2 ? 1e6 : 3e6 } }))));
    const read = JSON.parse(encodeHistory(report)) as { schemaVersion: number; series: { points: unknown[] }[] };
    expect(read.schemaVersion).toBe(1);
    expect(read.series[0]!.points).toHaveLength(5);
    expect(analyseHistory({ series: [], places: [], inventories: [] })).toEqual({ series: [], environments: [] });
  });
});

import { sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { collectHistory } from './collect-history.ts';
import { idOf, runsOf, shaOf } from '../../test/history-runs.ts';

describe('collectHistory', () => {
  it('makes one series of each gate, oldest run first, whatever the order of the runs', () => {
    const runs = runsOf(4, (i) => ({ levels: { parse: 1e6 * (i + 1), render: 5e6 } }));
    const { series } = collectHistory([runs[2]!, runs[0]!, runs[3]!, runs[1]!, runs[0]!]);
    expect(series.map(({ key }) => `${key.benchmark} ${key.statistic} ${key.metric}`)).toEqual([
      'parse p99 response-time',
      'render p99 response-time',
    ]);
    const [parse] = series;
    expect(parse!.points.map(({ run }) => run)).toEqual([0, 1, 2, 3].map(idOf));
    expect(parse!.points.map(({ sha }) => sha)).toEqual([0, 1, 2, 3].map(shaOf));
    expect(parse!.points.map(({ value }) => Math.round(value / 1e6))).toEqual([1, 2, 3, 4]);
    expect(parse!.limits).toEqual([{ source: 'p99 < 10ms', comparator: '<', value: 10e6 }]);
  });

  it('never mixes environments', () => {
    const { series } = collectHistory(
      runsOf(6, (i) => ({ levels: { parse: 1e6 }, environment: { class: i % 2 === 0 ? 'fast' : 'slow' } })),
    );
    expect(series.map(({ key, points }) => [key.environment, points.map(({ run }) => run)])).toEqual([
      ['fast', [0, 2, 4].map(idOf)],
      ['slow', [1, 3, 5].map(idOf)],
    ]);
  });

  it('tells parameters apart, and not the code that was measured', () => {
    const bySize = runsOf(2, (i) => ({
      levels: { parse: 1e6 },
      plan: { variant: { family: 'parse', parameters: { size: i } } },
    }));
    expect(collectHistory(bySize).series).toHaveLength(2);
    const otherCode = runsOf(2, (i) => ({ levels: { parse: 1e6 }, plan: { sourceHash: String(i).repeat(64) } }));
    expect(collectHistory(otherCode).series).toHaveLength(1);
  });

  it('leaves out rehearsals, other branches, and numbers that are not those of what was meant', () => {
    const [first, other] = runsOf(2, (i) => ({ levels: { parse: 1e6 }, branch: i === 0 ? 'main' : 'topic' }));
    const rehearsal = sampleRun({ ...first!, id: 'short', plans: first!.plan.benchmarks });
    const short = { ...rehearsal, plan: { ...rehearsal.plan, short: true } };
    const spoilt = {
      ...first!,
      id: 'spoilt',
      measurements: first!.measurements.map((one) => ({
        ...one,
        warnings: [{ code: 'x', message: 'other work', forbids: 'verdict' as const }],
      })),
    };
    const { series } = collectHistory([first!, other!, short, spoilt], { branch: 'main' });
    expect(series.flatMap(({ points }) => points.map(({ run }) => run))).toEqual([idOf(0)]);
    expect(collectHistory([])).toEqual({ series: [], places: [], inventories: [] });
  });
});

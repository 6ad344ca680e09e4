import { createRng, metrics, type ExplainedChange, type HistoryPoint, type Prediction } from '@perfkeel/core';
import type { DashboardFacts, DashboardSeries } from '../../src/index.ts';

export const dashboardFacts: DashboardFacts = {
  title: 'Performance of orders',
  environments: [
    {
      id: 'c0ffee00',
      title: 'AMD EPYC 7763 × 4, linux 6.8.0, Node 20.20.2',
      runs: 90,
      newest: '2027-03-31T09:30:00.000Z',
      became: 'Node 20.19.0 became Node 20.20.2',
    },
    { id: 'decaf000', title: 'Apple M2 × 8, darwin 24, Node 20.20.2', runs: 12, newest: '2027-01-12T09:30:00.000Z' },
  ],
  events: [{ name: 'release/1.4', run: 'RUN-012' }],
};

export const shaOf = (i: number): string => (0x1a2b3c4d + i * 7919).toString(16).padStart(8, '0').repeat(5);

const dayOf = (i: number): string => new Date(Date.UTC(2027, 0, 1 + i, 9, 30)).toISOString();

export function pointsOf(values: readonly number[]): HistoryPoint[] {
  return values.map((value, i) => ({
    run: `RUN-${String(i).padStart(3, '0')}`,
    at: dayOf(i),
    sha: shaOf(i),
    branch: 'main',
    dirty: i === 70,
    value,
    rounds: 5,
    ...(i === 9 ? { disturbed: 'another program took 20 % of the processor' } : {}),
  }));
}

/** A step of a series, as large as its values say. */
export function stepAt(
  points: readonly HistoryPoint[],
  index: number,
  [before, after]: readonly [number, number],
  change: Partial<ExplainedChange> = {},
): ExplainedChange {
  const effect = after / before - 1;
  const place = ({ run, sha }: HistoryPoint) => ({ run, sha });
  return {
    ...{ index, run: points[index]!.run, at: points[index]!.at, before, after, cause: { kind: 'code' } },
    range: { after: place(points[index - 1]!), upTo: place(points[index + 1]!) },
    places: [index, index + 1],
    effect: { value: effect, lo: effect - 0.02, hi: effect + 0.02, confidence: 0.95, method: 'test', warnings: [] },
    news: effect > 0 ? 'worse' : 'better',
    ...change,
  };
}

/** Levels, each for 30 runs, with a noise of 1 %. */
export function levelsOf(levels: readonly number[], seed = 1): number[] {
  const rng = createRng(seed);
  return levels.flatMap((level) => Array.from({ length: 30 }, () => level * (0.99 + 0.02 * rng())));
}

export function seriesOf(
  fields: Partial<DashboardSeries> & { readonly name?: string; readonly statistic?: string } = {},
): DashboardSeries {
  const { name = 'parse', statistic = 'p99', ...rest } = fields;
  const series: DashboardSeries = {
    key: {
      ...{ project: 'orders', benchmark: name, metric: metrics.responseTime.id, statistic, configuration: '{}' },
      ...{ environment: 'c0ffee00', shape: 'latency ns lower', version: '' },
    },
    title: `${statistic} of ${metrics.responseTime.id}`,
    ...{ unit: 'ns', better: 'lower', points: pointsOf(levelsOf([5e6])) },
    ...{ limits: [], changes: [], drifts: [], notes: [], creep: [] },
    ...rest,
  };
  return series;
}

const expectedAt = (value: number): Prediction => ({
  ...{ value, lo: value * (53 / 54), hi: value * (55 / 54) },
  confidence: 0.9,
});

/** What a page of a real project holds: a regression, an accepted one, a machine, a drift, percentiles, two machines. */
export function dashboardHistory(): readonly DashboardSeries[] {
  const parse = pointsOf(levelsOf([5e6, 6e6, 5.4e6]));
  const changes = [stepAt(parse, 30, [5e6, 6e6]), stepAt(parse, 60, [6e6, 5.4e6])];
  const render = pointsOf(levelsOf([2e6, 2.4e6], 2));
  const machine = stepAt(render, 30, [2e6, 2.4e6], {
    cause: {
      kind: 'machine',
      because: 'Node 20.19.0 became Node 20.20.2; 3 of 3 series of this environment changed together',
    },
  });
  const search = pointsOf(levelsOf([8e6, 9e6], 3));
  const wanted = stepAt(search, 30, [8e6, 9e6], { accepted: { id: 'a1', reason: 'exact results are worth it' } });
  const slow = pointsOf(levelsOf([1e6, 1.5e6], 4));
  const drifting = pointsOf(Array.from({ length: 60 }, (_, i) => 3e6 * (1 + 0.004 * i)));
  const text = 'will cross "p99 < 5ms" in about 80 runs (60 to 110) if this goes on';
  return [
    ...['p50', 'p90', 'p99'].map((statistic, i) =>
      seriesOf({
        statistic,
        points: parse.map((point) => ({ ...point, value: point.value * (0.6 + 0.2 * i) })),
        ...(statistic === 'p99' ? { changes, limits: [{ source: 'p99 < 7ms', comparator: '<', value: 7e6 }] } : {}),
        next: expectedAt(5.4e6 * (0.6 + 0.2 * i)),
      }),
    ),
    seriesOf({ name: 'render', points: render, changes: [machine] }),
    seriesOf({ name: 'search', points: search, changes: [wanted] }),
    seriesOf({ name: 'slow', points: slow, changes: [stepAt(slow, 30, [1e6, 1.5e6])] }),
    seriesOf({
      name: 'drifting',
      points: drifting,
      drifts: [{ from: drifting[0]!, to: drifting[59]!, runs: 60, total: 0.24, news: 'worse', goesOn: true }],
      notes: [{ kind: 'forecast', news: 'worse', text }],
    }),
    seriesOf({ name: 'gone', removed: true }),
    { ...seriesOf({ name: 'slow' }), key: { ...seriesOf({ name: 'slow' }).key, environment: 'decaf000' } },
  ];
}

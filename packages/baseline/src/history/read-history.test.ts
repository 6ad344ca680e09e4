import type { BenchmarkPlan, Inventory, Run } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { idOf, runsOf, shaOf, startOf } from '../../test/history-runs.ts';
import { memoryLog } from '../store/memory-log.ts';
import { runStore, type RunStore } from '../store/run-store.ts';
import { analyseHistory } from './analyse-history.ts';
import { collectHistory } from './collect-history.ts';
import { readHistory } from './read-history.ts';
import { describeTrend } from './trend-words.ts';

async function storeOf(runs: readonly Run[]): Promise<RunStore> {
  const store = runStore(memoryLog());
  for (const run of runs) await store.saveRun(run);
  return store;
}

const planned = (run: Run, inventory: Inventory): Run => ({ ...run, plan: { ...run.plan, inventory } });

describe('a history out of the index', () => {
  it('is that of the runs: changed work, renamed benchmarks, disturbed runs, hosts and objectives included', async () => {
    const plan = (i: number): Partial<BenchmarkPlan> =>
      i < 3 ? {} : { benchmarkHash: (i < 8 ? 'a' : 'b').repeat(64), ...(i > 4 ? { renamedFrom: ['decode'] } : {}) };
    const runs = runsOf(12, (i) => ({
      levels: { [i < 5 ? 'decode' : 'parse']: 1e6 * (i + 1) },
      plan: plan(i),
      environment: {
        host: `host ${i % 2}`,
        warnings: i === 4 ? [{ code: 'busy', message: 'it was busy', forbids: 'fail' as const }] : [],
      },
      branch: i === 7 ? 'topic' : 'main',
    })).map((run) => planned(run, { benchmarks: ['parse'], unread: [] }));
    const store = await storeOf(runs);
    expect(await readHistory(store)).toEqual(withFacts(collectHistory(runs)));
    expect(await readHistory(store, { branch: 'main' })).toEqual(withFacts(collectHistory(runs, { branch: 'main' })));
    const [newest, before] = (await readHistory(store, { last: 3, also: new Set([idOf(4)]) })).series;
    expect(newest!.points.map(({ run }) => run)).toEqual([9, 10, 11].map(idOf));
    expect(before!.points.map(({ run, value }) => [run, Math.round(value / 1e6)])).toEqual([[idOf(4), 5]]);
  });

  it('of a branch holds its newest runs, however many others there are since', async () => {
    const store = await storeOf(runsOf(12, (i) => ({ levels: { parse: 1e6 }, branch: i < 4 ? 'main' : `topic-${i}` })));
    const { series, places } = await readHistory(store, { branch: 'main', last: 3 });
    expect(series[0]!.points.map(({ run }) => run)).toEqual([1, 2, 3].map(idOf));
    expect(places.map(({ run }) => run)).toEqual([1, 2, 3].map(idOf));
  });

  it('of some benchmarks is that part of the whole, under their present names', async () => {
    const runs = runsOf(10, (i) => {
      if (i % 2 === 1) return { levels: { render: 2e6 } };
      return i < 4 ? { levels: { decode: 1e6 } } : { levels: { parse: 1e6 }, plan: { renamedFrom: ['decode'] } };
    });
    const store = await storeOf(runs);
    const whole = await readHistory(store);
    const named = (name: string): unknown => ({
      ...whole,
      series: whole.series.filter(({ key }) => key.benchmark === name),
    });
    expect(whole.series.map(({ key, points }) => [key.benchmark, points.length])).toEqual([
      ['parse', 5],
      ['render', 5],
    ]);
    for (const name of ['parse', 'render', 'decode']) {
      expect(await readHistory(store, { among: (benchmark) => benchmark === name })).toEqual(named(name));
    }
  });

  it('opens few runs', async () => {
    const store = await storeOf(runsOf(20, () => ({ levels: { parse: 1e6 } })));
    await store.listRuns();
    let opened = 0;
    await readHistory({ ...store, loadRun: (id) => ((opened += 1), store.loadRun(id)) });
    expect(opened).toBe(1);
  });
});

/** An index knows of an environment its class and its host, and the rest from the newest run of the class. */
function withFacts(history: ReturnType<typeof collectHistory>): ReturnType<typeof collectHistory> {
  const facts = history.places.at(-1)!.environment;
  const places = history.places.map((one) => ({ ...one, environment: { ...facts, host: one.environment.host } }));
  return { ...history, places };
}

describe('a benchmark that was changed', () => {
  const changed = runsOf(30, (i) => ({
    levels: { parse: i < 20 ? 1e6 : 2e6 },
    plan: { benchmarkHash: (i < 20 ? 'a' : 'b').repeat(64) },
  }));

  it('begins a series, and its step is no change of the code', () => {
    const { series } = analyseHistory(collectHistory(changed));
    expect(
      series.map(({ key, points, changes, ended }) => [key.version, points.length, changes.length, ended]),
    ).toEqual([
      ['b'.repeat(12), 10, 0, undefined],
      ['a'.repeat(12), 20, 0, true],
    ]);
    expect(series.flatMap((one) => describeTrend(one)).map(({ text }) => text)).toEqual([
      'the benchmark itself changed by 0015001, 10 runs ago: the 20 runs before, at 998 µs, are no measure for it',
      'ended with 0014001: the benchmark itself changed, and goes on as a series of its own',
    ]);
  });

  it('and changed back is what it was, and says since when', () => {
    const hashOf = (i: number): string => (i >= 4 && i < 7 ? 'b' : 'a').repeat(64);
    const runs = runsOf(9, (i) => ({
      levels: { parse: i >= 4 && i < 7 ? 2e6 : 1e6 },
      plan: { benchmarkHash: hashOf(i) },
    }));
    const [now, between] = analyseHistory(collectHistory(runs)).series;
    expect([now!.points.length, between!.points.length]).toEqual([6, 3]);
    expect(describeTrend(now!)[0]!.text).toMatch(
      /^the benchmark itself changed by 0008000, 2 runs ago: the 3 runs before, at 2(\.0\d)? ms/,
    );
  });

  it('goes on where its author says that it is the same, and begins anew where he says that it is not', () => {
    const versions = (of: (i: number) => string): string[] =>
      collectHistory(
        changed.map((run, i) => ({
          ...run,
          plan: { ...run.plan, benchmarks: run.plan.benchmarks.map((plan) => ({ ...plan, version: of(i) })) },
        })),
      ).series.map(({ key, points }) => `${key.version} ${points.length}`);
    expect(versions(() => '1')).toEqual(['=1 30']);
    expect(versions((i) => (i < 25 ? '1' : '2'))).toEqual(['=2 5', '=1 25']);
  });
});

it('tells a benchmark that is gone from one that was not measured this time', () => {
  const runs = runsOf(6, (i) => ({ levels: i < 5 ? { parse: 1e6, render: 1e6 } : { parse: 1e6 } }));
  const removedWith = (inventory: Inventory): string[] => {
    const last = planned(runs.at(-1)!, inventory);
    const { series } = analyseHistory(collectHistory([...runs.slice(0, -1), last]));
    return series.flatMap(({ key, removed }) => (removed ? [key.benchmark] : []));
  };
  expect(removedWith({ benchmarks: ['parse'], unread: [] })).toEqual(['render']);
  expect(removedWith({ benchmarks: ['parse'], unread: ['render.perf.ts'] })).toEqual([]);
  expect(removedWith({ benchmarks: ['parse', 'render'], unread: [] })).toEqual([]);
});

describe('renameBenchmark', () => {
  const runs = runsOf(6, (i) => ({ levels: { [i < 3 ? 'decode' : 'parse']: 1e6, other: 2e6 } }));
  const seriesOf = async (store: RunStore): Promise<string[]> =>
    (await store.readSeries()).map(({ key, points }) => `${key.benchmark} ${points.length}`);
  const at = startOf(9);

  it('lets a history go on under another name, until it is taken back', async () => {
    const store = await storeOf(runs);
    await store.renameBenchmark('decode', 'parse', { at, reason: 'clearer' });
    expect(await seriesOf(store)).toEqual(['other 6', 'parse 6']);
    expect((await readHistory(store)).series[1]!.points.map(({ sha }) => sha)).toEqual([0, 1, 2, 3, 4, 5].map(shaOf));
    expect(await store.readSeries({ benchmark: 'decode' })).toEqual([]);
    expect((await store.readSeries({ benchmark: 'parse' }))[0]!.points).toHaveLength(6);
    expect(await store.listRenames()).toEqual([
      { project: 'orders', from: 'decode', to: 'parse', at, reason: 'clearer', by: 'record' },
    ]);
    expect(await store.verifyStore()).toMatchObject({ problems: [] });
    await store.renameBenchmark('parse', 'decode', { at: startOf(10) });
    expect(await seriesOf(store)).toEqual(['decode 6', 'other 6']);
  });

  it('means everything that is stored, and the newest one wins, whatever the clocks say', async () => {
    const store = await storeOf(runs);
    for (const [from, to] of [
      ['decode', 'parse'],
      ['parse', 'decode'],
      ['decode', 'read'],
    ] as const) {
      await store.renameBenchmark(from, to, { at: '2000-01-01T00:00:00Z' });
    }
    expect(await seriesOf(store)).toEqual(['other 6', 'read 6']);
  });

  it('never joins two benchmarks that one run measured', async () => {
    const store = await storeOf(runs);
    await store.renameBenchmark('other', 'parse', { at });
    expect(await seriesOf(store)).toEqual(['decode 3', 'other 3', 'parse 6']);
  });

  it('is refused for a name that no run knows, and for the same name', async () => {
    const store = await storeOf(runs);
    const unknown = store.renameBenchmark('decod', 'parse', { at });
    await expect(unknown).rejects.toMatchObject({
      code: 'no-such-benchmark',
      exitCode: 2,
      hint: 'There are decode, other, parse.',
    });
    await expect(store.renameBenchmark('parse', 'parse', { at })).rejects.toMatchObject({ code: 'bad-rename' });
    await expect(store.renameBenchmark('decode', 'parse', { at: 'now' })).rejects.toMatchObject({ exitCode: 2 });
  });
});

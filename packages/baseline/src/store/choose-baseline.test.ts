import type { BenchmarkPlan, Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { describe, expect, it } from 'vitest';
import { chooseBaseline, type ChooseBaselineOptions } from './choose-baseline.ts';
import { memoryLog } from './memory-log.ts';
import { runStore, type RunStore } from './run-store.ts';

const commit = (n: number): string => String(n).repeat(40);

interface RunWish {
  readonly sha?: number;
  readonly branch?: string;
  readonly dirty?: boolean;
  readonly environment?: string;
  readonly interrupted?: boolean;
  readonly benchmarks?: readonly Partial<BenchmarkPlan>[];
  readonly project?: string;
}

let clock = 0;
/** A run a minute after the one before. */
function runOf(id: string, wish: RunWish = {}): Run {
  const {
    sha = 1,
    branch = 'main',
    dirty = false,
    environment = 'here',
    interrupted = false,
    project = 'orders',
  } = wish;
  const plans = (wish.benchmarks ?? [{ id: 'parse' }]).map((plan) => samplePlan({ objectives: [], ...plan }));
  return sampleRun({
    id,
    startedAt: new Date(Date.UTC(2027, 0, 1) + clock++ * 60_000).toISOString(),
    plans,
    interrupted,
    provenance: { sha: commit(sha), branch, dirty, project },
    environment: { class: environment },
    measurements: plans.map((plan) => sampleMeasurement({ benchmark: plan.id, data: { kind: 'sample', values: [1] } })),
  });
}

async function storeOf(...runs: Run[]): Promise<RunStore> {
  const store = runStore(memoryLog());
  for (const run of runs) await store.saveRun(run);
  return store;
}

const chosen = async (store: RunStore, head: Run, options: Partial<ChooseBaselineOptions> = {}) => {
  const { run, rule, why, passedOver } = await chooseBaseline(store, { name: 'main', head, ...options });
  return [run.id, rule, why, ...passedOver];
};
const at = '2027-02-01T00:00:00Z';

describe('chooseBaseline takes', () => {
  it('a pinned version of the baseline, then its newest of this environment', async () => {
    const store = await storeOf(...['A', 'B', 'C'].map((id) => runOf(id)), runOf('D', { environment: 'there' }));
    for (const id of ['A', 'B', 'C', 'D']) await store.setBaseline('main', id, { at });
    const head = runOf('HEAD', { branch: 'topic', sha: 9 });
    expect(await chosen(store, head)).toEqual([
      ...['C', 'label', 'baseline main, version 3'],
      'baseline main, version 4: it was measured in another environment',
    ]);
    await store.pinRun('B', { at });
    expect(await chosen(store, head)).toEqual(['B', 'pin', 'baseline main, version 2, which is pinned']);
  });

  it('without one the run of the commit where the branches parted, whole and of what was committed', async () => {
    const store = await storeOf(
      runOf('OLD', { sha: 3 }),
      runOf('GOOD', { sha: 4 }),
      runOf('DIRTY', { sha: 4, dirty: true }),
      runOf('CUT', { sha: 4, interrupted: true }),
    );
    const head = runOf('HEAD', { branch: 'topic', sha: 9 });
    expect(await chosen(store, head, { commits: [commit(4), commit(3)] })).toEqual([
      ...['GOOD', 'merge-base', 'run of 4444444, where head left main'],
      'run of 4444444, where head left main (CUT): it was interrupted',
      'run of 4444444, where head left main (DIRTY): it was measured with changes that were not committed',
    ]);
  });

  it('else the nearest commit before that measured all of these benchmarks, or most of them', async () => {
    const both = [{ id: 'parse' }, { id: 'render' }];
    const store = await storeOf(runOf('FULL', { sha: 2, benchmarks: both }), runOf('PART', { sha: 3 }));
    const head = runOf('HEAD', { branch: 'topic', sha: 9, benchmarks: both });
    const commits = [4, 3, 2].map(commit);
    expect(await chosen(store, head, { commits })).toEqual([
      'FULL',
      'ancestor',
      'run of 2222222, 2 commits before head left main',
    ]);
    const more = {
      ...head,
      plan: { ...head.plan, benchmarks: [...head.plan.benchmarks, samplePlan({ id: 'write' })] },
    };
    expect((await chosen(store, more, { commits }))[2]).toBe(
      'run of 2222222, 2 commits before head left main, which measured 2 of these 3 benchmarks',
    );
  });

  it('else the newest of the branch that is of another commit', async () => {
    const store = await storeOf(runOf('A', { sha: 2 }), runOf('SAME', { sha: 3 }));
    const head = runOf('HEAD', { sha: 3 });
    expect(await chosen(store, head, { commits: [commit(3)] })).toEqual([
      ...['A', 'branch', 'newest run of the branch main'],
      'run of 3333333, the commit of head (SAME): it is of the same commit',
      'run SAME of the branch main: it is of the same commit',
    ]);
    // With changes that were not committed, the run of the commit itself is the right one.
    expect(
      (await chosen(store, { ...head, provenance: { ...head.provenance, dirty: true } }, { commits: [commit(3)] }))[0],
    ).toBe('SAME');
  });

  it('a baseline of another environment last; first, when somebody named it', async () => {
    const store = await storeOf(runOf('A', { sha: 2 }), runOf('THERE', { environment: 'there' }));
    await store.setBaseline('main', 'THERE', { at });
    const head = runOf('HEAD', { sha: 3 });
    expect((await chosen(store, head)).slice(0, 2)).toEqual(['A', 'branch']);
    expect((await chosen(store, head, { explicit: true })).slice(0, 3)).toEqual([
      'THERE',
      'other-environment',
      'baseline main, version 1, of another environment: there is none of this one',
    ]);
  });

  it('only what measured a benchmark of head in its configuration, under whatever name it had then', async () => {
    const sized = (size: number): Partial<BenchmarkPlan> => ({
      id: 'parse',
      variant: { family: 'parse', parameters: { size } },
    });
    const store = await storeOf(
      runOf('TEN', { benchmarks: [sized(10)] }),
      runOf('OLD', { benchmarks: [{ id: 'decode' }] }),
    );
    for (const id of ['OLD', 'TEN']) await store.setBaseline('main', id, { at });
    const head = runOf('HEAD', { sha: 9, benchmarks: [{ id: 'parse', renamedFrom: ['decode'] }] });
    const found = await chooseBaseline(store, { name: 'main', head });
    expect([found.run.id, found.passedOver]).toEqual([
      'OLD',
      ['baseline main, version 2: it measured none of these benchmarks'],
    ]);
    expect([found.run.plan.benchmarks[0]!.id, found.run.measurements[0]!.benchmark]).toEqual(['parse', 'parse']);
  });

  it('the same where head is of before a rename, and base of after it', async () => {
    const store = await storeOf(
      runOf('OLD', { benchmarks: [{ id: 'decode' }] }),
      runOf('NEW', { sha: 2, benchmarks: [{ id: 'parse' }] }),
    );
    const head = runOf('HEAD', { sha: 3, benchmarks: [{ id: 'decode' }] });
    await store.renameBenchmark('decode', 'parse', { at });
    for (const name of ['OLD', 'NEW']) {
      await store.setBaseline('main', name, { at });
      const { run } = await chooseBaseline(store, { name: 'main', head });
      expect([run.id, run.plan.benchmarks[0]!.id]).toEqual([name, 'decode']);
    }
  });

  it('another one when a version of the baseline has lost its run, and says so', async () => {
    const log = memoryLog();
    const store = runStore(log);
    for (const id of ['A', 'B', 'C']) {
      await store.saveRun(runOf(id));
      await store.setBaseline('main', id, { at });
    }
    const head = runOf('HEAD', { sha: 9 });
    const keyOf = async (id: string): Promise<string> => {
      const { sha } = await store.findRun(id);
      return `objects/${sha.slice(0, 2)}/${sha}.json`;
    };
    await log.remove(await keyOf('C'));
    // Known to the index, and damaged since.
    const damaged = await keyOf('B');
    await store.listRuns();
    const bent = runStore({
      ...log,
      get: async (key) => (key === damaged ? new Uint8Array(3) : await log.get(key)),
      setAside: () => Promise.resolve('elsewhere'),
    });
    await bent.listRuns();
    expect(await chosen(store, head)).toEqual([
      ...['B', 'label', 'baseline main, version 2'],
      'baseline main, version 3: its run C is not stored here, or cannot be read',
    ]);
    const found = await chooseBaseline({ ...store, loadRun: (sha) => bent.loadRun(sha) }, { name: 'main', head });
    expect([found.run.id, found.passedOver.at(-1)]).toEqual(['A', 'baseline main, version 2: it is damaged or gone']);
  });

  it('the newest of the branch in a store that other projects and machines fill', async () => {
    const mine = runOf('MINE', { sha: 2 });
    const others = Array.from({ length: 12 }, (_, i) =>
      runOf(`X${i}`, i % 2 === 0 ? { project: 'invoices', sha: 3 } : { environment: 'there', sha: 3 }),
    );
    const store = await storeOf(mine, ...others);
    const [id, rule, , ...passedOver] = await chosen(store, runOf('HEAD', { sha: 4 }));
    expect([id, rule, passedOver.length]).toEqual(['MINE', 'branch', 5]);
  });

  it('what does not know its commit, when head does not know its own', async () => {
    const unknown = (id: string): Run => {
      const run = runOf(id);
      return { ...run, provenance: { ...run.provenance, sha: undefined } };
    };
    const store = await storeOf(unknown('A'));
    expect((await chosen(store, unknown('HEAD'))).slice(0, 2)).toEqual(['A', 'branch']);
  });

  it('never the run itself or another project’s: then nothing can be said, and the message says what there was', async () => {
    const head = runOf('HEAD');
    const store = await storeOf(head, runOf('OTHER', { project: 'invoices' }));
    await store.setBaseline('main', 'HEAD', { at });
    await expect(chooseBaseline(store, { name: 'main', head })).rejects.toMatchObject({
      code: 'no-baseline',
      exitCode: 3,
      message: expect.stringMatching(/baseline main, version 1: it is the run that is compared/) as string,
    });
  });
});

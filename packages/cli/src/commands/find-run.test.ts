import { join } from 'node:path';
import { compareRuns, memoryLog, runStore, type RunStore } from '@perfkeel/baseline';
import type { Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { expect, it } from 'vitest';
import { createTempProject } from '../../../../tools/test-support/temp-project.ts';
import type { ResolvedConfig } from '../config.ts';
import { findBase, findRun, newestRun, withReason } from './find-run.ts';
import { milestonesOf } from './trend-milestones.ts';

const at = '2027-03-01T00:00:00Z';
const folder = '/nowhere/at-all';
const config: Pick<ResolvedConfig, 'root' | 'name' | 'against' | 'store'> = {
  ...{ root: folder, name: 'orders', against: 'main', store: `${folder}/.perf` },
};

interface Wish {
  readonly project?: string;
  readonly benchmark?: string;
  readonly environment?: string;
  readonly seed?: number;
}

/** A run of a day of January. */
function runOf(id: string, day: number, wish: Wish = {}): Run {
  const { project = 'orders', benchmark = 'parse', environment = 'here', seed = 1 } = wish;
  return sampleRun({
    id,
    startedAt: new Date(Date.UTC(2027, 0, day)).toISOString(),
    durationMs: seed,
    provenance: { project, branch: 'main', sha: String(day % 10).repeat(40) },
    environment: { class: environment },
    plans: [samplePlan({ id: benchmark, objectives: [] })],
    measurements: [sampleMeasurement({ benchmark, data: { kind: 'sample', values: [1e6] } })],
  });
}

async function storeOf(...runs: readonly Run[]): Promise<RunStore> {
  const store = runStore(memoryLog());
  for (const run of runs) await store.saveRun(run);
  return store;
}

it('the newest run is that of this project, in a store that several share; of all where none is of it', async () => {
  const store = await storeOf(runOf('MINE', 1), runOf('OTHER', 2, { project: 'invoices' }));
  expect((await newestRun(store, config)).run.id).toBe('MINE');
  expect((await newestRun(store, { ...config, name: 'billing' })).run.id).toBe('OTHER');
});

it('the newest run in a store that machines share is the one that was measured here last', async () => {
  const store = await storeOf(runOf('MINE', 1), runOf('THEIRS', 2));
  const project = createTempProject({
    '.perf/latest/run.json': '{"id":"MINE"}',
    'new/latest/run.json': '{"id":"GONE"}',
  });
  try {
    const shared = { ...config, store: join(project.root, '.perf'), records: 'git:origin' };
    expect((await newestRun(store, shared)).run.id).toBe('MINE');
    // Nothing was measured here, or what was is not stored any more.
    for (const place of ['new', 'none']) {
      expect((await newestRun(store, { ...shared, store: join(project.root, place) })).run.id).toBe('THEIRS');
    }
    expect((await newestRun(store, { ...config, store: shared.store })).run.id).toBe('THEIRS');
  } finally {
    project.remove();
  }
});

it('runs of one id are told apart by what holds them', async () => {
  const store = await storeOf(runOf('SAME', 1), runOf('SAME', 2, { seed: 2 }));
  const newest = await newestRun(store, config);
  expect(newest.run.durationMs).toBe(2);
  await store.setBaseline('main', newest.sha, { at });
  expect((await findRun(store, 'main', folder)).run.durationMs).toBe(2);
});

it('a name that is nobody’s: which baselines and runs there are, and the one that was probably meant', async () => {
  const store = await storeOf(runOf('MINE', 1));
  await expect(findRun(store, 'mian', folder)).rejects.toMatchObject({
    code: 'run-not-found',
    exitCode: 2,
    hint: expect.stringMatching(/^There are no baselines\. Stored are MINE /) as string,
  });
  for (const name of ['main', 'release/1.4']) await store.setBaseline(name, 'MINE', { at });
  await expect(findRun(store, 'mian', folder)).rejects.toMatchObject({
    message: 'no baseline is called "mian", and no stored run has an id or hash that begins so; was it main?',
    hint: expect.stringMatching(/^Baselines are main, release\/1\.4\. Stored are MINE /) as string,
  });
  await expect(findRun(store, 'gone.json', folder)).rejects.toMatchObject({
    code: 'corrupt-run',
    message: expect.stringMatching(/^cannot read .*gone\.json: ENOENT/) as string,
  });
});

it('a comparison says by which rule its base was chosen, and what was passed over', async () => {
  const head = runOf('HEAD', 9);
  const store = await storeOf(runOf('A', 1), runOf('B', 2, { environment: 'there' }), head);
  for (const id of ['A', 'B']) await store.setBaseline('main', id, { at });
  const base = await findBase(store, { head, config, cwd: folder });
  const passedOver = ['baseline main, version 2: it was measured in another environment'];
  expect(withReason(compareRuns(base.run, head), base).base).toMatchObject({
    id: 'A',
    rule: 'label',
    passedOver,
    why: 'baseline main, version 1',
  });
  const named = await findBase(store, { head, name: 'A', config, cwd: folder });
  const side = withReason(compareRuns(named.run, head), named).base;
  expect(side).toMatchObject({ id: 'A', rule: 'named', why: 'it was named' });
  expect(side).not.toHaveProperty('passedOver');
});

it('a run that is named has the names of head, too', async () => {
  const head = runOf('HEAD', 9);
  const store = await storeOf(runOf('OLD', 1, { benchmark: 'decode' }), head);
  await store.renameBenchmark('decode', 'parse', { at });
  const { run } = await findBase(store, { head, name: 'OLD', config, cwd: folder });
  expect(run.plan.benchmarks.map(({ id }) => id)).toEqual(['parse']);
});

it('change is told since a baseline of the environment and project of each series', async () => {
  const store = await storeOf(
    runOf('A', 1),
    runOf('B', 2),
    runOf('THERE', 3, { environment: 'there' }),
    runOf('OTHER', 4, { project: 'invoices' }),
  );
  for (const id of ['A', 'B', 'THERE', 'OTHER']) await store.setBaseline('v1', id, { at });
  expect(await milestonesOf(store, ['v1'], config)).toEqual(
    ['OTHER', 'THERE', 'B'].map((run) => ({ name: 'v1', run })),
  );
});

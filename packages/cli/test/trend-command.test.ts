import { join } from 'node:path';
import { folderLog, runStore } from '@perfkeel/baseline';
import { sampleMeasurement, samplePlan, sampleRun } from '@perfkeel/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

/** Thirty days of two benchmarks in a store: the 21st day made one of them a fifth slower. */
async function createHistory(): Promise<TempProject> {
  project = createTempProject({ 'package.json': '{ "name": "orders" }' });
  const store = runStore(folderLog(join(project.root, '.perf', 'store')));
  const plans = ['parse', 'render'].map((id) => samplePlan({ id, rounds: 2, objectives: ['p99 < 10ms'] }));
  for (let day = 0; day < 30; day++) {
    const levels: Record<string, number> = { parse: day < 20 ? 5e6 : 6e6, render: 2e6 };
    await store.saveRun(
      sampleRun({
        id: `RUN-${100 + day}`,
        startedAt: new Date(Date.UTC(2027, 0, 1 + day)).toISOString(),
        plans,
        provenance: { sha: String(10 + day).repeat(20) },
        measurements: plans.flatMap(({ id: benchmark }) =>
          [0, 1].map((round) => {
            const value = levels[benchmark]! * (1 + 0.005 * Math.sin(day * day + round));
            return sampleMeasurement({ benchmark, round, data: { kind: 'sample', values: [value] } });
          }),
        ),
      }),
    );
  }
  await store.setBaseline('release/1.4', 'RUN-105', { at: '2027-01-06T00:00:00Z' });
  return project;
}

describe('perfkeel trend', () => {
  it('draws every series, and is data with --json', async () => {
    const { root } = await createHistory();
    const overview = await runCli(['trend'], root);
    expect(overview.stderr).toBe('');
    expect(overview.stdout).toMatch(/^parse +p99 of response-time .* 5.99 ms {2}\+(19|20)\.\d % .*\nrender .* 2 ms\n$/);
    expect(overview.code).toBe(0);

    // Who asks for the name of before gets the benchmark of now.
    const renamed = await runCli(['baseline', 'rename', 'parse', 'read'], root);
    expect(renamed.stdout).toMatch(/^parse goes on as read/);
    expect((await runCli(['trend', 'parse'], root)).stdout).toMatch(/^read +p99 of response-time +30 runs/);
    await runCli(['baseline', 'rename', 'read', 'parse'], root);

    const json = await runCli(['trend', 'parse', '--json', '--since', 'release/1.4'], root);
    const { schemaVersion, series } = JSON.parse(json.stdout) as {
      schemaVersion: number;
      series: { points: unknown[]; changes: { run: string; news: string; range: unknown }[]; creep: unknown[] }[];
    };
    expect([schemaVersion, series.length, series[0]!.points.length]).toEqual([1, 1, 30]);
    expect(series[0]!.changes).toMatchObject([
      { run: 'RUN-120', news: 'worse', range: { after: { run: 'RUN-119' }, upTo: { run: 'RUN-120' } } },
    ]);
    expect(series[0]!.creep).toMatchObject([{ since: 'release/1.4', news: 'worse' }]);
  });

  it('says what is wrong: no such series, no such baseline, nothing stored', async () => {
    const { root } = await createHistory();
    const series = await runCli(['trend', 'checkout'], root);
    expect([series.code, series.stderr]).toEqual([
      2,
      expect.stringMatching(/no series is called "checkout"[\s\S]*parse, render/),
    ]);
    const since = await runCli(['trend', '--since', 'release/9'], root);
    expect([since.code, since.stderr]).toEqual([
      2,
      expect.stringMatching(/neither a baseline nor[\s\S]*release\/1\.4/),
    ]);
    project!.remove();
    const { root: empty } = (project = createTempProject({ 'package.json': '{}' }));
    const nothing = await runCli(['trend'], empty);
    expect([nothing.code, nothing.stderr]).toEqual([4, expect.stringContaining('perfkeel run')]);
  });
});

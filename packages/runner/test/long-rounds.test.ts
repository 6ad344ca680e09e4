import { afterEach, expect, it } from 'vitest';
import { measureProject } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

it('the time limit of a round begins behind what it lasts by its own plan', async () => {
  project = createTempProject({
    'a.perf.ts': `
      import { declare, metrics } from '@perfkeel/core';
      const slow = (name: string, lasts?: number) => declare({
        name, kind: 'probe', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true, objectives: [],
        rounds: 1, tags: [], lasts: lasts as never,
        instrument: async () => {
          await new Promise((resolve) => setTimeout(resolve, 4500));
          return { measurements: [{ metric: 'response-time', data: { kind: 'sample', values: [1] } }] };
        },
      });
      slow('of unknown length');
      slow('long by plan', 60e9);`,
  });
  const { root } = project;
  const run = await measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'], roundTimeoutMs: 4000 });
  expect(run.failures.map(({ benchmark, error }) => [benchmark, error.code])).toEqual([
    ['of unknown length', 'round-timeout'],
  ]);
  expect(run.measurements.map(({ benchmark }) => benchmark)).toEqual(['long by plan']);
});

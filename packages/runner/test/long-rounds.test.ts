import { afterEach, expect, it } from 'vitest';
import { measureProject } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

it('the time limit of a round begins behind what it lasts by its own plan', async () => {
  project = createTempProject({
    'a.perf.ts': `
      import { declare, metrics } from '@perfkeel/core';
      declare({
        name: 'long', kind: 'probe', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true,
        objectives: [], rounds: 1, tags: [], lasts: 60e9 as never,
        instrument: async () => {
          await new Promise((resolve) => setTimeout(resolve, 3500));
          return { measurements: [{ metric: 'response-time', data: { kind: 'sample', values: [1] } }] };
        },
      });`,
  });
  const { root } = project;
  const run = await measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'], roundTimeoutMs: 3000 });
  expect(run.failures).toEqual([]);
  expect(run.measurements).toHaveLength(1);
});

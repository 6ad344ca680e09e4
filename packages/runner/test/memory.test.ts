import { afterEach, expect, it } from 'vitest';
import type { Run } from '@perfkeel/core';
import { measureProject } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { customNoun } from './custom-noun.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

async function measure(files: Record<string, string>): Promise<Run> {
  project = createTempProject({ 'noun.ts': customNoun, ...files });
  return measureProject({ root: project.root, tool: 'test', conditions: ['@perfkeel/source'] });
}

function valueOf({ measurements }: Run, benchmark: string, metric: string): number | undefined {
  const data = measurements.find((one) => one.benchmark === benchmark && one.metric === metric)?.data;
  return data?.kind === 'exact' ? data.value : undefined;
}

it('memory of any kind of benchmark: what stays, what was the most, and what was allocated', async () => {
  const run = await measure({
    'a.perf.ts': `
      import { probe, sample } from './noun.ts';
      const kept: unknown[] = [];
      const calls = 20_000;
      const count = { metric: 'errors', data: { kind: 'count', events: 0, trials: calls } };
      const work = (keep: boolean) => ({ counting }: any) => {
        // A warm-up that nobody counts.
        for (let i = 0; i < calls; i++) new Array(62).fill(i);
        counting?.('begins');
        // An array of 16 B and its elements: 16 B and 62 words of 8 B.
        for (let i = 0; i < calls; i++) {
          const made = new Array(62).fill(0);
          if (keep || i === 0) kept.push(made);
        }
        counting?.('ends');
        return { measurements: [sample(1), count] };
      };
      probe('gives back', { rounds: 1, memory: ['heap < 64MB', 'allocated < 100B/op'], measure: work(false) });
      probe('keeps', { rounds: 1, memory: true, measure: work(true) });
      probe('counts nothing', { rounds: 1, memory: true, measure: () => ({ measurements: [sample(1), count] }) });
      probe('is not asked', { rounds: 1, measure: work(true) });`,
  });
  const kept = valueOf(run, 'keeps', 'heap')! - valueOf(run, 'gives back', 'heap')!;
  expect(kept / 20_000).toBeGreaterThan(510);
  expect(kept / 20_000).toBeLessThan(580);
  for (const name of ['keeps', 'gives back']) {
    const allocated = valueOf(run, name, 'allocated')!;
    expect(allocated).toBeGreaterThan(520);
    expect(allocated).toBeLessThan(620);
    expect(valueOf(run, name, 'max-rss')).toBeGreaterThan(valueOf(run, name, 'heap')!);
    expect(valueOf(run, name, 'gc-time')).toBeGreaterThan(0);
    expect(valueOf(run, name, 'gc-time')).toBeLessThanOrEqual(1);
  }
  expect(valueOf(run, 'counts nothing', 'allocated')).toBe(undefined);
  expect(run.judgements.map(({ objective, verdict }) => [objective, verdict.kind])).toEqual([
    ['heap < 64MB', 'pass'],
    ['allocated < 100B/op', 'fail'],
  ]);
  expect(run.measurements.filter(({ benchmark }) => benchmark === 'is not asked').map(({ metric }) => metric)).toEqual([
    'response-time',
    'errors',
  ]);
});

it.runIf(process.platform === 'linux')('memory of a started target is that of its process', async () => {
  const run = await measure({
    'server.cjs': `
      const block = Buffer.alloc(150e6, 1);
      require('node:http').createServer((_, response) => response.end(String(block.length))).listen(process.env.PORT, '127.0.0.1');`,
    'a.perf.ts': `
      import { target } from '@perfkeel/core';
      import { probe, sample } from './noun.ts';
      probe('large server', {
        rounds: 1, memory: ['max-rss < 100MB'], target: target({ command: ['node', 'server.cjs'] }),
        measure: async ({ target }: any) => (await (await fetch(target.url)).text(), { measurements: [sample(1)] }) });`,
  });
  expect(valueOf(run, 'large server', 'max-rss')).toBeGreaterThan(150e6);
  expect(run.measurements.map(({ metric }) => metric)).toEqual(['response-time', 'max-rss']);
  expect(run.verdict.kind).toBe('fail');
});

import { afterEach, describe, expect, it } from 'vitest';
import type { Measurement, Run } from '@perfkeel/core';
import { measureProject, type MeasureProjectOptions } from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { customNoun } from './custom-noun.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

function measure(files: Record<string, string>, options: Partial<MeasureProjectOptions> = {}): Promise<Run> {
  const { root } = (project = createTempProject({ 'noun.ts': customNoun, ...files }));
  return measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'], ...options });
}

const codes = ({ warnings }: Measurement): readonly string[] => warnings.map(({ code }) => code);

describe('what a round had measured', () => {
  it('before its target or its process died stays in the run, beside the error, and decides nothing', async () => {
    const run = await measure({
      'server.mjs': `
        import { createServer } from 'node:http';
        const kept = [];
        const small = process.execArgv.length > 0;
        createServer((_, response) => {
          if (kept.push(new Array(506).fill(0)) === 800 && !small) process.exit(7);
          response.end();
        }).listen(process.env.PORT, '127.0.0.1');`,
      'a.perf.ts': `
        import { target } from '@perfkeel/core';
        import { leak } from '@perfkeel/memory';
        import { probe, sample } from './noun.ts';
        const large = target({ command: ['node', 'server.mjs'] });
        leak('server', { target: large, request: {}, iterations: 40, samples: 100, duration: '1s' });
        const small = target({ command: ['node', '--max-old-space-size=10', 'server.mjs'] });
        leak('heap', { target: small, request: {}, iterations: 40, samples: 100, duration: '1s' });
        let cycles = 0;
        leak('process', {
          cycle: async () => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            if (++cycles === 100) process.exit(3);
          },
          iterations: 2,
          samples: 100,
          duration: '500ms',
        });
        probe('says nothing', { rounds: 1, measure: () => process.exit(3) });`,
    });
    const failures = run.failures.map(({ benchmark, error }) => [benchmark, error.code]);
    expect(new Map(failures as [string, string][])).toEqual(
      new Map([
        ['server', 'target-ended'],
        ['heap', 'out-of-memory'],
        ['process', 'process-ended'],
        ['says nothing', 'process-ended'],
      ]),
    );
    expect(run.benchmarks.map(({ verdict }) => verdict.kind)).toEqual(Array(4).fill('could-not-measure'));
    const of = (name: string): Map<string, Measurement> =>
      new Map(run.measurements.filter(({ benchmark }) => benchmark === name).map((each) => [each.metric, each]));
    expect(run.failures.find(({ benchmark }) => benchmark === 'heap')!.error.message).toMatch(
      /ran out of memory while it was measured: it (?:was ended by SIGABRT|exited with code 134)\n {3}\| FATAL ERROR: .* out of memory/,
    );
    for (const name of ['server', 'heap', 'process']) {
      const course = of(name).get('heap-after-gc')!;
      expect(course.data.kind === 'series' && course.data.points.length).toBeGreaterThan(5);
      expect(codes(course)).toEqual(['half-round']);
    }
    expect(of('says nothing').size).toBe(0);
    expect(run.judgements.map(({ verdict }) => verdict.kind)).not.toContain('pass');
  }, 120_000);

  it('is not told twice when the run is interrupted behind it', async () => {
    const abort = new AbortController();
    const run = await measure(
      {
        'a.perf.ts': `
          import { probe, sample } from './noun.ts';
          probe('a', { rounds: 2, measure: async ({ checkpoint }: any) => {
            checkpoint({ measurements: [sample(1)] });
            await new Promise((resolve) => setTimeout(resolve, 100));
            return { measurements: [sample(2)] };
          } });`,
      },
      { signal: abort.signal, onEvent: ({ type }) => void (type === 'measured' && abort.abort()) },
    );
    expect(run.interrupted).toBe(true);
    expect(run.measurements.map(({ data }) => data)).toEqual([{ kind: 'sample', values: [2] }]);
  });
});

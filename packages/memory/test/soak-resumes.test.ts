import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runCli, startCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

const perfFile = `
  import { leak } from 'perfkeel';
  leak('keeps', {
    cycle: () => new Promise((resolve) => setTimeout(resolve, 1)),
    for: '1s',
    explain: false,
    objectives: ['growth < 64B/op'],
  });`;

function linesOf(root: string): { round: number; segment: string; iterations: number; at: number }[] {
  const unfinished = join(root, '.perf/unfinished');
  try {
    const [run] = readdirSync(unfinished);
    const file = readdirSync(join(unfinished, run!)).find((name) => name.startsWith('soak-'));
    const text = readFileSync(join(unfinished, run!, file!), 'utf8');
    // The first line is a header, and the last one may be under way.
    return text
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as ReturnType<typeof linesOf>[number]);
  } catch {
    return [];
  }
}

it('a soak that is killed goes on, and says so', async () => {
  project = createTempProject({ 'a.perf.js': perfFile });
  const { root } = project;
  const env = { PERFKEEL_CHECKPOINT_MS: '30' };
  const { child, result } = await startCli(['run'], root, env);
  await eventually(() => linesOf(root).length > 4);
  const before = linesOf(root);
  child.kill('SIGKILL');
  await result;
  const resumed = await runCli(['resume'], root, env);
  expect(resumed.stderr).toContain('going on with run');
  const run = JSON.parse(readFileSync(join(root, '.perf/latest/run.json'), 'utf8'));
  const growth = run.measurements.find(({ metric }: { metric: string }) => metric === 'growth');
  expect(growth.warnings.map(({ code }: { code: string }) => code)).toContain('several-lives');
  // A second has too few rounds for a verdict, and says so.
  expect(growth.data.estimate.warnings[0].message).toMatch(/samples/);
  expect(resumed.code).toBe(3);
  expect(readdirSync(join(root, '.perf/unfinished'))).toEqual([]);
  // The second begins where the first was, and soaks no more than what is left.
  const points = run.measurements.find(({ metric }: { metric: string }) => metric === 'heap-after-gc').data.points;
  const [first, last] = [points[0][0], points.at(-1)[0]];
  expect(first > before.at(-1)!.at || last <= before.at(-1)!.at + 1e8).toBe(true);
  expect(last).toBeLessThan(2e9);
});

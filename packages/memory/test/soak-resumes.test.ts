import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '@perfkeel/core';
import { afterEach, expect, it } from 'vitest';
import { runCli, startCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

const perfFile = `
  import { leak } from 'perfkeel';
  leak('keeps', {
    cycle: () => new Promise((resolve) => setTimeout(resolve, 1)),
    for: '4s',
    explain: false,
    objectives: ['growth < 1B/op'],
  });`;

function linesOf(root: string): { round: number; segment: string; iterations: number; at: number }[] {
  const unfinished = join(root, 'kept/elsewhere/unfinished');
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
  project = createTempProject({
    'a.perf.js': perfFile,
    'perf.config.js': "export default { store: 'kept/elsewhere' };\n",
  });
  const { root } = project;
  const env = { PERFKEEL_CHECKPOINT_MS: '100' };
  const { child, result } = await startCli(['run'], root, env);
  await eventually(() => linesOf(root).length > 2, 60_000);
  const before = linesOf(root);
  child.kill('SIGKILL');
  await result;
  const resumed = await runCli(['resume'], root, env);
  expect(resumed.stderr).toContain('going on with run');
  const run = JSON.parse(readFileSync(join(root, 'kept/elsewhere/latest/run.json'), 'utf8')) as Run;
  const measured = (id: string) => run.measurements.find(({ metric }) => metric === id)!;
  expect(measured('growth').warnings.map(({ code }) => code)).toContain('several-lives');
  // Four seconds are too short for so fine an answer, and say what would not be.
  expect(measured('growth').data).toMatchObject({ estimate: { warnings: [{ code: 'too-few-samples' }] } });
  expect(resumed.code).toBe(3);
  expect(readdirSync(join(root, 'kept/elsewhere/unfinished'))).toEqual([]);
  // The longest life begins where the first was killed, and soaks no more than what was left.
  const { data } = measured('heap-after-gc');
  const points = data.kind === 'series' ? data.points : [];
  const killedAt = before.at(-1)!.at;
  // Unless it was noticed so late that the first life was the longer one.
  expect(points[0]![0] > killedAt || killedAt > 1.5e9).toBe(true);
  expect(points.at(-1)![0]).toBeLessThan(6e9);
}, 120_000);

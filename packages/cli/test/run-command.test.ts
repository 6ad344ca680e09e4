import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeRun } from '@perfkeel/baseline';
import { runCli, startCli } from '../../../tools/test-support/source-cli.ts';
import { createTempProject, eventually, isAlive, type TempProject } from '../../../tools/test-support/temp-project.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());
const create = (files: Record<string, string>): TempProject => (project = createTempProject(files));

/** A kind with a known outcome: `values` in milliseconds, or something that goes wrong. */
const noun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';
export function known(name: string, options: any) {
  return declare({
    name, kind: 'known', metrics: [metrics.responseTime], primary: 'response-time', quantiles: true,
    ...commonParts(options, { rounds: 3 }), target: options.target, location: callSite(known as never),
    instrument: async (context: any) => {
      await options.before?.(context);
      return { measurements: [{ metric: 'response-time', data: { kind: 'sample', values: options.values.map((ms: number) => ms * 1e6) } }] };
    },
  });
}`;
const perfFile = (...declarations: string[]): Record<string, string> => ({
  'noun.ts': noun,
  'a.perf.ts': ["import { known } from './noun.ts';", ...declarations].join('\n'),
});
const many = (ms: number): string => `Array.from({ length: 400 }, () => ${ms})`;

describe('perfkeel run', () => {
  it('passes: says so, writes the three files, exits with 0', async () => {
    const { root } = create(perfFile(`known('quick', { values: ${many(5)}, objectives: ['p99 < 10ms'] });`));
    const { code, stdout, stderr } = await runCli(['run'], root);
    expect(stderr).toMatch(/measuring 1 benchmark in 3 rounds/);
    expect(stdout).toMatch(/PASS/);
    expect(stdout).toMatch(/quick/);
    expect(stdout).toMatch(/p99 < 10ms/);
    expect(code).toBe(0);
    const file = join(root, '.perf/latest/run.json');
    const run = decodeRun(readFileSync(file, 'utf8'), file);
    expect(run.verdict.kind).toBe('pass');
    expect(run.measurements).toHaveLength(3);
    expect(readFileSync(join(root, '.perf/latest/report.html'), 'utf8')).toMatch(/<!doctype html>/i);
    expect(readFileSync(join(root, '.perf/latest/report.md'), 'utf8')).toMatch(/quick/);
  });

  it.each([
    ['an objective that is missed', `known('slow', { values: ${many(50)}, objectives: ['p99 < 10ms'] });`, 1, /FAIL/],
    [
      'too few samples',
      `known('few', { values: [1, 2, 3], objectives: ['p99 < 10ms'] });`,
      3,
      /INCONCLUSIVE[\s\S]*more samples/,
    ],
    [
      'an expected failure',
      `known('demo', { values: ${many(50)}, objectives: ['p99 < 10ms'], expected: 'fail' });`,
      0,
      /failed as expected/i,
    ],
    [
      'no failure where one is expected',
      `known('demo', { values: ${many(5)}, objectives: ['p99 < 10ms'], expected: 'fail' });`,
      1,
      /FAIL/,
    ],
    [
      'a benchmark that throws',
      `known('bad', { before: () => { throw new Error('no database') }, values: [1] });`,
      4,
      /no database/,
    ],
  ])('%s', async (_, declaration, exitCode, text) => {
    const { root } = create(perfFile(declaration));
    const { code, stdout } = await runCli(['run'], root);
    expect(stdout).toMatch(text);
    expect(code).toBe(exitCode);
  });

  it('strict: inconclusive fails', async () => {
    const { root } = create(perfFile(`known('few', { values: [1, 2, 3], objectives: ['p99 < 10ms'] });`));
    expect((await runCli(['run', '--strict'], root)).code).toBe(1);
  });

  it('a wrong objective: the line of the user, underlined, exit code 2', async () => {
    const { root } = create(
      perfFile("known('a', {", '  values: [1],', "  objectives: ['errors < 1%', 'p99 < 200'],", '});'),
    );
    const { code, stdout, stderr } = await runCli(['run'], root);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    // The first wrong objective is shown: this kind measures no errors.
    expect(stderr).toMatch(/"errors < 1%" is not an objective: nothing here is called "errors"/);
    expect(stderr).toMatch(/a\.perf\.ts:4:17/);
    expect(stderr).toMatch(/4 \|\s+objectives: \['errors < 1%', 'p99 < 200'\],\n\s+\| {17}\^{11}\n/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a target that never becomes ready: its stderr, exit code 4, the others are kept', async () => {
    const { root } = create({
      ...perfFile(
        "import { target } from '@perfkeel/core';",
        "const down = target({ command: ['node', 'down.mjs'], ready: /listening/, startTimeout: '5s' });",
        `known('needs it', { target: down, values: [1] });`,
        `known('does not', { values: ${many(5)}, objectives: ['p99 < 10ms'] });`,
      ),
      'down.mjs': "console.error('cannot reach the database at db.internal'); setInterval(() => {}, 1000);",
    });
    const { code, stdout } = await runCli(['run'], root);
    expect(stdout).toMatch(/cannot reach the database at db\.internal/);
    expect(code).toBe(4);
    const run = decodeRun(readFileSync(join(root, '.perf/latest/run.json'), 'utf8'), 'run.json');
    expect(run.measurements.filter(({ benchmark }) => benchmark === 'does not')).toHaveLength(3);
  });

  it('nothing to run: exit code 4 and what to do', async () => {
    const { root } = create({});
    const { code, stderr } = await runCli(['run'], root);
    expect(code).toBe(4);
    expect(stderr).toMatch(/no perf file was found[\s\S]*perfkeel init/);
  });

  it('results that cannot be stored are still shown, with exit code 4', async () => {
    const { root } = create(perfFile(`known('quick', { values: ${many(5)}, objectives: ['p99 < 10ms'] });`));
    await runCli(['run', '--short'], root);
    // A file stands where the folder of the newest results belongs: root may write to read-only folders.
    project!.write('.perf/store', 'in the way');
    const { code, stdout, stderr } = await runCli(['run'], root);
    expect(stdout).toMatch(/PASS/);
    expect(stderr).toMatch(/error {2}.*\.perf/);
    expect(code).toBe(4);
  });

  it('Ctrl-C: exit code 130, what was measured is kept, no process is left', async () => {
    const { root } = create(
      perfFile(
        "import { writeFileSync } from 'node:fs';",
        `known('first', { rounds: 1, values: ${many(5)} });`,
        `known('endless', { rounds: 2, values: ${many(5)}, before: ({ round }: any) => {`,
        "  if (round === 0) return; writeFileSync('endless.pid', String(process.pid)); return new Promise((resolve) => setTimeout(resolve, 60_000)); } });",
      ),
    );
    const { child, result } = await startCli(['run'], root);
    const pidFile = join(root, 'endless.pid');
    await eventually(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    child.kill('SIGINT');
    const { code, stderr } = await result;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: what had been measured is kept/);
    expect(isAlive(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
    const run = decodeRun(readFileSync(join(root, '.perf/latest/run.json'), 'utf8'), 'run.json');
    expect(run.interrupted).toBe(true);
    expect(run.measurements).toHaveLength(2);
  });

  it('shows what a benchmark prints only with --verbose', async () => {
    const { root } = create(
      perfFile(`known('chatty', { values: [1], before: () => console.log('hello from inside') });`),
    );
    expect((await runCli(['run', '--short'], root)).stderr).not.toMatch(/hello from inside/);
    const { stdout, stderr } = await runCli(['run', '--short', '--verbose'], root);
    expect(stderr).toMatch(/hello from inside/);
    expect(stdout).not.toMatch(/hello from inside/);
  });

  it('prints only JSON with --json', async () => {
    const { root } = create(perfFile(`known('quick', { values: ${many(5)} });`));
    const { stdout } = await runCli(['run', '--json'], root);
    expect(JSON.parse(stdout)).toMatchObject({ run: { schemaVersion: 1, verdict: { kind: 'pass' } } });
  });

  it('colours nothing that is not a terminal, and everything that FORCE_COLOR asks for', async () => {
    const { root } = create(perfFile(`known('quick', { values: ${many(5)}, objectives: ['p99 < 10ms'] });`));
    const escape = '\x1b[';
    expect((await runCli(['run', '--short'], root)).stdout).not.toContain(escape);
    expect((await runCli(['run', '--short'], root, { FORCE_COLOR: '1' })).stdout).toContain(escape);
    expect((await runCli(['run', '--short'], root, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(escape);
  });

  it('a reader that leaves early changes no verdict', async () => {
    const { root } = create(perfFile(`known('slow', { values: ${many(50)}, objectives: ['p99 < 10ms'] });`));
    const { child, result } = await startCli(['run', '--json'], root);
    child.stdout!.destroy();
    expect(await result).toMatchObject({ code: 1 });
  });

  it('reads perf.config: another name, other files; a wrong one is shown, exit code 2', async () => {
    const { root } = create({
      'noun.ts': noun,
      'checks/speed.ts': `import { known } from '../noun.ts'; known('here', { values: ${many(1)} });`,
      'perf.config.ts': "export default { name: 'renamed', include: ['checks/*.ts'] };",
    });
    const { code, stdout } = await runCli(['run', '--json'], root);
    expect(code).toBe(0);
    expect(stdout).toMatch(/"project": "renamed"/);
    writeFileSync(join(root, 'perf.config.ts'), 'export default { inclde: [] };');
    const wrong = await runCli(['run'], root);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/inclde/);
  });
});

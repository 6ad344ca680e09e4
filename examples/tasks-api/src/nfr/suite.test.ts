import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { buildSourceCli } from '../../../../tools/test-support/source-cli.ts';
import { rootPath, sourceCliFolder } from '../../../../tools/test-support/source-cli-folder.ts';
import { createTempProject, eventually, type TempProject } from '../../../../tools/test-support/temp-project.ts';
import type { NfrReport } from './report.ts';
import { runSuite } from './suite.ts';

let project: TempProject | undefined;
beforeAll(async () => void (await buildSourceCli()));
afterEach(() => project?.remove());

/** A benchmark under the tag of a target. */
const declared = (tag: string, instrument: string): string => `declare({
  ...${JSON.stringify({ name: `benchmark of ${tag}`, kind: 'fixed', tags: [tag], rounds: 1 })},
  metrics: [{ id: 'answer', unit: 'ns', better: 'lower' }],
  primary: 'answer',
  quantiles: false,
  objectives: ['answer < 200ms'],
  instrument: ${instrument},
});`;

/** One that measures what it is told to. */
const fixed = (tag: string, milliseconds: number): string =>
  declared(
    tag,
    `async () => ({ measurements: [{ metric: 'answer', data: { kind: 'exact', value: ${milliseconds}e6 } }] })`,
  );

function projectOf(...declarations: readonly string[]): TempProject {
  const config = rootPath('examples/tasks-api/perf.config.ts');
  return createTempProject({
    'perf.config.ts': `export { default } from ${JSON.stringify(config)};`,
    'a.perf.ts': `import { declare } from 'perfkeel';\n${declarations.join('\n')}`,
  });
}

interface Outcome {
  readonly code: number;
  readonly text: string;
  readonly files: readonly string[];
  readonly report: NfrReport | undefined;
}

/** Runs the suite over the project, with a target for each tag. */
async function run({ root }: TempProject, ids: readonly string[], signal: AbortSignal): Promise<Outcome> {
  const out = join(root, 'reports');
  let text = '';
  const code = await runSuite({
    targets: ids.map((id) => ({ id, title: `the target ${id}`, project: 'fixed', advice: `look at ${id}` })),
    folders: new Map([['fixed', root]]),
    servers: { fixed: { version: '1.2.3' } },
    ...{ out, cwd: root, signal, rehearse: false, stdio: 'ignore' },
    program: join(sourceCliFolder(process.ppid), 'bin.js'),
    env: { ...process.env, PERFKEEL_CONDITIONS: '@perfkeel/source' },
    print: (words) => void (text += words),
  });
  const files = existsSync(out) ? readdirSync(out) : [];
  const [file] = files;
  const report = file === undefined ? undefined : (JSON.parse(readFileSync(join(out, file), 'utf8')) as NfrReport);
  return { code, text, files, report };
}

const never = new AbortController().signal;

it(
  'holds what was measured against each target within its tolerance, and ends with 1 when one is missed',
  { timeout: 60_000 },
  async () => {
    const values = [199, 209, 211, 219, 221];
    project = projectOf(...values.map((value) => fixed(`T${value}`, value)));
    const { code, text, files, report } = await run(
      project,
      values.map((value) => `T${value}`),
      never,
    );
    const told = report!.targets.map(({ status, strictlyMet }) => [status, strictlyMet]);
    expect(told).toEqual([
      ['PASSED', true],
      ['PASSED', false],
      ['WARNING', false],
      ['WARNING', false],
      ['FAILED', false],
    ]);
    expect(report!.targets[4]!.benchmarks[0]!.objectives).toMatchObject([
      { objective: 'answer < 200ms', limit: 200e6, value: 221e6, over: 0.105, status: 'FAILED' },
    ]);
    expect(report!.summary).toMatchObject({ status: 'FAILED', passed: 2, warned: 2, failed: 1, notMeasured: 0 });
    expect(report!.servers).toEqual({ fixed: { version: '1.2.3' } });
    expect(files).toEqual([expect.stringMatching(/^benchmark_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.json$/)]);
    expect(text).toContain(`1 of 1: fixed`);
    expect(text).toContain('look at T221');
    expect(text).toContain(join('reports', files[0]!));
    expect(code).toBe(1);
  },
);

it('ends with 3 when no benchmark has the tag of a target', { timeout: 60_000 }, async () => {
  project = projectOf(fixed('kept', 1));
  const { code, report } = await run(project, ['kept', 'misspelt'], never);
  expect(report!.targets.map(({ status }) => status)).toEqual(['PASSED', 'NOT MEASURED']);
  expect(code).toBe(3);
});

it('writes no report when it is interrupted', { timeout: 60_000 }, async () => {
  const endless = "async () => { writeFileSync('began', ''); await new Promise(() => setInterval(() => {}, 1000)); }";
  project = projectOf("import { writeFileSync } from 'node:fs';", declared('slow', endless));
  const interrupting = new AbortController();
  const outcome = run(project, ['slow'], interrupting.signal);
  await eventually(() => existsSync(join(project!.root, 'began')), 40_000);
  interrupting.abort();
  const { code, text, files } = await outcome;
  expect([code, files]).toEqual([130, []]);
  expect(text).toContain('interrupted: no report was written');
});

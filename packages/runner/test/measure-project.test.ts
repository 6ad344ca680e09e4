import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PerfError, type Run } from '@perfkeel/core';
import { measureProject, type MeasureProjectOptions, type RunEvent } from '@perfkeel/runner';
import { createTempProject, eventually, isAlive, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { customNoun } from './custom-noun.ts';

let project: TempProject | undefined;
afterEach(() => project?.remove());

function create(files: Record<string, string>): TempProject {
  return (project = createTempProject({ 'noun.ts': customNoun, ...files }));
}

const measure = (root: string, options: Partial<MeasureProjectOptions> = {}): Promise<Run> =>
  measureProject({ root, tool: 'test', conditions: ['@perfkeel/source'], ...options });

async function errorOf(promise: Promise<unknown>): Promise<PerfError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PerfError);
  return error as PerfError;
}

describe('a run', () => {
  it('measures every round in a fresh process and judges what came out', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        let loaded = 0;
        probe('fresh', { rounds: 3, objectives: ['max < 2us'], measure: ({ round, seed }: any) => ({
          measurements: [sample(++loaded * 1000 + round, 1000)], warnings: [{ code: 'pid', message: String(process.pid) + ' ' + seed }] }) });
        probe('slow', { rounds: 1, objectives: ['max < 1us'], measure: () => ({ measurements: [sample(5000)] }) });`,
    });
    const run = await measure(root);
    const fresh = run.measurements.filter(({ benchmark }) => benchmark === 'fresh');
    // The module counter is 1 in every round: no process measured twice.
    expect(fresh.map(({ data }) => data)).toEqual([
      { kind: 'sample', values: [1000, 1000] },
      { kind: 'sample', values: [1001, 1000] },
      { kind: 'sample', values: [1002, 1000] },
    ]);
    expect(new Set(fresh.map(({ warnings }) => warnings[0]!.message.split(' ')[0])).size).toBe(3);
    expect(new Set(fresh.map(({ warnings }) => warnings[0]!.message.split(' ')[1])).size).toBe(3);
    expect(run.judgements.map(({ objective, verdict }) => [objective, verdict.kind])).toEqual([
      ['max < 2us', 'pass'],
      ['max < 1us', 'fail'],
    ]);
    expect(run.verdict.kind).toBe('fail');
    expect(run.provenance.project).toBe('temp-project');
    expect(run.plan.benchmarks[0]!.location).toMatchObject({ file: `${root}/a.perf.ts`, line: 4 });
    expect(run.plan.inventory).toEqual({ benchmarks: ['fresh', 'slow'], unread: [] });
    // Two declarations of one file, told apart by their own places in it.
    expect(new Set(run.plan.benchmarks.map(({ benchmarkHash }) => benchmarkHash)).size).toBe(2);
  });

  it('interleaves the rounds of all benchmarks, and the same seed gives the same order', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        for (const name of ['a', 'b', 'c']) probe(name, { rounds: 2, measure: () => ({ measurements: [sample(1)] }) });`,
    });
    const orderOf = async (seed: number): Promise<string[]> => {
      const seen: string[] = [];
      await measure(root, {
        seed,
        onEvent: (event: RunEvent) => void (event.type === 'round' && seen.push(event.benchmark)),
      });
      return seen;
    };
    const order = await orderOf(5);
    expect(order.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
    expect(order.slice(3).sort()).toEqual(['a', 'b', 'c']);
    expect(await orderOf(5)).toEqual(order);
  });

  it('keeps what was measured when one benchmark throws, crashes or hangs', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        probe('good', { measure: () => ({ measurements: [sample(1)] }) });
        probe('throws', { measure: () => { throw new TypeError('no such order'); } });
        probe('exits', { measure: () => process.exit(7) });
        probe('hangs', { measure: () => new Promise((resolve) => setTimeout(resolve, 60_000)) });
        probe('lies', { measure: () => ({ measurements: [{ metric: 'happiness', data: { kind: 'exact', value: 1 } }] }) });`,
    });
    // Enough for a process to start and measure on a busy machine.
    const run = await measure(root, { roundTimeoutMs: 6000 });
    const failures = new Map(run.failures.map(({ benchmark, error }) => [benchmark, error]));
    expect(run.measurements.map(({ benchmark, round }) => [benchmark, round])).toEqual([
      ['good', 0],
      ['good', 1],
    ]);
    expect(failures.get('throws')).toMatchObject({
      message: 'no such order',
      location: { file: `${root}/a.perf.ts`, line: 4 },
    });
    expect(failures.get('exits')).toMatchObject({ code: 'process-ended' });
    expect(failures.get('hangs')).toMatchObject({ code: 'round-timeout' });
    expect(failures.get('lies')).toMatchObject({ code: 'unknown-metric' });
    expect(run.failures).toHaveLength(4);
    expect(run.verdict.kind).toBe('could-not-measure');
    expect(run.benchmarks.find(({ benchmark }) => benchmark === 'good')!.verdict.kind).toBe('pass');
  });

  it('ends what a benchmark started, and does not wait for it', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        import { probe, sample } from './noun.ts';
        const start = (name: string) => {
          const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' });
          writeFileSync(name + '.pid', String(child.pid));
        };
        probe('finishes', { rounds: 1, measure: () => { start('finishes'); return { measurements: [sample(1)] }; } });
        probe('exits', { rounds: 1, measure: () => { start('exits'); process.exit(3); } });
        probe('spins', { rounds: 1, measure: () => { start('spins'); for (;;); } });`,
    });
    const run = await measure(root, { roundTimeoutMs: 4000 });
    expect(new Map(run.failures.map(({ benchmark, error }) => [benchmark, error.code]))).toEqual(
      new Map([
        ['exits', 'process-ended'],
        ['spins', 'round-timeout'],
      ]),
    );
    for (const name of ['finishes', 'exits', 'spins']) {
      const pid = Number(readFileSync(join(root, `${name}.pid`), 'utf8'));
      await eventually(() => !isAlive(pid));
    }
  });

  it('says what code under test leaves replaced, and goes on with the real clock', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        probe('fakes', { rounds: 1, measure: ({ clock }: any) => {
          performance.now = Date.now = () => 0;
          const began = clock.now();
          while (clock.now() === began);
          return { measurements: [sample(clock.now() - began)] };
        } });`,
    });
    const { measurements, failures } = await measure(root, { roundTimeoutMs: 6000 });
    expect(failures).toEqual([]);
    expect(measurements[0]!.warnings).toMatchObject([
      {
        code: 'replaced-globals',
        message: expect.stringMatching(/replaced performance\.now, Date\.now and left them/) as string,
      },
    ]);
  });

  it('a benchmark that is declared too late is not left out silently', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        let late = () => {};
        probe('early', { rounds: 1, measure: () => { late(); return { measurements: [sample(1)] }; } });
        late = () => probe('late', { measure: () => ({ measurements: [sample(1)] }) });`,
    });
    const { failures } = await measure(root);
    expect(failures.map(({ error }) => [error.code, error.location?.line])).toEqual([['declared-late', 5]]);
  });

  it('judges nothing in a rehearsal', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        probe('slow', { rounds: 5, objectives: ['max < 1us'], measure: ({ short }: any) => ({ measurements: [sample(short ? 5000 : 1)] }) });`,
    });
    const run = await measure(root, { short: true });
    expect(run.measurements).toHaveLength(1);
    expect(run.measurements[0]!.data).toEqual({ kind: 'sample', values: [5000] });
    expect(run.judgements).toEqual([]);
    expect(run.verdict).toMatchObject({ kind: 'pass', reasons: [{ code: 'rehearsal' }] });
  });

  it('ends at once when it is aborted, with what it had', async () => {
    const { root } = create({
      'a.perf.ts': `
        import { probe, sample } from './noun.ts';
        probe('endless', { rounds: 3, measure: ({ round }: any) =>
          round === 0 ? { measurements: [sample(1)] } : new Promise((resolve) => setTimeout(resolve, 60_000)) });`,
    });
    const abort = new AbortController();
    const onEvent = (event: RunEvent): void =>
      void (event.type === 'round' && event.round === 1 && setTimeout(() => abort.abort(), 300));
    const run = await measure(root, { signal: abort.signal, onEvent });
    expect(run.interrupted).toBe(true);
    expect(run.measurements).toHaveLength(1);
    expect(run.failures).toEqual([]);
  });
});

describe('wrong input', () => {
  it('a file that does not compile: the place in it, exit code 2', async () => {
    const { root } = create({ 'a.perf.ts': 'const ok = 1;\nconst = 2;\n' });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'does-not-compile',
      exitCode: 2,
      location: { file: `${root}/a.perf.ts`, line: 2, column: 7 },
    });
  });

  it('an import that cannot be resolved: what to install', async () => {
    const { root } = create({ 'a.perf.ts': "import 'no-such-package-anywhere';\n" });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'does-not-compile',
      hint: 'Install it: npm install --save-dev no-such-package-anywhere',
    });
  });

  it('a file that throws while it is read: the line of the user', async () => {
    const { root } = create({ 'a.perf.ts': "import './noun.ts';\n\nthrow new Error('broken setup');\n" });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'declaration-threw',
      exitCode: 2,
      message: 'a.perf.ts throws while it is read: broken setup',
      location: { file: `${root}/a.perf.ts`, line: 3 },
    });
  });

  it('a file that never comes to its end: exit code 2 after the time for a round', async () => {
    const { root } = create({ 'a.perf.ts': 'await new Promise(() => setInterval(() => {}, 1000));' });
    const error = await errorOf(measure(root, { roundTimeoutMs: 1500 }));
    expect(error).toMatchObject({
      code: 'never-read',
      exitCode: 2,
      message: 'a.perf.ts was not read to its end in 1.5 s',
    });
  });

  it('a file that ends its process: the line of the user', async () => {
    const { root } = create({ 'a.perf.ts': "import './noun.ts';\n\nprocess.exit(0);\n" });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'exited-while-read',
      exitCode: 2,
      message: 'a.perf.ts: it ends the process that reads it (exit code 0)',
      location: { file: `${root}/a.perf.ts`, line: 3 },
    });
  });

  it('a package that is missing when it is asked for: what to install', async () => {
    const { root } = create({ 'a.perf.ts': "const name = '@none/such/part';\nawait import(name);\n" });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      message: "a.perf.ts throws while it is read: Cannot find package '@none/such'",
      hint: 'Install it: npm install --save-dev @none/such',
      location: { file: `${root}/a.perf.ts` },
    });
  });

  it('an objective that is none: the declaration and the text to underline', async () => {
    const { root } = create({
      'a.perf.ts':
        "import { probe } from './noun.ts';\n\nprobe('a', {\n  objectives: ['p99 < 200'],\n  measure: () => undefined,\n});\n",
    });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'bad-objective',
      exitCode: 2,
      excerpt: 'p99 < 200',
      location: { file: `${root}/a.perf.ts`, line: 3, column: 1 },
      hint: 'Did you mean "p99 < 200ms"?',
    });
  });

  it('two benchmarks of one name: both places', async () => {
    const { root } = create({
      'a.perf.ts': "import { probe } from './noun.ts';\nprobe('same', { measure: () => undefined });\n",
      'b.perf.ts': "import { probe } from './noun.ts';\n\nprobe('same', { measure: () => undefined });\n",
    });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({
      code: 'duplicate-name',
      exitCode: 2,
      location: { file: `${root}/b.perf.ts`, line: 3 },
    });
    expect(error.hint).toMatch(/a\.perf\.ts:2/);
  });

  it.each([
    ['no perf file at all', {}, [], /no perf file was found/],
    ['a file that declares nothing', { 'a.perf.ts': 'export {};' }, [], /declares? nothing/],
    [
      'a selection that fits nothing',
      { 'a.perf.ts': "import { probe } from './noun.ts';\nprobe('a', {});" },
      ['zebra'],
      /no benchmark fits/,
    ],
  ])('%s: nothing ran, exit code 4', async (_, files, filters, message) => {
    const { root } = create(files);
    const error = await errorOf(measure(root, { filters }));
    expect(error).toMatchObject({ code: 'nothing-to-run', exitCode: 4 });
    expect(error.message).toMatch(message);
  });

  it('a perf file that is not there: exit code 2', async () => {
    const { root } = create({ 'a.perf.ts': 'export {};' });
    expect(await errorOf(measure(root, { filters: ['b.perf.ts'] }))).toMatchObject({
      code: 'no-such-file',
      exitCode: 2,
    });
  });

  it('a folder for results that cannot be written: where and what to do', async () => {
    const { root } = create({
      'a.perf.ts': "import { probe } from './noun.ts';\nprobe('a', {});",
      '.perf': 'a file stands here',
    });
    const error = await errorOf(measure(root));
    expect(error).toMatchObject({ code: 'not-writable', exitCode: 4 });
    expect(error.message).toContain(root);
  });
});

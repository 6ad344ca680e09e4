import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { decodeRun, encodeRun, importRuns } from '@perfkeel/baseline';
import { distributionOf, type Measurement, type Run } from '@perfkeel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const exec = promisify(execFile);

const answers = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 10_000 }).error === undefined;
const has = {
  hyperfine: answers('hyperfine', '--version'),
  wrk: answers('wrk', '--version'),
  hey: answers('hey', '-h'),
  go: answers('go', 'version'),
  vegeta: answers('vegeta', '-version'),
  pytest: spawnSync('python3', ['-c', 'import pytest_benchmark'], { stdio: 'ignore' }).status === 0,
};
const missing = Object.entries(has).flatMap(([tool, there]) => (there ? [] : [tool]));
if (missing.length > 0) {
  console.warn(`not installed, so only their documented samples are imported here: ${missing.join(', ')}`);
}

/** Without the plugins of whoever runs this, Python starts in half the time. */
const env = { ...process.env, PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' };

async function run(command: string, args: readonly string[], cwd = root): Promise<string> {
  const { stdout } = await exec(command, [...args], { cwd, env, timeout: 25_000, maxBuffer: 1e8 });
  return stdout;
}

/** The one run of a file, read as what it is, and proven to be storable. */
function imported(text: string, format: string): Run {
  const found = importRuns('auto', text, { file: 'results', at: 1e12 });
  expect(found.format).toBe(format);
  expect(found.runs.length).toBe(1);
  const [only] = found.runs;
  expect(decodeRun(encodeRun(only!), 'results')).toEqual(only);
  return only!;
}

const of = (run: Run, metric: string): Measurement[] => run.measurements.filter((one) => one.metric === metric);
const valueOf = (run: Run, metric: string): number => {
  const data = of(run, metric)[0]?.data;
  if (data?.kind === 'exact') return data.value;
  return data?.kind === 'estimate' ? data.estimate.value : NaN;
};

describe('what real tools write about programs', () => {
  it.runIf(has.hyperfine)('hyperfine: rounds are its own times, to the nanosecond', async () => {
    const file = join(await temporaryFolder(), 'h.json');
    await run('hyperfine', ['-N', '-i', '--runs', '4', '--export-json', file, 'true', 'false']);
    const text = await readFile(file, 'utf8');
    const { results } = JSON.parse(text) as { results: { times: number[] }[] };
    const measured = imported(text, 'hyperfine');
    const times = of(measured, 'startup-time').map(({ data }) => (data.kind === 'sample' ? data.values[0] : NaN));
    expect(times).toEqual(results.flatMap((result) => result.times).map((time) => Math.round(time * 1e12) / 1e3));
    expect(of(measured, 'errors').map(({ data }) => data.kind === 'count' && data.events)).toEqual([
      0, 0, 0, 0, 1, 1, 1, 1,
    ]);
  });

  it.runIf(has.pytest)('pytest-benchmark: one sample for each of its rounds', async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, 'test_a.py'),
      'def test_sum(benchmark):\n    benchmark.pedantic(sum, ([1, 2],), rounds=7)\n',
    );
    await run(
      'python3',
      [
        '-m',
        'pytest',
        '-q',
        '-p',
        'no:cacheprovider',
        '-p',
        'pytest_benchmark.plugin',
        '--benchmark-json',
        'p.json',
        'test_a.py',
      ],
      folder,
    );
    const text = await readFile(join(folder, 'p.json'), 'utf8');
    const measured = imported(text, 'pytest-benchmark');
    expect(measured.plan.benchmarks.map(({ id }) => id)).toEqual(['test_a.py::test_sum']);
    const { stats } = (JSON.parse(text) as { benchmarks: { stats: { min: number; mean: number } }[] }).benchmarks[0]!;
    const distribution = distributionOf([of(measured, 'time')[0]!.data])!;
    expect([distribution.count, distribution.quantile(0) / 1e9]).toEqual([7, expect.closeTo(stats.min, 12)]);
    expect(distribution.mean / 1e9).toBeCloseTo(stats.mean, 12);
    expect(Math.abs(Date.parse(measured.startedAt) - Date.now())).toBeLessThan(86_400_000);
  });

  it.runIf(has.go)('go test -bench', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'go.mod'), 'module example.com/sums\n');
    const body = 'func BenchmarkSum(b *testing.B) { for i := 0; i < b.N; i++ { _ = i } }';
    await writeFile(join(folder, 'sum_test.go'), `package sums\nimport "testing"\n${body}\n`);
    const text = await run('go', ['test', '-bench', '.', '-benchtime', '10x', '-count', '3'], folder);
    const { data } = of(imported(text, 'go-bench'), 'time')[0]!;
    expect(data.kind === 'sample' && data.values.length).toBe(3);
  });
});

describe('what real tools write about functions', () => {
  it('vitest bench', async () => {
    const parent = join(root, 'node_modules/.cache');
    await mkdir(parent, { recursive: true });
    const folder = await mkdtemp(join(parent, 'perfkeel-vitest-bench-'));
    try {
      const options = '{ time: 2, warmupTime: 1, iterations: 2, warmupIterations: 1 }';
      await writeFile(
        join(folder, 'x.bench.ts'),
        `import { bench, describe } from 'vitest';
         describe('outer', () => describe('sort', () => {
           bench('native', () => { [3, 1, 2].sort(); }, ${options});
           bench('bad', () => { throw new Error('x'); }, ${options});
         }));`,
      );
      const file = join(folder, 'v.json');
      // Else vitest takes the nearest configuration above.
      await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};\n');
      const vitest = join(root, 'node_modules/vitest/vitest.mjs');
      await run(process.execPath, [vitest, 'bench', '--run', '--root', folder, '--outputJson', file]);
      const text = await readFile(file, 'utf8');
      const measured = imported(text, 'vitest-bench');
      const native = 'x.bench.ts > outer > sort > native';
      expect(measured.plan.benchmarks.map(({ id }) => id)).toEqual([native, native.replace('native', 'bad')]);
      expect(measured.failures.map(({ benchmark }) => benchmark)).toEqual([native.replace('native', 'bad')]);
      const written = Number(/"median": ([\d.e-]+)/.exec(text)![1]);
      expect(valueOf(measured, 'time-median') / 1e6).toBeCloseTo(written, 12);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  describe('in one process', () => {
    // One process for all: starting it costs more than what it measures.
    const moduleOf = (path: string): string => JSON.stringify(pathToFileURL(join(root, path)).href);
    const tinybench = (path: string, options: string): string => `{
      const { Bench } = await import(${moduleOf(path)});
      const bench = new Bench(${options});
      bench.add('a', () => JSON.parse('[1]')).add('bad', () => { throw new Error('x'); });
      await bench.run();
      console.log(JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result }))));
    }`;
    const options = '{ time: 2, warmupTime: 1 }';
    const keeping = '{ time: 2, warmupTime: 1, retainSamples: true }';
    const newer = 'packages/latency/node_modules/tinybench/dist/index.js';
    const program = [
      tinybench('node_modules/tinybench/dist/index.js', options),
      tinybench(newer, keeping),
      tinybench(newer, options),
      `const { bench, run } = await import('mitata');
       // It goes on for 642 ms, whatever one is to believe: asleep they cost nothing.
       const cell = new Int32Array(new SharedArrayBuffer(4));
       bench('a', () => Atomics.wait(cell, 0, 0, 60));
       bench('bad', () => { throw new Error('x'); });
       await run({ format: { json: { samples: false, debug: false } } });`,
    ].join('\n');
    let written: readonly string[] = [];
    beforeAll(async () => {
      written = (await run(process.execPath, ['--input-type=module', '-e', program])).trim().split('\n');
    }, 30_000);

    it.each([
      ['tinybench 2', 0, 'time'],
      ['tinybench 6', 1, 'time'],
      ['tinybench 6, without samples', 2, 'time-median'],
    ])('%s', (_, line, metric) => {
      const measured = imported(written[line]!, 'tinybench');
      expect(measured.plan.benchmarks[0]).toMatchObject({ id: 'a', primary: metric });
      expect(measured.failures.map(({ benchmark }) => benchmark)).toEqual(['bad']);
    });

    it('mitata, as it prints JSON', () => {
      const text = written.slice(3).join('\n');
      const measured = imported(text, 'mitata');
      expect(valueOf(measured, 'time-median')).toBeCloseTo(Number(/"p50":([\d.]+)/.exec(text)![1]), 6);
      expect(measured.environment.node).toBe(process.versions.node);
      expect(measured.failures.map(({ benchmark }) => benchmark)).toEqual(['bad']);
    });
  });
});

describe('what real tools write about servers', () => {
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url?.endsWith('bad') ? 500 : 200;
      // A tool that sends as fast as it can for a second would take a processor from other tests.
      setTimeout(() => response.end('hello'), request.url === '/slow-bad' ? 5 : 0);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('autocannon', async () => {
    const program = join(root, 'node_modules/autocannon/autocannon.js');
    const text = await run(process.execPath, [program, '--json', '-a', '40', '-c', '2', `${url}bad`]);
    const measured = imported(text, 'autocannon');
    expect(measured.plan.benchmarks[0]!.id).toBe(`${url}bad`);
    expect(of(measured, 'errors')[0]!.data).toEqual({ kind: 'count', events: 40, trials: 40 });
  });

  it.runIf(has.wrk)('wrk', async () => {
    const measured = imported(await run('wrk', ['-t1', '-c2', '-d1s', '--latency', `${url}slow-bad`]), 'wrk');
    const median = valueOf(measured, 'service-time-median');
    expect(median).toBeGreaterThan(1000);
    expect(median).toBeLessThanOrEqual(valueOf(measured, 'service-time-p99'));
    const { data } = of(measured, 'errors')[0]!;
    expect(data.kind === 'count' && data.events > 0 && data.events === data.trials).toBe(true);
  });

  it.runIf(has.hey)('hey, as text and as csv', async () => {
    const summary = imported(await run('hey', ['-n', '200', '-c', '2', `${url}bad`]), 'hey');
    expect(of(summary, 'errors')[0]!.data).toEqual({ kind: 'count', events: 200, trials: 200 });
    expect(valueOf(summary, 'service-time-min')).toBeLessThanOrEqual(valueOf(summary, 'service-time-median'));
    const rows = imported(await run('hey', ['-n', '50', '-c', '2', '-o', 'csv', url]), 'hey-csv');
    expect(distributionOf([of(rows, 'service-time')[0]!.data])!.count).toBe(50);
    expect(of(rows, 'errors')[0]!.data).toEqual({ kind: 'count', events: 0, trials: 50 });
  });

  it.runIf(has.vegeta)('vegeta', async () => {
    const attack = `echo GET ${url} | vegeta attack -rate=50 -duration=1s | vegeta report -type=json`;
    const measured = imported(await run('sh', ['-c', attack]), 'vegeta');
    expect(of(measured, 'errors')[0]!.data).toEqual({ kind: 'count', events: 0, trials: 50 });
  });
});

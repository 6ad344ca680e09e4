import { mkdtemp, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';

let folder: string;

const history = (values: readonly number[]): string => {
  const entries = values.map((value, i) => ({
    commit: { id: `${i}`.repeat(40) },
    date: Date.UTC(2024, 0, 1 + i),
    tool: 'customSmallerIsBetter',
    benches: [{ name: 'parse', value, unit: 'ms' }],
  }));
  return `window.BENCHMARK_DATA = ${JSON.stringify({ repoUrl: 'https://github.com/o/r', entries: { main: entries } })}`;
};

const fast = { name: 'fast', result: { samples: [0.5] } };

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'perfkeel-exchange-')));
  const times = [0.1, 0.11, 0.12, 0.13, 0.14];
  const fine = { command: 'true', mean: 0.12, times, exit_codes: [0, 0, 0, 0, 0] };
  await writeFile(join(folder, 'h.json'), JSON.stringify({ results: [fine] }));
  const slower = { ...fine, times: times.map((time) => time * 1.5) };
  await writeFile(join(folder, 'slower.json'), JSON.stringify({ results: [slower] }));
  await utimes(join(folder, 'h.json'), 1e9, 1e9);
  await utimes(join(folder, 'slower.json'), 1e9 + 60, 1e9 + 60);
  await writeFile(join(folder, 'data.js'), history([5, 6, 7]));
  await writeFile(join(folder, 'bad.json'), '{"results":[{"command":"a","mean":1,"times":["x"]}]}');
  await writeFile(join(folder, 'threw.json'), JSON.stringify([{ name: 'a\u001b[31m', result: { error: {} } }, fast]));
  await writeFile(join(folder, 'nothing.json'), JSON.stringify([{ name: 'a', result: { error: {} } }]));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const perfkeel = (...args: string[]) => said(args, folder);

it('imports what a tool wrote, once', async () => {
  const first = await perfkeel('import', 'auto', 'h.json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/^h\.json: run \w{26} of hyperfine, 2001-09-09, 1 benchmark\n$/);
  const again = await perfkeel('import', 'hyperfine', 'h.json');
  expect(again.stdout).toBe(first.stdout.replace('\n', ' (1 stored before)\n'));
});

it('a history comes with its dates and commits', async () => {
  expect((await perfkeel('import', 'auto', 'data.js')).stdout).toBe(
    'data.js: 3 runs of github-action-benchmark-history, 2024-01-01 to 2024-01-03, 1 benchmark\n',
  );
  const { stdout } = await perfkeel('export', 'ndjson');
  expect(JSON.parse(stdout)).toMatchObject({ project: 'o/r', commit: '2'.repeat(40), unit: 'ns', value: 7e6 });
});

it('runs of a machine that is named are compared; of an unknown one they are not called slower', async () => {
  type Stored = { runs: { id: string }[] }[];
  const idsOf = async (...options: string[]): Promise<string[]> => {
    const { stdout } = await perfkeel('import', 'auto', 'h.json', 'slower.json', '--json', ...options);
    return (JSON.parse(stdout) as Stored).flatMap(({ runs }) => runs.map(({ id }) => id));
  };
  const unknown = await perfkeel('compare', ...(await idsOf()));
  expect(unknown.code).toBe(3);
  expect(unknown.stdout).toContain('does not say on which machine');
  const known = await perfkeel('compare', ...(await idsOf('--machine', 'bench-1')));
  expect(known.code).toBe(1);
  expect(known.stdout).toMatch(/\+50/);
});

it('files of several processes are rounds of one run', async () => {
  const { stdout } = await perfkeel('import', 'auto', 'h.json', 'slower.json', '--as-rounds', '--json');
  expect(JSON.parse(stdout)).toMatchObject([
    { file: '2 files', format: 'hyperfine', created: 1, runs: [{ benchmarks: 1 }] },
  ]);
});

it('exports to a file, of what was chosen', async () => {
  const { code, stdout } = await perfkeel('export', 'bencher', '--metric', 'time', '-o', 'out.json');
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8'))).toEqual({ parse: { time: { value: 7e6 } } });
});

it('exports verdicts as JUnit, as a report does', async () => {
  const { code, stdout } = await perfkeel('export', 'junit');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^<\?xml [^]*<testsuite name="o\/r" /);
  const chosen = await perfkeel('export', 'junit', '--metric', 'time');
  expect([chosen.code, chosen.stderr]).toEqual([2, expect.stringContaining('holds all of a run') as string]);
});

it('what the tool could not measure is said, without commands to the terminal', async () => {
  const { code, stderr } = await perfkeel('import', 'auto', 'threw.json');
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning  threw.json: a: tinybench has no numbers of it: it threw, or was not run\n',
  });
});

it.each([
  ['a file that is missing', 4, ['import', 'auto', 'none.json'], 'cannot read'],
  ['a file without a number', 2, ['import', 'auto', 'nothing.json'], 'nothing.json holds no number of tinybench'],
  ['a folder', 4, ['import', 'auto', '.'], 'it is a folder'],
  ['a damaged file', 4, ['import', 'auto', 'h.json', 'bad.json'], 'results[0].times[0]: expected a finite number'],
  ['a wrong format', 2, ['import', 'hyperfin', 'h.json'], 'was it hyperfine?'],
  ['no file', 2, ['import', 'auto'], "missing required argument 'file'"],
  ['a wrong export', 2, ['export', 'cvs'], 'was it csv?'],
  ['a wrong name for verdicts', 2, ['export', 'junti'], 'was it junit?'],
  ['a variable that is empty', 2, ['import', 'auto', 'h.json', '--branch', ''], '--branch is empty'],
  ['what is no commit', 2, ['import', 'auto', 'h.json', '--sha', 'HEAD'], '--sha is "HEAD", which is no commit'],
  ['a metric that is not there', 2, ['export', 'csv', '--metric', 'heap'], 'the run has no "heap"'],
  ['a folder that is missing', 4, ['export', 'csv', '-o', 'no/where.csv'], 'cannot write'],
])('refuses %s', async (_, expected, args, message) => {
  const { code, stdout, stderr } = await perfkeel(...args);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  expect(stderr).toContain(message);
});

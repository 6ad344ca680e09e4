import { PerfError } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { processorTime } from '../../../../tools/test-support/processor-time.ts';
import { importRuns } from './import-runs.ts';

const options = { file: 'results.json', at: 1e12 };
const read = (text: string, format = 'auto'): ReturnType<typeof importRuns> => importRuns(format, text, options);

function failure(text: string, format = 'auto'): PerfError {
  try {
    read(text, format);
  } catch (error) {
    if (error instanceof PerfError) return error;
    throw error;
  }
  throw new Error('it was imported');
}

const hyperfine = (result: string): string => `{"results":[{"command":"a","mean":1,${result}}]}`;

it.each([
  ['a wrong type', hyperfine('"times":[1,"2"]'), 'results[0].times[1]: expected a finite number, got "2"'],
  ['a negative time', hyperfine('"times":[-1]'), 'results[0].times[0]: expected a number from 0, got -1'],
  ['an infinite number', hyperfine('"times":[1e999]'), 'results[0].times[0]: expected a finite number, got Infinity'],
  [
    'a number that is infinite in nanoseconds',
    hyperfine('"times":[1e300]'),
    'startup-time of "a" is beyond all numbers',
  ],
  ['a missing field', hyperfine('"user":1'), 'results[0].median: expected a finite number, got nothing'],
  ['a name that is none', '{"results":[{"command":" ","mean":1}]}', 'results[0].command: expected a name of 1 to 1024'],
  ['a list for an object', '{"benchmarks":[[1]],"machine_info":{}}', 'benchmarks[0]: expected an object, got an array'],
  ['a bad date', '{"machine_info":{},"benchmarks":[],"datetime":"soon"}', 'datetime: expected a time such as 2025'],
  ['nothing measured', '{"files":[]}', 'it holds no benchmark of vitest-bench'],
  [
    'simulated time',
    '{"creator":{},"instrument":{"type":"cpu"},"benchmarks":[]}',
    'instrument.type: expected "walltime"',
  ],
  [
    'a date beyond dates',
    'window.BENCHMARK_DATA = {"entries":{"a":[{"commit":{},"date":1e300,"benches":[{"name":"a","value":1,"unit":"ns"}]}]}}',
    'is no time in milliseconds',
  ],
  ['a cut off file', '{"results":[{"command":"a","mean":1,"times":[1', 'it is no JSON: '],
  ['UTF-16', Buffer.from('{"results":[]}', 'utf16le').toString('utf8'), 'it is no text in UTF-8'],
  ['a cut off history', 'window.BENCHMARK_DATA = {"entries":', 'it is no JSON: '],
])('%s: the file and the place, exit code 4', (_, text, message) => {
  const error = failure(text);
  expect(error.message).toMatch(/^cannot import results\.json: /);
  expect(error.message).toContain(message);
  expect(error).toMatchObject({ code: 'bad-import', exitCode: 4 });
});

it.each([
  [
    'csv of hey',
    'hey-csv',
    'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n1,2\n',
    'line 2: expected 8 cells, got 2',
  ],
  ['go', 'go-bench', 'BenchmarkA 1 x ns/op\n', 'line 1: expected a number, got "x"'],
  ['go, without a unit', 'go-bench', 'PASS\nBenchmarkA 1 5\n', 'line 2: expected pairs of a value and a unit'],
  [
    'wrk',
    'wrk',
    'Running 1s test @ http://a/\n  Thread Stats\n    50%   5.00xs\n',
    'line 3: expected a time such as 1.25ms, got "5.00xs"',
  ],
  ['wrk, of something else', 'wrk', 'hello', 'expected a line such as "Running 10s test'],
  [
    'messages of cargo',
    'cargo-criterion',
    '{"reason":"x"}\n{"reason":"benchmark-complete"}',
    'results.json, line 2: unit: expected a text, got nothing',
  ],
])('text of %s: the line', (_, format, text, message) => {
  expect(failure(text, format).message).toContain(message);
});

it.each([
  ['a wrong name', '{}', 'hyperfin', 'there is no format "hyperfin"; was it hyperfine?'],
  ['an unknown shape', '{"a":1}', 'auto', 'results.json has the shape of no format'],
  ['a text', 'hello', 'auto', 'results.json has the shape of no format'],
  ['nothing', '', 'auto', 'results.json is empty'],
  ['blanks', ' \n\t', 'auto', 'results.json is empty'],
  ['a number', '5', 'auto', 'results.json has the shape of no format'],
])('%s is wrong usage, with the formats', (_, text, format, message) => {
  const error = failure(text, format);
  expect(error).toMatchObject({ code: 'unknown-format', exitCode: 2 });
  expect(error.message).toContain(message);
  expect(error.hint).toContain('vitest-bench');
});

it('names of prototypes and paths are names like others', () => {
  const { format, runs } = read(
    '{"__proto__":{"constructor":{"value":1}},"../../etc/passwd":{"toString":{"value":2}}}',
  );
  expect(format).toBe('bencher');
  expect(runs[0]!.plan.benchmarks.map(({ id, primary }) => [id, primary])).toEqual([
    ['__proto__', 'constructor'],
    ['../../etc/passwd', 'tostring'],
  ]);
  expect(({} as Record<string, unknown>)['constructor']).toBe(Object);
});

it('two metrics of one id, and two benchmarks of one name, stay two', () => {
  const { runs } = read(
    '[{"name":"a","value":1,"unit":"ms"},{"name":"a","value":2,"unit":"ms"},{"name":"a (2)","value":3,"unit":"ms"}]',
  );
  expect(runs[0]!.plan.benchmarks.map(({ id }) => id)).toEqual(['a', 'a (2)', 'a (2) (2)']);
  const [bmf] = read('{"a":{"X y":{"value":1},"x-y":{"value":2}}}').runs;
  expect(bmf!.plan.benchmarks[0]!.metrics.map(({ id }) => id)).toEqual(['x-y', 'x-y-2']);
});

const some = (data: number[]) => ({ name: `of ${data.length}`, stats: { data } });

it('a list without samples is a failure, and no measurement', () => {
  const text = JSON.stringify({ machine_info: {}, benchmarks: [some([]), some([1])] });
  const [run] = read(text).runs;
  expect(run!.failures.map(({ error }) => error.message)).toEqual(['the file holds no number of it']);
  expect(run!.measurements).toHaveLength(1);
  const messages = '{"reason":"benchmark-complete","id":"a","unit":"ns","iteration_count":[],"measured_values":[]}';
  expect(failure(messages).message).toContain('holds no number of cargo-criterion: a: the file holds no number of it');
  expect(failure(hyperfine('"times":[]')).message).toContain('results[0].median: expected a finite number');
});

it('samples are thinned evenly to ten thousand', () => {
  const times = Array.from({ length: 50_000 }, (_, i) => i / 1e9);
  const text = JSON.stringify({ machine_info: {}, benchmarks: [{ name: 'a', stats: { data: times } }] });
  const { data } = read(text).runs[0]!.measurements[0]!;
  const values = data.kind === 'sample' ? data.values : [];
  expect([values.length, values[0], values[5000], values.at(-1)]).toEqual([10_000, 2, 25_002, 49_997]);
});

it.each([
  ['blank lines', '\n'.repeat(2_000_000)],
  ['spaces', ' '.repeat(2_000_000)],
  ['a go name without end', `Benchmark${'x'.repeat(2_000_000)}`],
  ['a brace and no end', `{${' '.repeat(2_000_000)}`],
  ['deep brackets', '['.repeat(500_000)],
  ['headings', 'Running a test @ b\n'.repeat(100_000)],
])('two megabytes of %s are refused at once', (_, text) => {
  expect(processorTime(() => expect(failure(text)).toBeInstanceOf(PerfError))).toBeLessThan(2000);
});

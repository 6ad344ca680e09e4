import { decodeRun, encodeRun, importRuns } from '@perfkeel/baseline';
import { describe, expect, it } from 'vitest';
import { aTime, fixture, fixtureNames, importFixture, listed } from './fixture.ts';

const formatOf: Readonly<Record<string, string>> = {
  'ab-errors.txt': 'ab',
  'autocannon.json': 'autocannon',
  'bencher.json': 'bencher',
  'cargo-criterion.ndjson': 'cargo-criterion',
  'codspeed.json': 'codspeed',
  'criterion-estimates.json': 'criterion',
  'data.js.txt': 'github-action-benchmark-history',
  'github-action-benchmark.json': 'github-action-benchmark',
  'go-bench-1.19.txt': 'go-bench',
  'go-bench.txt': 'go-bench',
  'hey-errors.txt': 'hey',
  'hyperfine.json': 'hyperfine',
  'k6-export.json': 'k6',
  'k6-handle-summary.json': 'k6',
  'k6-machine-readable.json': 'k6',
  'mitata.json': 'mitata',
  'pytest-benchmark.json': 'pytest-benchmark',
  'tinybench.json': 'tinybench',
  'vegeta.json': 'vegeta',
  'vitest-bench.json': 'vitest-bench',
  'wrk-errors.txt': 'wrk',
};

it('every sample is told by its shape, by one format, and becomes runs that can be stored and read again', () => {
  expect(fixtureNames).toEqual(Object.keys(formatOf).sort());
  for (const name of fixtureNames) {
    const { format, runs } = importFixture(name);
    expect(format, name).toBe(formatOf[name]);
    for (const run of runs) expect(decodeRun(encodeRun(run), name), name).toEqual(run);
    expect(importFixture(name, {}, format).runs, 'by its name').toEqual(runs);
  }
});

const lines = (name: string): string[] => listed(importFixture(name).runs[0]!);

describe('tools that measure functions', () => {
  it('vitest bench: a summary without a rate, and what threw is a failure', () => {
    const { runs } = importFixture('vitest-bench.json');
    expect(lines('vitest-bench.json').map((line) => line.replace(/^.* > /, '').slice(0, 50))).toEqual([
      'native | time-median ns lower | 200.000000006639',
      'native | time-mean ns lower | 2393.08038277518 [0,',
      'native | time-min ns lower | 170.999999994592',
      'native | time-p75 ns lower | 220.000000012988',
      'native | time-p99 ns lower | 2574.00000000985',
      'native | time-p99.9 ns lower | 8352.99999999961',
      'native | time-max ns lower | 4091793',
    ]);
    expect(runs[0]!.failures.map(({ benchmark }) => benchmark)).toEqual(['x.bench.ts > outer > sort > bad']);
    expect(runs[0]!.verdict.kind).toBe('could-not-measure');
    expect(runs[0]!.measurements[0]!.warnings.map(({ code }) => code)).toEqual(['one-process']);
  });

  it('tinybench: both layouts, samples before summaries', () => {
    expect(lines('tinybench.json').filter((line) => !/p75|p99|min|max/.test(line))).toEqual([
      'a | time-median ns lower | 160',
      'a | time-mean ns lower | 175 [165.5, 184.5]',
      'kept | time ns lower | [1000, 2000, 4000]',
      'old | time ns lower | [180, 190]',
    ]);
    const [run] = importFixture('tinybench.json').runs;
    expect(run!.environment.node).toBe('20.20.2');
    expect(run!.failures.map(({ benchmark }) => benchmark)).toEqual(['boom']);
  });

  it('tinybench: with the name beside the numbers, or without a name', () => {
    const results = JSON.parse(fixture('tinybench.json')) as { name: string; result: object }[];
    const read = (tasks: unknown): string[] => {
      const { format, runs } = importRuns('auto', JSON.stringify(tasks), { file: 't.json', at: aTime });
      expect(format).toBe('tinybench');
      return listed(runs[0]!).filter((line) => / time(-median)? /.test(line));
    };
    const flat = results.filter(({ name }) => name === 'a').map(({ name, result }) => ({ name, ...result }));
    expect(read(flat)).toEqual(['a | time-median ns lower | 160']);
    expect(read(flat.map(({ name: _, ...result }) => result))).toEqual(['task 1 | time-median ns lower | 160']);
    const old = { name: 'v2', hz: 1, mean: 0.5, rme: 1, samples: [0.25, 0.75] };
    expect(read([old])).toEqual(['v2 | time ns lower | [250000, 750000]']);
  });

  it.each([
    ['threw, in a list of results', { name: 'boom', state: 'errored', error: {} }, 'boom'],
    ['was left out', null, 'task 2'],
    ['was not run', { state: 'not-started' }, 'task 2'],
    ['threw, with its numbers empty', { name: 'boom', result: { state: 'errored', latency: null } }, 'boom'],
  ])('tinybench: a task that %s is a failure among those that ran', (_what, task, name) => {
    const ran = { name: 'ran', latency: { samples: [0.25, 0.75] }, throughput: {} };
    const { format, runs } = importRuns('auto', JSON.stringify([ran, task]), { file: 't.json', at: aTime });
    expect(format).toBe('tinybench');
    expect(listed(runs[0]!)).toEqual(['ran | time ns lower | [250000, 750000]']);
    expect(runs[0]!.failures.map(({ benchmark }) => benchmark)).toEqual([name]);
  });

  it('what holds no number at all is refused: it would be the newest run', () => {
    const boom = JSON.stringify([{ name: 'boom', result: { state: 'errored' } }]);
    expect(() => importRuns('auto', boom, { file: 't.json', at: aTime })).toThrow(
      expect.objectContaining({
        code: 'no-numbers',
        exitCode: 2,
        message: 't.json holds no number of tinybench: boom: tinybench has no numbers of it: it threw, or was not run',
      }),
    );
  });

  it('mitata: families, allocations, errors with their message, machine and moment', () => {
    expect(lines('mitata.json').filter((line) => !/p25|p75|p99|min|max/.test(line))).toEqual([
      'm | time ns lower | [0.075, 0.078, 0.078]',
      'm | allocated-mean B/op lower | 0.125',
      'args 1 | time-median ns lower | 3',
      'args 1 | time-mean ns lower | 3.5',
      'args 2 | time ns lower | [2]',
    ]);
    const [run] = importFixture('mitata.json').runs;
    expect(run!.failures[0]!.error.message).toBe('no such table');
    expect(run!.plan.benchmarks.map(({ group }) => group)).toEqual([undefined, undefined, 'args $n', 'args $n']);
    expect(run!.startedAt).toBe(new Date(1795251803872).toISOString());
    expect(run!.environment).toMatchObject({ cpu: 'AMD EPYC', arch: 'x64-linux', node: '20.20.2', warnings: [] });
  });

  it('pytest-benchmark: seconds to nanoseconds, commit and machine', () => {
    const [run] = importFixture('pytest-benchmark.json').runs;
    const [sums, ...others] = listed(run!);
    expect(sums).toMatch(/^test_a\.py::test_sum \| time ns lower \| \[86\.2565091507\d*, .*, .*, .*, .*\]$/);
    expect(others[0]).toBe('test_a.py::test_max | time-median ns lower | 79.4217434620647');
    expect(run!.provenance).toEqual({
      project: 'sums',
      tool: 'pytest-benchmark 5.2.3',
      sha: '0123456789abcdef0123456789abcdef01234567',
      branch: 'main',
      dirty: false,
    });
    expect(run!.environment).toMatchObject({ cpu: 'AMD EPYC', cores: 2, os: 'Linux', host: 'ci-7' });
  });

  it('go: lines of one name are samples of one process; made-up units have no direction', () => {
    expect(lines('go-bench.txt')).toEqual([
      'example.com/sorting BenchmarkSort-2 | time ns lower | [48.64, 50]',
      'example.com/sorting BenchmarkSort-2 | allocated B/op lower | [48, 48]',
      'example.com/sorting BenchmarkSort-2 | allocations count lower | [2, 2]',
      'example.com/sorting BenchmarkCopy-2 | time ns lower | 1.5',
      'example.com/sorting BenchmarkCopy-2 | transfer B/s higher | 120500000',
      'example.com/sorting BenchmarkCopy-2 | widgets-op count neither | 3.25 [-Infinity, Infinity]',
    ]);
    expect(importFixture('go-bench.txt').runs[0]!.environment).toMatchObject({ cpu: 'AMD EPYC', os: 'linux' });
  });

  it('go 1.19, as it printed it: two counts, sub-benchmarks, log lines between results', () => {
    expect(lines('go-bench-1.19.txt').map((line) => line.replace('example.com/sums ', ''))).toEqual([
      'BenchmarkSum-2 | time ns lower | [37.05, 40.05]',
      'BenchmarkCopy-2 | time ns lower | [4511, 1426]',
      'BenchmarkCopy-2 | transfer B/s higher | [908060000, 2873180000]',
      'BenchmarkCopy-2 | widgets-op count neither | [3.25, 3.25]',
      'BenchmarkCopy-2 | allocated B/op lower | [4096, 4096]',
      'BenchmarkCopy-2 | allocations count lower | [1, 1]',
      'BenchmarkSub/small-2 | time ns lower | [2257, 2130]',
      'BenchmarkSub/big_one-2 | time ns lower | [2871, 2512]',
    ]);
  });

  it('criterion: estimates with their intervals, or values of each sample', () => {
    const file = 'target/criterion/parse/small/new/estimates.json';
    expect(listed(importFixture('criterion-estimates.json', { file }).runs[0]!)).toEqual([
      'parse/small | time-median ns lower | 190 [171, 209]',
      'parse/small | time-mean ns lower | 200 [180, 220]',
    ]);
    expect(lines('cargo-criterion.ndjson')).toEqual(['norm | time ns lower | [4140, 4000, 3312.36666666667]']);
  });

  it('CodSpeed, in walltime', () => {
    expect(lines('codspeed.json').slice(0, 2)).toEqual([
      'benches/a.rs::parse | time-median ns lower | 105',
      'benches/a.rs::parse | time-mean ns lower | 110.5',
    ]);
  });
});

describe('tools that run programs and send load', () => {
  it('hyperfine: every run is a process, and so a round', () => {
    const [run] = importFixture('hyperfine.json').runs;
    expect(run!.plan.benchmarks.map(({ id, rounds }) => [id, rounds])).toEqual([
      ['true', 5],
      ['false', 5],
    ]);
    const failed = listed(run!).filter((line) => line.startsWith('false'));
    expect(failed[0]).toMatch(/^false \| startup-time ns lower \| \[1532137\] \| \[611144\] \| \[604674\] /);
    expect(failed[1]).toBe('false | errors ratio lower | 1 of 1 | 1 of 1 | 1 of 1 | 1 of 1 | 1 of 1');
    expect(run!.environment.warnings.map(({ code }) => code)).toEqual(['unknown-machine']);
    const known = importFixture('hyperfine.json', { machine: 'bench-1' }).runs[0]!.environment;
    expect(known).toMatchObject({ host: 'bench-1', warnings: [] });
  });

  it('ab: quantiles in whole milliseconds, and refusals', () => {
    expect(lines('ab-errors.txt')).toEqual([
      'http://127.0.0.1:3000/limited | service-time-median ns lower | 0',
      'http://127.0.0.1:3000/limited | service-time-p75 ns lower | 20000000',
      'http://127.0.0.1:3000/limited | service-time-p90 ns lower | 21000000',
      'http://127.0.0.1:3000/limited | service-time-p95 ns lower | 22000000',
      'http://127.0.0.1:3000/limited | service-time-p99 ns lower | 41000000',
      'http://127.0.0.1:3000/limited | service-time-mean ns lower | 9824000',
      'http://127.0.0.1:3000/limited | service-time-max ns lower | 41000000',
      'http://127.0.0.1:3000/limited | throughput 1/s higher | 407.19',
      'http://127.0.0.1:3000/limited | errors ratio lower | 42 of 60',
    ]);
  });

  it.each([
    // As ab -r writes it of a server that resets every connection.
    ['each one counted twice', 60, 'Connect: 0, Receive: 60, Length: 0, Exceptions: 58', 0, '60 of 60'],
    ['with answers that were refused', 60, 'Connect: 0, Receive: 30, Length: 30, Exceptions: 28', 30, '60 of 60'],
    ['not connected before it was', 60, 'Connect: 4, Receive: 0, Length: 0, Exceptions: 0', 0, '4 of 64'],
    ['never connected', 0, 'Connect: 9, Receive: 0, Length: 0, Exceptions: 0', 0, '9 of 9'],
  ])('ab: errors of what failed, %s', (_what, complete, broken, refused, errors) => {
    const text = fixture('ab-errors.txt')
      .replace(/^(Complete requests: +)60/m, `$1${complete}`)
      .replace(/\(Connect: .*\)/, `(${broken})`)
      .replace(/^(Non-2xx responses: +)42/m, `$1${refused}`);
    const { runs } = importRuns('auto', text, { file: 'ab.txt', at: aTime });
    expect(listed(runs[0]!).at(-1)).toBe(`http://127.0.0.1:3000/limited | errors ratio lower | ${errors}`);
  });

  it('autocannon: milliseconds that are coarse, and answers that were no success', () => {
    const { runs } = importFixture('autocannon.json', { name: 'front page' });
    const found = listed(runs[0]!);
    expect(found[0]).toBe('front page | service-time-median ns lower | 0');
    expect(found).toContain('front page | service-time-p97.5 ns lower | 3000000');
    expect(found.slice(-2)).toEqual([
      'front page | throughput 1/s higher | 50',
      'front page | errors ratio lower | 5 of 52',
    ]);
    expect(runs[0]!.measurements[0]!.warnings.map(({ code }) => code)).toEqual(['one-process', 'coarse-clock']);
  });

  it('k6: the same test in its three dialects', () => {
    const times = (name: string): string[] =>
      lines(name)
        .filter((line) => /http_req|http-req/.test(line))
        .map((line) => line.replace(/^.*? \| /, ''));
    const wanted = [
      'http-req-duration-median ns lower | 10000000',
      'http-req-duration-p95 ns lower | 30000000',
      'http-req-duration-p90 ns lower | 20000000',
      'http-req-duration-mean ns lower | 12500000',
      'http-req-duration-min ns lower | 1250000',
      'http-req-duration-max ns lower | 200000000',
    ];
    const [old, own, machine] = ['k6-export.json', 'k6-handle-summary.json', 'k6-machine-readable.json'].map(times);
    expect(old!.slice(0, 6)).toEqual(wanted);
    expect(own!.slice(0, 6)).toEqual(wanted);
    expect(machine!.slice(0, 6)).toEqual(wanted);
    expect(old).toContain('http-req-failed ratio lower | 2 of 100');
    expect(own).toContain('http-req-failed ratio lower | 2 of 100');
    expect(machine).toContain('http-req-failed ratio lower | 0.02');
    expect(own).toContain('http-reqs-rate 1/s higher | 50');
    expect(lines('k6-export.json')).toContain('k6 | checks ratio higher | 98 of 100');
    expect(lines('k6-export.json')).toContain('k6 | my-score-median count neither | 10 [-Infinity, Infinity]');
  });

  it.each(['k6-export.json', 'k6-handle-summary.json'])(
    '%s: true means broken in one and kept in the other',
    (name) => {
      const { warnings } = importFixture(name).runs[0]!.measurements[0]!;
      expect(warnings.map(({ message }) => message).filter((message) => message.startsWith('k6'))).toEqual([
        'k6 found its own limit broken: http_req_duration p(95)<25',
      ]);
    },
  );

  it('vegeta: nanoseconds from sending', () => {
    const found = lines('vegeta.json');
    expect(found[0]).toBe('vegeta | service-time-median ns lower | 2854306');
    expect(found.slice(-2)).toEqual([
      'vegeta | throughput 1/s higher | 99.5',
      'vegeta | errors ratio lower | 2 of 100',
    ]);
    expect(importFixture('vegeta.json').runs[0]!.startedAt).toBe('2015-09-19T12:45:50.645Z');
  });

  it('wrk: every unit of time, and errors', () => {
    expect(lines('wrk-errors.txt').map((line) => line.replace('http://127.0.0.1:3000/ | ', ''))).toEqual([
      'service-time-median ns lower | 50000',
      'service-time-p75 ns lower | 120000',
      'service-time-p90 ns lower | 2550000',
      'service-time-p99 ns lower | 90000000000',
      'service-time-mean ns lower | 980000',
      'service-time-max ns lower | 30500000',
      'throughput 1/s higher | 24418.31',
      'errors ratio lower | 10 of 105',
    ]);
  });

  it('hey: quantiles of few requests are left out, refused connections count', () => {
    const found = lines('hey-errors.txt');
    expect(found[0]).toBe('hey | service-time-median ns lower | 200000');
    expect(found.filter((line) => /-p0 |-p99 /.test(line))).toEqual([]);
    expect(found.at(-1)).toBe('hey | errors ratio lower | 5 of 50');
  });
});

describe('trackers', () => {
  it('Bencher: bounds as an interval, and units by the names of measures', () => {
    expect(lines('bencher.json')).toEqual([
      'parse | latency ns lower | 88 [87.42, 88.88]',
      'parse | throughput 1/s higher | 1000 [-Infinity, Infinity]',
      'render | build-time ns lower | 2500000000 [-Infinity, Infinity]',
      'render | my-score count neither | -3 [-Infinity, Infinity]',
    ]);
  });

  it('github-action-benchmark: units give the direction, or the name of the tool does', () => {
    const without = ' [-Infinity, Infinity]';
    expect(lines('github-action-benchmark.json')).toEqual([
      `parse | time ns lower | 50000000${without}`,
      `serve | throughput 1/s higher | 1200.5${without}`,
      `quality | points count neither | 7${without}`,
    ]);
    const bigger = importFixture('github-action-benchmark.json', {}, 'customBiggerIsBetter').runs[0]!;
    expect(bigger.plan.benchmarks.map(({ metrics }) => metrics[0]!.better)).toEqual(['higher', 'higher', 'higher']);
  });

  it('its data.js: a run for each entry, oldest first, with date, commit and a class for each suite', () => {
    const { runs } = importFixture('data.js.txt');
    expect(runs.map(({ startedAt, provenance }) => [startedAt, provenance.sha, provenance.project])).toEqual([
      ['2021-09-02T11:36:20.526Z', `${'0'.repeat(39)}1`, 'owner/repository'],
      ['2021-09-02T16:26:40.000Z', `${'0'.repeat(39)}2`, 'owner/repository'],
      ['2021-09-03T02:21:31.372Z', `${'0'.repeat(39)}3`, 'owner/repository'],
    ]);
    const [first, second, third] = runs.map(({ environment }) => environment.class);
    expect(first).toBe(third);
    expect(first).not.toBe(second);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(3);
    expect(runs.map(({ id }) => id)).toEqual(runs.map(({ id }) => id).sort());
    expect(listed(runs[2]!)).toEqual([
      'fib_10 | time ns lower | 199 [-Infinity, Infinity]',
      'fib_10 (2) | time ns lower | 5 [-Infinity, Infinity]',
    ]);
    expect(listed(runs[1]!)).toEqual(['sort | throughput 1/s higher | 1000 [-Infinity, Infinity]']);
  });
});

import { createHash } from 'node:crypto';
import {
  join,
  judgeBenchmark,
  runSchemaUrl,
  runSchemaVersion,
  type BenchmarkPlan,
  type Environment,
  type Failure,
  type Measurement,
  type MeasurementData,
  type Run,
  type Warning,
} from '@perfkeel/core';
import { importError } from './import-error.ts';
import type { ForeignBenchmark, ForeignRun, ImportOptions } from './foreign.ts';

const hash = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Like the ids of our own runs, with the hash of the content for chance: the same import is the same run. */
export function importId(at: number, content: readonly unknown[]): string {
  let time = '';
  for (let rest = at; time.length < 10; rest = Math.floor(rest / 32)) time = alphabet[rest % 32]! + time;
  return time + Array.from(Buffer.from(hash(content), 'hex').subarray(0, 16), (byte) => alphabet[byte % 32]).join('');
}

/** Milliseconds since 1970 that a date can hold, up to the year 9999. */
const isTime = (at: number): boolean => Number.isFinite(at) && at >= 0 && at < 253_402_300_800_000;

export const oneProcess: Warning = {
  code: 'one-process',
  message: 'the imported file holds one process, so it says nothing about the spread between processes',
};

const unknownMachine: Warning = {
  code: 'unknown-machine',
  message: 'the imported file does not say on which machine it was measured, so a slower machine cannot be excluded',
  forbids: 'fail',
};

/** What the file, or whoever imports, says of the machine; the rest is unknown. */
function environmentOf({ tool, machine = {} }: ForeignRun, { machine: named }: ImportOptions): Environment {
  const kind = tool.split(' ')[0];
  const known = { ...machine, ...(named === undefined ? {} : { host: named }) };
  const facts = [known.cpu, known.cores, known.os, known.arch, known.node, known.host].map((fact) => fact ?? null);
  return {
    class: `imported-${hash([kind, ...facts]).slice(0, 16)}`,
    cpu: 'unknown',
    cores: 0,
    memory: 0,
    os: 'unknown',
    arch: 'unknown',
    node: 'unknown',
    v8: 'unknown',
    host: 'unknown',
    ...known,
    ci: false,
    loadAverage: 0,
    warnings: known.cpu === undefined && known.host === undefined ? [unknownMachine] : [],
  };
}

/** The same name twice would be one series: the second becomes `parse (2)`. */
function uniquelyNamed(benchmarks: readonly ForeignBenchmark[]): ForeignBenchmark[] {
  const taken = new Set<string>();
  const tries = new Map<string, number>();
  return benchmarks.map((benchmark) => {
    let { name } = benchmark;
    while (taken.has(name)) {
      const next = (tries.get(benchmark.name) ?? 1) + 1;
      tries.set(benchmark.name, next);
      name = `${benchmark.name} (${next})`;
    }
    taken.add(name);
    if (name === benchmark.name) return benchmark;
    const message = `the file has several benchmarks called ${JSON.stringify(benchmark.name)}; this is ${JSON.stringify(name)}`;
    return { ...benchmark, name, warnings: [...(benchmark.warnings ?? []), { code: 'renamed', message }] };
  });
}

/** Two metrics of one id would be one: the second becomes `value-2`. */
function uniqueMetrics(benchmark: ForeignBenchmark): ForeignBenchmark {
  const counts = new Map<string, number>();
  const values = benchmark.values.map((value) => {
    const { id } = value.metric;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? value : { ...value, metric: { ...value.metric, id: `${id}-${count}` } };
  });
  return { ...benchmark, values };
}

/** A list of samples may be empty: that is no number. */
const withoutEmpty = (benchmark: ForeignBenchmark): ForeignBenchmark => ({
  ...benchmark,
  values: benchmark.values.filter(({ rounds }) =>
    rounds.some((data) => data.kind !== 'sample' || data.values.length > 0),
  ),
});

/** A number that was finite in its own unit need not be in ours. */
function requireFinite({ name, values }: ForeignBenchmark, file: string): void {
  const numbersOf = (data: MeasurementData): readonly number[] => {
    if (data.kind === 'sample') return data.values;
    if (data.kind === 'exact') return [data.value];
    return data.kind === 'estimate' ? [data.estimate.value] : [];
  };
  for (const { metric, rounds } of values) {
    if (rounds.every((data) => numbersOf(data).every(Number.isFinite))) continue;
    throw importError(file, `${metric.id} of ${JSON.stringify(name)} is beyond all numbers in ${metric.unit}`);
  }
}

const roundsOf = ({ values }: ForeignBenchmark): number => Math.max(1, ...values.map(({ rounds }) => rounds.length));

function planOf(benchmark: ForeignBenchmark, kind: string): BenchmarkPlan {
  const { name, group, values } = benchmark;
  const primary = values[0];
  const distribution = primary?.rounds.some((data) => data.kind === 'sample' || data.kind === 'histogram') ?? false;
  return {
    id: name,
    kind,
    ...(group === undefined ? {} : { group }),
    tags: ['imported'],
    metrics: values.map(({ metric }) => metric),
    primary: primary?.metric.id ?? 'time',
    quantiles: distribution,
    objectives: [],
    rounds: roundsOf(benchmark),
    sourceHash: '',
  };
}

function measurementsOf(benchmark: ForeignBenchmark, shared: readonly Warning[]): Measurement[] {
  const { name, values, warnings = [] } = benchmark;
  return values.flatMap(({ metric, rounds }, i) =>
    rounds.map((data, round) => ({
      benchmark: name,
      metric: metric.id,
      round,
      data,
      dropped: 0,
      warnings:
        i === 0 && round === 0 ? [...(roundsOf(benchmark) === 1 ? [oneProcess] : []), ...shared, ...warnings] : [],
    })),
  );
}

const failureOf = ({ name, values, failure }: ForeignBenchmark): Failure[] => {
  if (failure === undefined && values.length > 0) return [];
  const message = failure ?? 'the file holds no number of it';
  return [{ benchmark: name, error: { code: 'failed-elsewhere', message: message.slice(0, 2000), exitCode: 4 } }];
};

/** One foreign run as a run of ours: judged by nothing, since nothing was promised. */
export function runOf(foreign: ForeignRun, options: ImportOptions): Run {
  const at = Math.floor(foreign.at ?? options.at);
  if (!isTime(at)) throw importError(options.file, `${at} is no time in milliseconds since 1970`);
  if (foreign.benchmarks.length === 0) throw importError(options.file, `it holds no benchmark of ${foreign.tool}`);
  const benchmarks = uniquelyNamed(foreign.benchmarks).map(withoutEmpty).map(uniqueMetrics);
  for (const benchmark of benchmarks) requireFinite(benchmark, options.file);
  const kind = foreign.tool.split(' ')[0]!;
  const plans = benchmarks.map((benchmark) => planOf(benchmark, kind));
  const measurements = benchmarks.flatMap((benchmark) => measurementsOf(benchmark, foreign.warnings ?? []));
  const failures = benchmarks.flatMap(failureOf);
  const verdicts = verdictsOf(plans, failures);
  const [sha, branch] = [foreign.sha ?? options.sha, foreign.branch ?? options.branch];
  const environment = environmentOf(foreign, options);
  const provenance = {
    project: options.project ?? foreign.project ?? 'imported',
    tool: foreign.tool,
    ...(sha === undefined ? {} : { sha }),
    ...(branch === undefined ? {} : { branch }),
    ...(foreign.dirty === undefined ? {} : { dirty: foreign.dirty }),
  };
  return {
    $schema: runSchemaUrl,
    schemaVersion: runSchemaVersion,
    id: importId(at, [provenance, environment.class, measurements, failures]),
    startedAt: new Date(at).toISOString(),
    durationMs: foreign.durationMs ?? 0,
    interrupted: false,
    plan: { seed: 0, short: false, benchmarks: plans },
    environment,
    provenance,
    measurements,
    failures,
    judgements: [],
    benchmarks: verdicts,
    verdict: join(verdicts.map(({ verdict }) => verdict)),
  };
}

function verdictsOf(plans: readonly BenchmarkPlan[], failures: readonly Failure[]): Run['benchmarks'] {
  const failed = new Map(failures.map((failure) => [failure.benchmark, failure]));
  return plans.map((plan) => {
    const failure = failed.get(plan.id);
    return { benchmark: plan.id, verdict: judgeBenchmark(plan, [], failure ? [failure] : []) };
  });
}

import { metrics } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignRun, Importer } from '../foreign.ts';
import { sampleOf, summaryValues, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';
import { timeOf } from '../time-text.ts';

const second = 1e9;
const statistics = { median: 'median', mean: 'mean', min: 'min', q1: 'p25', q3: 'p75', max: 'max' };

function benchmarkOf(benchmark: Place): ForeignBenchmark {
  const stats = benchmark.field('stats');
  const data = stats.field('data');
  const values =
    data.present && data.items().length > 0
      ? [valueOf(metrics.timePerOperation, sampleOf(data.amounts().map((time) => time * second)))]
      : summaryValues(stats, metrics.timePerOperation, second, statistics);
  const name = benchmark.field('fullname');
  return {
    name: (name.present ? name : benchmark.field('name')).text(),
    group: benchmark.field('group').maybeText(),
    values,
  };
}

function machineOf(info: Place): NonNullable<ForeignRun['machine']> {
  const cpu = info.field('cpu');
  const count = cpu.isObject ? cpu.field('count').value : undefined;
  const words = {
    cpu: cpu.isObject ? (cpu.field('brand_raw').maybeText() ?? cpu.field('brand').maybeText()) : undefined,
    arch: info.field('machine').maybeText(),
    os: info.field('system').maybeText(),
    host: info.field('node').maybeText(),
  };
  const known = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
  return { ...known, ...(Number.isSafeInteger(count) && Number(count) >= 0 ? { cores: Number(count) } : {}) };
}

function commitOf(info: Place): Pick<ForeignRun, 'sha' | 'branch' | 'dirty' | 'project'> {
  if (!info.isObject) return {};
  const [id, branch] = [info.field('id').maybeText(), info.field('branch').maybeText()];
  const { value: dirty } = info.field('dirty');
  return {
    ...(id === undefined || id === 'unversioned' ? {} : { sha: id }),
    ...(branch === undefined || branch === '(unknown)' ? {} : { branch }),
    ...(typeof dirty === 'boolean' ? { dirty } : {}),
    project: info.field('project').maybeText(),
  };
}

/** `pytest --benchmark-json`: seconds. */
export const pytestBenchmark: Importer<Place> = {
  name: 'pytest-benchmark',
  sniff: (root) => root.has('machine_info', 'benchmarks'),
  read: (root) => {
    const version = root.field('version').maybeText();
    return [
      {
        tool: version === undefined ? 'pytest-benchmark' : `pytest-benchmark ${version}`,
        at: timeOf(root.field('datetime')),
        machine: machineOf(root.field('machine_info')),
        ...commitOf(root.field('commit_info')),
        benchmarks: root.field('benchmarks').items().map(benchmarkOf),
      },
    ];
  },
};

import { metrics } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignRun, ForeignValue, Importer } from '../foreign.ts';
import { metricOf, sampleOf, summaryValues, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';

const statistics = {
  p50: 'median',
  avg: 'mean',
  min: 'min',
  p25: 'p25',
  p75: 'p75',
  p99: 'p99',
  p999: 'p99.9',
  max: 'max',
};

function valuesOf(stats: Place): ForeignValue[] {
  const [samples, heap] = [stats.field('samples'), stats.field('heap')];
  const times =
    samples.present && samples.items().length > 0
      ? [valueOf(metrics.timePerOperation, sampleOf(samples.amounts()))]
      : summaryValues(stats, metrics.timePerOperation, 1, statistics);
  const allocated = heap.present ? summaryValues(heap, metricOf('allocated', 'B/op'), 1, { avg: 'mean' }) : [];
  return [...times, ...allocated];
}

function benchmarksOf(trial: Place): ForeignBenchmark[] {
  const group = trial.field('alias').maybeText();
  return trial
    .field('runs')
    .items()
    .map((run) => {
      const name = run.field('name').text();
      const failed = run.field('error').present || !run.field('stats').present;
      const failure = run.field('error').isObject ? run.field('error').field('message').maybeText() : undefined;
      if (failed) return { name, values: [], failure: failure ?? 'mitata has no numbers of it: it threw' };
      return { name, ...(group === name ? {} : { group }), values: valuesOf(run.field('stats')) };
    });
}

function machineOf(context: Place): NonNullable<ForeignRun['machine']> {
  const cpu = context.field('cpu');
  const [name, arch, version] = [
    cpu.isObject ? cpu.field('name') : cpu,
    context.field('arch'),
    context.field('version'),
  ];
  const facts = { cpu: name.maybeText(), arch: arch.maybeText(), node: version.maybeText() };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** What `run()` of mitata returns, and `run({ format: 'json' })` prints: nanoseconds. */
export const mitata: Importer<Place> = {
  name: 'mitata',
  sniff: (root) =>
    root.has('benchmarks', 'context') &&
    Array.isArray(root.field('benchmarks').value) &&
    root
      .field('benchmarks')
      .items()
      .every((trial) => trial.has('alias', 'runs')),
  read: (root) => {
    const context = root.field('context');
    const now = context.field('now');
    return [
      {
        tool: 'mitata',
        ...(now.present ? { at: now.amount() } : {}),
        machine: machineOf(context),
        benchmarks: root.field('benchmarks').items().flatMap(benchmarksOf),
      },
    ];
  },
};

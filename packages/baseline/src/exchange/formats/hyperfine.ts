import { metrics, type MeasurementData } from '@perfkeel/core';
import type { ForeignBenchmark, ForeignValue, Importer } from '../foreign.ts';
import { exact, sampleOf, valueOf } from '../foreign-values.ts';
import type { Place } from '../place.ts';

const second = 1e9;

/** Every run of a command is a process of its own, and so a round: the one tool whose files can be compared as they are. */
function valuesOf(result: Place): ForeignValue[] {
  const times = result.field('times');
  const rounds: MeasurementData[] =
    times.present && times.items().length > 0
      ? times.items().map((time) => sampleOf([time.amount() * second]))
      : [exact(result.field('median').amount() * second)];
  return [
    { metric: metrics.startupTime, rounds },
    ...memoryOf(result),
    ...exitsOf(result),
    ...(['user', 'system'] as const).flatMap((key) => {
      const mean = result.field(key);
      const metric = key === 'user' ? metrics.userTime : metrics.systemTime;
      return mean.present ? [valueOf({ ...metric, id: `${metric.id}-mean` }, exact(mean.amount() * second))] : [];
    }),
  ];
}

function memoryOf(result: Place): ForeignValue[] {
  const memory = result.field('memory_usage_byte');
  return memory.present ? [{ metric: metrics.maxRss, rounds: memory.amounts().map(exact) }] : [];
}

/** A command that was ended by a signal has no exit code, and has failed. */
function exitsOf(result: Place): ForeignValue[] {
  const codes = result.field('exit_codes');
  if (!codes.present) return [];
  const rounds = codes
    .items()
    .map((code): MeasurementData => ({ kind: 'count', events: code.value === 0 ? 0 : 1, trials: 1 }));
  return [{ metric: metrics.errors, rounds }];
}

function benchmarkOf(result: Place): ForeignBenchmark {
  const name = result.field('command').text();
  const parameters = result.field('parameters');
  const pairs = parameters.present ? parameters.entries().map(([key, { value }]) => `${key}=${String(value)}`) : [];
  return { name: pairs.length > 0 ? `${name} (${pairs.join(', ')})` : name, values: valuesOf(result) };
}

/** `hyperfine --export-json`, times in seconds. */
export const hyperfine: Importer<Place> = {
  name: 'hyperfine',
  sniff: (root) => {
    if (!root.has('results') || !Array.isArray(root.field('results').value)) return false;
    return root
      .field('results')
      .items()
      .every((result) => result.has('command', 'mean'));
  },
  read: (root) => [{ tool: 'hyperfine', benchmarks: root.field('results').items().map(benchmarkOf) }],
};

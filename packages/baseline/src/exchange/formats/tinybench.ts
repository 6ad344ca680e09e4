import type { ForeignBenchmark, Importer } from '../foreign.ts';
import type { Place } from '../place.ts';
import { timesOf } from './tinybench-times.ts';

function benchmarkOf(task: Place): ForeignBenchmark {
  const name = task.field('name').text();
  const result = task.field('result');
  const nested = result.isObject && result.has('latency');
  const values = result.present ? timesOf(nested ? result.field('latency') : result) : [];
  const failure = 'tinybench has no numbers of it: it threw, or was not run';
  return { name, values, ...(values.length === 0 ? { failure } : {}) };
}

function nodeOf(tasks: readonly Place[]): { readonly node?: string } {
  const results = tasks.map((task) => task.field('result')).filter((result) => result.isObject);
  const version = results
    .find((result) => result.field('runtime').value === 'node')
    ?.field('runtimeVersion')
    .maybeText();
  return version === undefined ? {} : { node: version };
}

/** `JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result })))`, of version 2 and later; milliseconds. */
export const tinybench: Importer<Place> = {
  name: 'tinybench',
  sniff: (root) =>
    Array.isArray(root.value) && root.items().length > 0 && root.items().every((task) => task.has('name', 'result')),
  read: (root) => {
    const tasks = root.items();
    return [{ tool: 'tinybench', machine: nodeOf(tasks), benchmarks: tasks.map(benchmarkOf) }];
  },
};

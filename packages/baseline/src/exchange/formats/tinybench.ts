import type { ForeignBenchmark, Importer } from '../foreign.ts';
import type { Place } from '../place.ts';
import { timesOf } from './tinybench-times.ts';

/** A task as the list of `bench.tasks` has it, a result with its name beside it, or one of `bench.results`, without. */
const resultOf = (task: Place): Place => (task.has('result') ? task.field('result') : task);

function benchmarkOf(task: Place, index: number): ForeignBenchmark {
  const name = task.has('name') ? task.field('name').text() : `task ${index + 1}`;
  const result = resultOf(task);
  const latency = result.has('latency') ? result.field('latency') : result;
  const values = latency.present ? timesOf(latency) : [];
  const failure = 'tinybench has no numbers of it: it threw, or was not run';
  return { name, values, ...(values.length === 0 ? { failure } : {}) };
}

function nodeOf(tasks: readonly Place[]): { readonly node?: string } {
  const results = tasks.map(resultOf).filter((result) => result.isObject);
  const version = results
    .find((result) => result.field('runtime').value === 'node')
    ?.field('runtimeVersion')
    .maybeText();
  return version === undefined ? {} : { node: version };
}

/** Version 2 put its times where later ones have `latency`. */
function isTask(task: Place): boolean {
  if (task.has('name', 'result')) return true;
  return task.has('latency', 'throughput') || task.has('mean', 'hz', 'rme');
}

/** What threw or was not run leaves nothing, or its state and perhaps its error. */
const hasNoNumbers = (task: Place): boolean => !task.present || task.has('state') || task.has('error');

function isTasks(items: readonly Place[]): boolean {
  return items.some(isTask) && items.every((item) => isTask(item) || hasNoNumbers(item));
}

/** `JSON.stringify(bench.tasks.map(({ name, result }) => ({ name, result })))`, of version 2 and later; milliseconds. */
export const tinybench: Importer<Place> = {
  name: 'tinybench',
  sniff: (root) => Array.isArray(root.value) && isTasks(root.items()),
  read: (root) => {
    const tasks = root.items();
    return [{ tool: 'tinybench', machine: nodeOf(tasks), benchmarks: tasks.map(benchmarkOf) }];
  },
};

import type { ForeignBenchmark, Importer } from '../foreign.ts';
import type { Place } from '../place.ts';
import { timesOf } from './tinybench-times.ts';

function benchmarksOf(group: Place): ForeignBenchmark[] {
  const path = group.field('fullName').text();
  return group
    .field('benchmarks')
    .items()
    .map((benchmark) => {
      const values = timesOf(benchmark);
      const name = `${path} > ${benchmark.field('name').text()}`;
      const failure = 'vitest bench has no numbers of it: it threw, or was not run';
      return { name, group: path, values, ...(values.length === 0 ? { failure } : {}) };
    });
}

/** `vitest bench --outputJson`: the file path is left out of names, since it begins in another folder elsewhere. */
export const vitestBench: Importer<Place> = {
  name: 'vitest-bench',
  sniff: (root) => {
    const files = root.has('files') ? root.field('files') : undefined;
    return Array.isArray(files?.value) && files.items().every((file) => file.has('groups'));
  },
  read: (root) => {
    const groups = root
      .field('files')
      .items()
      .flatMap((file) => file.field('groups').items());
    return [{ tool: 'vitest-bench', benchmarks: groups.flatMap(benchmarksOf) }];
  },
};

import type { RunIndex } from './run-index.ts';
import { segmentOf, type IndexedRun } from './segment.ts';

/**
 * An index that ends with the process.
 *
 * @param options.summariesOnly holds no numbers, for who asks for none: those of thousands of runs fill a memory
 */
export function memoryIndex({ summariesOnly = false } = {}): RunIndex {
  const known = new Map<string, IndexedRun>();
  return {
    summaries: () => Promise.resolve(new Map([...known].map(([sha, { summary }]) => [sha, summary]))),
    clear() {
      known.clear();
      return Promise.resolve();
    },
    add(runs) {
      for (const run of runs) known.set(run.summary.sha, summariesOnly ? { ...run, points: [] } : run);
      return Promise.resolve();
    },
    read(shas, wanted) {
      const runs = [...known.values()].filter(({ summary }) => shas.has(summary.sha));
      const chosen = runs.map((run) => ({ ...run, points: run.points.filter(({ key }) => wanted(key)) }));
      const series = segmentOf(chosen);
      return Promise.resolve(runs.length === 0 ? [] : [{ runs: runs.map(({ summary }) => summary), series }]);
    },
  };
}

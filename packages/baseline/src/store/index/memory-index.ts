import type { RunIndex } from './run-index.ts';
import { segmentOf, type IndexedRun } from './segment.ts';

/** An index that ends with the process. */
export function memoryIndex(): RunIndex {
  const known = new Map<string, IndexedRun>();
  return {
    summaries: () => Promise.resolve(new Map([...known].map(([sha, { summary }]) => [sha, summary]))),
    clear() {
      known.clear();
      return Promise.resolve();
    },
    add(runs) {
      for (const run of runs) known.set(run.summary.sha, run);
      return Promise.resolve();
    },
    read(shas, wanted) {
      const runs = [...known.values()].filter(({ summary }) => shas.has(summary.sha));
      const series = segmentOf(runs).filter(({ key }) => wanted(key));
      return Promise.resolve([{ runs: runs.map(({ summary }) => summary), series }]);
    },
  };
}

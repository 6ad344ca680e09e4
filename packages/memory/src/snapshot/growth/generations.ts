import type { HeapGraph } from '../heap-graph.ts';

/** Even ids belong to objects outside the engine; they are addresses and say nothing about age. */
const isOfEngine = (id: number): boolean => id % 2 === 1;

/** The largest id handed out so far; objects made later have larger ones. */
export function newestId({ columns }: HeapGraph): number {
  let newest = 0;
  for (const id of columns.nodeId) if (id > newest && isOfEngine(id)) newest = id;
  return newest;
}

/**
 * In which interval between snapshots an object was made: 0 before the first, 1 between the first and the second, and so
 * on; `undefined` for what is outside the engine.
 */
export function generations(graphs: readonly HeapGraph[]): (id: number) => number | undefined {
  const limits = graphs.slice(0, -1).map(newestId);
  return (id) => {
    if (!isOfEngine(id)) return undefined;
    let generation = 0;
    while (generation < limits.length && id > limits[generation]!) generation++;
    return generation;
  };
}

import type { HeapGraph } from '../heap-graph.ts';
import type { RootPaths } from '../paths-from-root.ts';

/** An object whose backing store was enlarged in every interval: its id, and bytes by interval. */
export interface StorageGrowth {
  readonly node: number;
  readonly bytes: readonly number[];
}

const smallest = 1024;
const stores = new Set(['elements', 'table', 'properties']);

/** Backing stores of old objects over all snapshots: the only trace of small whole numbers, which are no objects. */
export function findStorageGrowth(graphs: readonly HeapGraph[], paths: RootPaths): StorageGrowth[] {
  const last = graphs.at(-1)!;
  const earlier = graphs.slice(0, -1);
  const found: StorageGrowth[] = [];
  for (const store of paths.order) {
    if (last.type(store) !== 'array' || last.selfSize(store) < smallest) continue;
    const name = last.edgeName(paths.edge(store));
    const node = paths.parent(store);
    if (!stores.has(name)) continue;
    const sizes = earlier.map((graph) => storeSize(graph, last.id(node), name));
    if (sizes.includes(undefined)) continue;
    const all = [...(sizes as number[]), last.selfSize(store)];
    found.push({ node, bytes: all.slice(1).map((size, i) => size - all[i]!) });
  }
  return found;
}

function storeSize(graph: HeapGraph, id: number, name: string): number | undefined {
  const owner = graph.find(id);
  const store = owner === undefined ? undefined : graph.follow(owner, name);
  return store === undefined ? undefined : graph.selfSize(store);
}

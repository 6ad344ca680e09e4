import type { HeapGraph } from '../heap-graph.ts';
import { pathsFromRoot, type RootPaths } from '../paths-from-root.ts';
import { isData } from './is-data.ts';
import type { Holder } from './holder.ts';

/** How many bytes of data a part of an object holds in one snapshot. The object is named by its id. */
export type HeldBytes = (id: number, part: Holder['part']) => number;

/**
 * Sums along the paths from the root. An object that replaces as much as it takes holds the same in every snapshot,
 * however many of its contents are new.
 */
export function heldBytes(graph: HeapGraph, paths: RootPaths = pathsFromRoot(graph)): HeldBytes {
  const sums = new Float64Array(graph.nodeCount);
  for (let i = paths.order.length - 1; i > 0; i--) {
    const node = paths.order[i]!;
    if (isData(graph.type(node))) sums[node]! += graph.selfSize(node);
    sums[paths.parent(node)]! += sums[node]!;
  }
  return (id, part) => {
    const node = graph.find(id);
    if (node === undefined) return 0;
    if (part === undefined) return sums[node]!;
    let held = 0;
    const { firstEdge, edgeTo } = graph.columns;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const to = edgeTo[edge]!;
      if (paths.parent(to) !== node || paths.edge(to) !== edge) continue;
      const name = node === 0 ? graph.name(to) : graph.edgeName(edge);
      if (name === part) held += sums[to]!;
    }
    return held;
  };
}

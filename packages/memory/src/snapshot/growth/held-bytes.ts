import type { HeapGraph } from '../heap-graph.ts';
import { pathsFromRoot, type RootPaths } from '../paths-from-root.ts';
import { isData } from './is-data.ts';
import { isLister, type Holder } from './holder.ts';

/** How many bytes of data a part of an object holds in one snapshot. The object is named by its id. */
export type HeldBytes = (id: number, part: Holder['part']) => number;

/**
 * Sums data and its backing stores along the paths from the root, but for the store of the object itself, which grows in
 * steps of its own. An object that replaces as much as it takes holds the same in every snapshot, however many of its
 * contents are new.
 */
export function heldBytes(graph: HeapGraph, paths: RootPaths = pathsFromRoot(graph)): HeldBytes {
  const sums = new Float64Array(graph.nodeCount);
  const stores = new Float64Array(graph.nodeCount);
  const handles = new Map<string, number>();
  for (let i = paths.order.length - 1; i > 0; i--) {
    const node = paths.order[i]!;
    const parent = paths.parent(node);
    if (graph.type(node) === 'array') stores[parent]! += graph.selfSize(node) + stores[node]!;
    else if (isData(graph.type(node))) sums[node]! += graph.selfSize(node) + stores[node]!;
    sums[parent]! += sums[node]!;
    if (isLister(graph, parent) && !isLister(graph, node)) add(handles, graph.name(node), sums[node]!);
  }
  return (id, part) => {
    const node = graph.find(id);
    if (node === undefined) return 0;
    if (part === undefined) return sums[node]! - (isData(graph.type(node)) ? stores[node]! : 0);
    if (node === 0) return handles.get(part) ?? 0;
    let held = 0;
    const { firstEdge, edgeTo } = graph.columns;
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      const to = edgeTo[edge]!;
      if (paths.parent(to) !== node || paths.edge(to) !== edge) continue;
      if (graph.edgeName(edge) === part) held += sums[to]!;
    }
    return held;
  };
}

const add = (sums: Map<string, number>, name: string, bytes: number): unknown =>
  sums.set(name, (sums.get(name) ?? 0) + bytes);

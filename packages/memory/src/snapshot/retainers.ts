import type { EssentialEdges } from './essential-edges.ts';
import type { HeapColumns } from './heap-columns.ts';

/** Who keeps whom: the retainers of node n are `nodes` from `first[n]` up to `first[n + 1]`, one for each edge. */
export interface Retainers {
  readonly first: Uint32Array;
  readonly nodes: Uint32Array;
}

/** Turns all edges that keep something alive around. */
export function findRetainers(columns: HeapColumns, essential: EssentialEdges): Retainers {
  const { nodeCount, firstEdge, edgeTo } = columns;
  const first = new Uint32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) {
    for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
      if (essential(node, edge)) first[edgeTo[edge]!]!++;
    }
  }
  let sum = 0;
  for (let node = 0; node <= nodeCount; node++) first[node] = sum += first[node]!;
  const nodes = new Uint32Array(sum);
  // Filled from the back: `first` ends up at the beginning of every node's part.
  for (let node = nodeCount - 1; node >= 0; node--) {
    for (let edge = firstEdge[node + 1]! - 1; edge >= firstEdge[node]!; edge--) {
      if (essential(node, edge)) nodes[--first[edgeTo[edge]!]!] = node;
    }
  }
  return { first, nodes };
}

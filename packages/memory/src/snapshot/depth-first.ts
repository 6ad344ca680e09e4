import type { EssentialEdges } from './essential-edges.ts';
import type { HeapColumns } from './heap-columns.ts';
import type { Retainers } from './retainers.ts';

/** Nodes numbered from 1 in the order in which a walk along essential edges first meets them. */
export interface DepthFirst {
  /** The number of each node. */
  readonly number: Uint32Array;
  /** The node with each number. */
  readonly node: Uint32Array;
  /** By number, the number of the node from which the walk came; 0 above the root. */
  readonly parent: Uint32Array;
  /** Numbers up to this one are reached from the root. */
  readonly reached: number;
}

/**
 * Walks all nodes. What the root does not reach hangs below it as if it did: first what has only weak retainers, with
 * all that it keeps, then the rest, one by one, as memlab does.
 */
export function walkDepthFirst(columns: HeapColumns, essential: EssentialEdges, retainers: Retainers): DepthFirst {
  const { nodeCount, firstEdge, edgeTo } = columns;
  const number = new Uint32Array(nodeCount);
  const node = new Uint32Array(nodeCount + 1);
  const parent = new Uint32Array(nodeCount + 1);
  const next = firstEdge.slice(0, nodeCount);
  let count = 0;
  const meet = (met: number, from: number): number => {
    number[met] = ++count;
    node[count] = met;
    parent[count] = from;
    return count;
  };
  const walk = (start: number, from: number): void => {
    let at = meet(start, from);
    while (at !== from) {
      const here = node[at]!;
      const end = firstEdge[here + 1]!;
      let edge = next[here]!;
      while (edge < end && (number[edgeTo[edge]!] !== 0 || !essential(here, edge))) edge++;
      next[here] = edge + 1;
      at = edge < end ? meet(edgeTo[edge]!, at) : parent[at]!;
    }
  };
  walk(0, 0);
  const reached = count;
  for (let orphan = 0; orphan < nodeCount; orphan++) {
    if (number[orphan] === 0 && retainers.first[orphan] === retainers.first[orphan + 1]) walk(orphan, 1);
  }
  for (let clique = 0; clique < nodeCount; clique++) if (number[clique] === 0) meet(clique, 1);
  return { number, node, parent, reached };
}

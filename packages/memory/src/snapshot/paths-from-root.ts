import type { HeapColumns } from './heap-columns.ts';
import type { HeapEdge, HeapGraph } from './heap-graph.ts';

/** For every node the edge through which a reader would look for it first. */
export interface RootPaths {
  /** The node before it on its path; the root and what no path reaches are their own. */
  parent(node: number): number;
  /** The edge from there; of no meaning where the parent is the node itself. */
  edge(node: number): number;
  /** All nodes with a path, each after its parent; the root is the first. */
  readonly order: Uint32Array;
  /** From the root's child down to the node. */
  path(node: number): HeapEdge[];
}

/** Properties by which everything is reached somehow, and nothing explained. */
const sideways = new Set([
  'map',
  '__proto__',
  'constructor',
  'prototype',
  'constructor_or_backpointer',
  'back_pointer',
  'transitions',
  'dependent_code',
  'prototype_info',
  'feedback_cell',
  'feedback_vector',
  'native_context',
  'embedder_data',
]);

/**
 * The shortest paths from the root (breadth first) that avoid, as long as there is another way, what belongs to the
 * engine: code, shapes, prototypes, handles and stacks.
 */
export function pathsFromRoot(graph: HeapGraph): RootPaths {
  const { columns } = graph;
  const { nodeCount, firstEdge, edgeTo } = columns;
  const via = new Uint32Array(nodeCount);
  const from = new Uint32Array(nodeCount);
  const seen = new Uint8Array(nodeCount);
  const isSideways = sidewaysEdges(columns);
  const queue = new Uint32Array(nodeCount);
  const [later, laterVia]: [number[], number[]] = [[], []];
  let [head, tail] = [0, 0];
  const reach = (node: number, by: number, edge: number): void => {
    seen[node] = 1;
    from[node] = by;
    via[node] = edge;
    queue[tail++] = node;
  };
  const drain = (): void => {
    while (head < tail) {
      const node = queue[head++]!;
      for (let edge = firstEdge[node]!; edge < firstEdge[node + 1]!; edge++) {
        const to = edgeTo[edge]!;
        if (seen[to] === 1 || !graph.keeps(node, edge)) continue;
        if (isSideways(node, edge)) {
          later.push(edge);
          laterVia.push(node);
        } else reach(to, node, edge);
      }
    }
  };
  reach(0, 0, 0);
  drain();
  for (let i = 0; i < later.length; i++) {
    const edge = later[i]!;
    if (seen[edgeTo[edge]!] === 0) reach(edgeTo[edge]!, laterVia[i]!, edge);
    drain();
  }
  const path = (node: number): HeapEdge[] => {
    const edges: HeapEdge[] = [];
    for (let at = node; seen[at] === 1 && at !== 0; at = from[at]!) edges.push(graph.edge(via[at]!, from[at]!));
    return edges.reverse();
  };
  return {
    parent: (node) => (seen[node] === 1 ? from[node]! : node),
    edge: (node) => via[node]!,
    order: queue.subarray(0, tail),
    path,
  };
}

function sidewaysEdges({ strings, ...columns }: HeapColumns): (from: number, edge: number) => boolean {
  const { edgeTypes, edgeType, edgeName, edgeTo, nodeTypes, nodeType } = columns;
  const named = new Set<number>();
  for (let i = 0; i < strings.count && i < commonStrings; i++) if (sideways.has(strings.get(i))) named.add(i);
  const byNumber = new Set(['element', 'hidden'].map((type) => edgeTypes.indexOf(type)));
  const engine = new Set(['code', 'object shape'].map((type) => nodeTypes.indexOf(type)));
  const synthetic = nodeTypes.indexOf('synthetic');
  return (from, edge) =>
    (nodeType[from] === synthetic && from === 0) ||
    nodeType[edgeTo[edge]!] === synthetic ||
    engine.has(nodeType[edgeTo[edge]!]!) ||
    (!byNumber.has(edgeType[edge]!) && named.has(edgeName[edge]!));
}

/** Names that the engine itself uses come first. */
const commonStrings = 5000;

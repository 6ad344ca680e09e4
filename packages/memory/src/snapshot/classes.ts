import { classNames } from './class-name.ts';
import type { HeapGraph } from './heap-graph.ts';

export interface HeapClass {
  readonly name: string;
  readonly count: number;
  /** Sum of the shallow sizes, in bytes. */
  readonly selfSize: number;
  /** Bytes that would be freed if all of its objects went; what one of them keeps for another counts once. */
  readonly retainedSize: number;
}

/** All classes of a heap, those that retain most first; strings and backing stores are classes of their own. */
export function heapClasses(graph: HeapGraph): HeapClass[] {
  const nameOf = classNames(graph);
  const found = new Map<string, { name: string; count: number; selfSize: number; retainedSize: number }>();
  for (let node = 1; node < graph.nodeCount; node++) {
    if (graph.type(node) === 'synthetic') continue;
    const name = nameOf(node);
    let entry = found.get(name);
    if (entry === undefined) found.set(name, (entry = { name, count: 0, selfSize: 0, retainedSize: 0 }));
    entry.count++;
    entry.selfSize += graph.selfSize(node);
  }
  for (const { node, name } of topmost(graph, nameOf)) found.get(name)!.retainedSize += graph.retainedSize(node);
  return [...found.values()].sort((a, b) => b.retainedSize - a.retainedSize);
}

/** Nodes that no node of the same class dominates. */
function* topmost(graph: HeapGraph, nameOf: (node: number) => string): Generator<{ node: number; name: string }> {
  const { first, nodes } = dominated(graph);
  const open = new Map<string, number>();
  // A node twice on the stack: once to enter it, once, as its complement, to leave it.
  const stack = [0];
  while (stack.length > 0) {
    const at = stack.pop()!;
    const node = at < 0 ? ~at : at;
    const name = nameOf(node);
    const depth = open.get(name) ?? 0;
    if (at < 0) {
      open.set(name, depth - 1);
      continue;
    }
    open.set(name, depth + 1);
    if (depth === 0 && graph.type(node) !== 'synthetic') yield { node, name };
    stack.push(~node);
    for (let i = first[node]!; i < first[node + 1]!; i++) stack.push(nodes[i]!);
  }
}

/** The children of every node in the tree of dominators. */
function dominated(graph: HeapGraph): { readonly first: Uint32Array; readonly nodes: Uint32Array } {
  const { nodeCount } = graph;
  const first = new Uint32Array(nodeCount + 1);
  for (let node = 1; node < nodeCount; node++) first[graph.dominator(node)]!++;
  let sum = 0;
  for (let node = 0; node <= nodeCount; node++) first[node] = sum += first[node]!;
  const nodes = new Uint32Array(sum);
  for (let node = nodeCount - 1; node >= 1; node--) nodes[--first[graph.dominator(node)]!] = node;
  return { first, nodes };
}

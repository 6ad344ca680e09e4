import type { HeapGraph } from '../heap-graph.ts';
import type { RootPaths } from '../paths-from-root.ts';

/** An old object that holds new ones, and which part of it does; without a part, as a whole. */
export interface Holder {
  readonly node: number;
  /** A variable of a scope, a property, or the kind of a handle outside the engine. */
  readonly part: string | undefined;
}

/** Parts of the engine that only carry what an object holds. */
const carriers = new Set(['array', 'hidden', 'code', 'object shape']);

/** Classes that hold what they hold as a whole, whatever the parts are called. */
const wholes = new Set(['Array', 'Map', 'Set', 'WeakMap', 'Promise', 'TimersList']);

/** From Node 24 on, what stands between the root and its handles. */
const listers = /^Node \/ (?:Environment|\w*Realm|BaseObjectList)$/;

/** Whether a node does nothing but list the handles of the process, as the root itself does in older versions. */
export function isLister(graph: HeapGraph, node: number): boolean {
  const type = graph.type(node);
  return node === 0 || ((type === 'native' || type === 'synthetic') && listers.test(graph.name(node)));
}

/** Who holds a new node that hangs below an old one. Carriers and links of a chain stand for the object before them. */
export function holderOf(graph: HeapGraph, paths: RootPaths, fresh: number): Holder {
  let node = paths.parent(fresh);
  let edge = paths.edge(fresh);
  // A handle of the process has another id in every snapshot: all of a kind are one part of the root.
  if (isLister(graph, node)) return { node: 0, part: graph.name(fresh) };
  while (node !== 0 && (carriers.has(graph.type(node)) || isLink(graph, paths, node, edge))) {
    edge = paths.edge(node);
    node = paths.parent(node);
  }
  return { node, part: partOf(graph, node, edge) };
}

/** Whether the node hangs below one of its own kind by an edge of the same name: `next` after `next`. */
function isLink(graph: HeapGraph, paths: RootPaths, node: number, edge: number): boolean {
  const before = paths.parent(node);
  const { nodeName, edgeName, edgeType } = graph.columns;
  if (nodeName[before] !== nodeName[node] || graph.type(before) !== graph.type(node)) return false;
  const link = paths.edge(node);
  return edgeName[link] === edgeName[edge] && edgeType[link] === edgeType[edge] && !isNumbered(graph, edge);
}

const isNumbered = (graph: HeapGraph, edge: number): boolean => {
  const type = graph.columns.edgeTypes[graph.columns.edgeType[edge]!];
  return type === 'element' || type === 'hidden';
};

function partOf(graph: HeapGraph, node: number, edge: number): string | undefined {
  if (wholes.has(graph.name(node)) || isNumbered(graph, edge)) return undefined;
  const name = graph.edgeName(edge);
  return name === 'elements' || name === 'table' || name === 'properties' ? undefined : name;
}

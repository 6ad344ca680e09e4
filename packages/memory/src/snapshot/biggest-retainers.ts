import { className } from './class-name.ts';
import { placeOf } from './growth/place.ts';
import type { HeapGraph } from './heap-graph.ts';
import { pathsFromRoot } from './paths-from-root.ts';

/** An object that keeps much alive. */
export interface BigRetainer {
  readonly id: number;
  readonly name: string;
  /** The expression that leads there, as far as variables and properties do; empty when none does. */
  readonly at: string;
  /** Such as `module app/cache.ts`. */
  readonly keeper: string | undefined;
  /** In bytes. */
  readonly selfSize: number;
  /** In bytes. */
  readonly retainedSize: number;
}

/** What belongs to the program: the engine's own structures retain much and explain nothing. */
const telling = new Set(['object', 'closure', 'native', 'string', 'concatenated string']);
const engine = /^(?:system \/|global|Window|\(|$)/;
/** An object that gets nearly all of its size from one that is listed too says nothing new. */
const nearlyAll = 0.9;

/** The objects with the largest retained sizes, largest first; of those that keep each other only the innermost. */
export function biggestRetainers(graph: HeapGraph, count = 10): BigRetainer[] {
  const paths = pathsFromRoot(graph);
  const inner = new Float64Array(graph.nodeCount);
  const candidates: number[] = [];
  for (let node = 1; node < graph.nodeCount; node++) {
    if (!telling.has(graph.type(node)) || engine.test(graph.name(node))) continue;
    candidates.push(node);
    const retained = graph.retainedSize(node);
    // Up through what is no candidate itself, such as backing stores.
    for (let above = graph.dominator(node); above !== 0; above = graph.dominator(above)) {
      if (inner[above]! >= retained) break;
      inner[above] = retained;
      if (telling.has(graph.type(above))) break;
    }
  }
  return candidates
    .filter((node) => inner[node]! < nearlyAll * graph.retainedSize(node))
    .sort((a, b) => graph.retainedSize(b) - graph.retainedSize(a))
    .slice(0, count)
    .map((node) => {
      const { expression, keeper } = placeOf(graph, paths.path(node));
      const [selfSize, retainedSize] = [graph.selfSize(node), graph.retainedSize(node)];
      return { id: graph.id(node), name: className(graph, node), at: expression, keeper, selfSize, retainedSize };
    });
}

import type { DepthFirst } from './depth-first.ts';
import type { Retainers } from './retainers.ts';

/**
 * The immediate dominator of every node, by depth-first number: the nearest node without which it would not be kept.
 *
 * Lengauer and Tarjan, "A fast algorithm for finding dominators in a flowgraph" (1979), the simple variant with path
 * compression. Everything is a number of the walk: a node is linked into the forest when its number is at least `last`,
 * so one array holds both the walk's parents and the forest's ancestors; and a node waits in a bucket before it has a
 * dominator, so one array holds both.
 */
export function findDominators(walk: DepthFirst, retainers: Retainers): Uint32Array {
  const { number, node, reached } = walk;
  const count = number.length;
  const parents = walk.parent;
  const ancestor = parents.slice();
  const [semi, label] = [identity(count), identity(count)];
  const dominator = new Uint32Array(count + 1);
  const bucket = new Uint32Array(count + 1);
  const stack: number[] = [];
  const evaluate = (start: number, last: number): number => {
    if (start < last) return start;
    let at = start;
    while (ancestor[at]! >= last) {
      stack.push(at);
      at = ancestor[at]!;
    }
    for (let below = stack.pop(); below !== undefined; below = stack.pop()) {
      const above = ancestor[below]!;
      if (semi[label[above]!]! < semi[label[below]!]!) label[below] = label[above]!;
      ancestor[below] = ancestor[above]!;
    }
    return label[start]!;
  };
  for (let w = count; w >= 2; w--) {
    const here = node[w]!;
    // The walk came from there, along an edge or because nothing else leads to the node.
    let best = parents[w]!;
    for (let i = retainers.first[here]!; i < retainers.first[here + 1]!; i++) {
      const from = number[retainers.nodes[i]!]!;
      // What is itself not kept keeps nothing that is.
      if (w <= reached && from > reached) continue;
      const found = semi[evaluate(from, w + 1)]!;
      if (found < best) best = found;
    }
    semi[w] = best;
    dominator[w] = bucket[best]!;
    bucket[best] = w;
    const parent = parents[w]!;
    let waiting = bucket[parent]!;
    bucket[parent] = 0;
    while (waiting !== 0) {
      const following = dominator[waiting]!;
      const lowest = evaluate(waiting, w);
      dominator[waiting] = semi[lowest]! < semi[waiting]! ? lowest : parent;
      waiting = following;
    }
  }
  dominator[1] = 1;
  for (let w = 2; w <= count; w++) {
    if (dominator[w] !== semi[w]) dominator[w] = dominator[dominator[w]!]!;
  }
  return dominator;
}

function identity(count: number): Uint32Array {
  const numbers = new Uint32Array(count + 1);
  for (let i = 0; i <= count; i++) numbers[i] = i;
  return numbers;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../test/heap/parse.ts';
import { snapshotText, type WrittenNode } from '../../test/heap/snapshot-text.ts';

/** Everything the root reaches along edges that keep, with one node taken away. */
function reached(nodes: readonly WrittenNode[], without = -1): Set<number> {
  const seen = new Set<number>();
  const stack = without === 0 ? [] : [0];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const { type, to } of nodes[at]!.edges ?? []) {
      if (to !== without && type !== 'weak' && (type !== 'shortcut' || at === 0)) stack.push(to);
    }
  }
  return seen;
}

const graphs = fc.integer({ min: 2, max: 14 }).chain((count) =>
  fc.array(
    fc.record({
      size: fc.integer({ min: 1, max: 1000 }),
      edges: fc.array(
        fc.record({
          type: fc.constantFrom('property', 'property', 'internal', 'weak', 'shortcut'),
          to: fc.integer({ min: 0, max: count - 1 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { minLength: count, maxLength: count },
  ),
);

describe('HeapGraph', () => {
  it('retains exactly what cannot be reached without the node', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const graph = parse(snapshotText(nodes));
        const all = reached(nodes);
        for (const node of all) {
          const rest = reached(nodes, node);
          const lost = [...all].filter((other) => !rest.has(other));
          if (node !== 0) {
            expect(graph.retainedSize(node)).toBe(lost.reduce((sum, other) => sum + nodes[other]!.size, 0));
          }
        }
        expect(graph.retainedSize(0)).toBe(graph.totalSize());
      }),
      { numRuns: 150 },
    );
  });

  it('counts everything once below the root, also what nothing reaches', () => {
    const island = [
      { size: 1 },
      { size: 2, edges: [{ to: 2 }] },
      { size: 4, edges: [{ to: 1 }] },
      { size: 8, edges: [{ to: 0 }] },
    ];
    const graph = parse(snapshotText(island));
    expect([0, 1, 2, 3].map((node) => graph.retainedSize(node))).toEqual([15, 2, 4, 8]);
  });

  it('gives a value of a WeakMap to its key', () => {
    const pair = '1 / part of key (Object @5) -> value (Big @7) pair in WeakMap (table @3)';
    const graph = parse(
      snapshotText([
        { edges: [{ to: 1 }, { to: 2 }] },
        { name: 'table', size: 10, edges: [{ type: 'internal', name: pair, to: 3 }] },
        { name: 'key', size: 20, edges: [{ type: 'internal', name: pair, to: 3 }] },
        { name: 'value', size: 400 },
      ]),
    );
    expect([1, 2, 3].map((node) => graph.retainedSize(node))).toEqual([10, 420, 400]);
    expect(graph.dominator(3)).toBe(2);
  });

  it('survives a chain of ten thousand objects with a second way to each', () => {
    const count = 10_000;
    const nodes = Array.from({ length: count }, (_, i) => ({
      size: 1,
      edges: i === 0 ? [] : i < count - 1 ? [{ to: i + 1 }] : [],
    }));
    nodes[0] = { size: 1, edges: Array.from({ length: count - 1 }, (_, i) => ({ to: count - 1 - i })) };
    const graph = parse(snapshotText(nodes));
    expect(graph.retainedSize(1)).toBe(1);
    expect(graph.retainedSize(0)).toBe(count);
  });
});

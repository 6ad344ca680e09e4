import { expect, it } from 'vitest';
import { parse } from '../../../test/heap/parse.ts';
import { snapshotText, type WrittenNode } from '../../../test/heap/snapshot-text.ts';
import { growthBetween } from '../diff-growth.ts';
import type { HeapGraph } from '../heap-graph.ts';

interface Order {
  readonly id: number;
  readonly storeId: number;
}

/** A heap of one array of orders, each of 32 B with a store of 176 B. Numbers are handed out as the engine does. */
class Heap {
  orders: Order[] = [];
  #next = 101;

  #number(): number {
    return (this.#next += 2);
  }

  add(count: number): void {
    for (let i = 0; i < count; i++) this.orders.push({ id: this.#number(), storeId: this.#number() });
  }

  /** As when what they hold was enlarged since. */
  renewStores(): void {
    this.orders = this.orders.map(({ id }) => ({ id, storeId: this.#number() }));
  }

  snapshot(): HeapGraph {
    const elements = (to: number) => ({ type: 'internal', name: 'elements', to });
    const first = 3;
    const items = this.orders.map((_, i) => ({ type: 'element', name: i, to: first + 2 * i }));
    const rows = this.orders.flatMap(({ id, storeId }, i): WrittenNode[] => [
      { name: 'Order', id, size: 32, edges: [elements(first + 2 * i + 1)] },
      { type: 'array', name: '(object elements)', id: storeId, size: 176 },
    ]);
    const nodes: WrittenNode[] = [
      { type: 'synthetic', id: 1, edges: [{ name: 'orders', to: 1 }] },
      { name: 'Array', id: 3, size: 32, edges: [elements(2)] },
      // Copied whenever it grows: 8 B for each order, in steps that no finding counts on.
      { type: 'array', name: '(object elements)', id: this.#number(), size: 16, edges: items },
    ];
    return parse(snapshotText([...nodes, ...rows]));
  }
}

it('a new object counts with its backing store, also where that was made later', () => {
  for (const renews of [false, true]) {
    const heap = new Heap();
    heap.add(20);
    const graphs = [heap.snapshot()];
    for (let interval = 0; interval < 2; interval++) {
      heap.add(50);
      if (renews) heap.renewStores();
      graphs.push(heap.snapshot());
    }
    const [finding, ...others] = growthBetween(graphs, { iterationsBetween: 50 });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ container: 'Array', objectsPerIteration: 1, bytesPerIteration: 208, steady: 1 });
    expect(finding!.classes).toEqual([{ name: 'Order', count: 1, bytes: 208 }]);
  }
});

it('an array that takes as many as it drops does not grow, however large their stores', () => {
  const heap = new Heap();
  heap.add(50);
  const graphs = [heap.snapshot()];
  for (let interval = 0; interval < 2; interval++) {
    heap.orders = [];
    heap.add(50);
    graphs.push(heap.snapshot());
  }
  expect(growthBetween(graphs, { iterationsBetween: 50 })).toEqual([]);
});

it.each([
  ['at the root', []],
  ['in a list below it, as from Node 24 on', ['Node / Environment', 'Node / PrincipalRealm', 'Node / BaseObjectList']],
])('handles are told by their kind: %s', (_, listers) => {
  const snapshot = (connections: number): HeapGraph => {
    const firstWrap = 1 + listers.length;
    const wraps = Array.from({ length: connections }, (_, i) => ({ type: 'element', name: i, to: firstWrap + 2 * i }));
    const down = [...listers.map((name, i) => [{ name, to: i + 1 }]), wraps];
    const handles = wraps.flatMap(({ to }, i): WrittenNode[] => [
      // Of what is outside of the engine, numbers are even, and others in every snapshot.
      { type: 'native', name: 'Node / TCPSocketWrap', id: 2 * (connections + i), size: 400, edges: [{ to: to + 1 }] },
      { name: 'TCP', id: 101 + 2 * i, size: 100 },
    ]);
    return parse(
      snapshotText([
        { type: 'synthetic', id: 1, edges: down[0]! },
        ...listers.map((name, i) => ({ type: 'native', name, id: 10_000 + 2 * i, edges: down[i + 1]! })),
        ...handles,
      ]),
    );
  };
  const [finding, ...others] = growthBetween([20, 70, 120].map(snapshot), { iterationsBetween: 50 });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ container: 'open handles (TCPSocket)', objectsPerIteration: 1 });
  expect(finding!.sentence).toBe('open handles (TCPSocket): +1 TCP, 100 B per iteration');
});

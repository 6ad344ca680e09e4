import { walkDepthFirst } from './depth-first.ts';
import { findDominators } from './dominators.ts';
import { essentialEdges, type EssentialEdges } from './essential-edges.ts';
import { tooLarge, type HeapColumns } from './heap-columns.ts';
import { findRetainers, type Retainers } from './retainers.ts';

/** One reference from an object to another. */
export interface HeapEdge {
  /** Such as `property`, `element`, `context` (a variable of a closure), `internal`, `weak`. */
  readonly type: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface DominatorTree {
  readonly dominator: Uint32Array;
  readonly retained: Float64Array;
}

/**
 * A heap as a snapshot shows it. Nodes are ordinals from 0, the root, up to `nodeCount - 1`; sizes are in bytes.
 *
 * Retainers and dominators are found when they are first asked for, and kept.
 */
export class HeapGraph {
  readonly columns: HeapColumns;
  #essential: EssentialEdges | undefined;
  #retainers: Retainers | undefined;
  #tree: DominatorTree | undefined;
  #byId: Map<number, number> | undefined;

  constructor(columns: HeapColumns) {
    this.columns = columns;
  }

  get nodeCount(): number {
    return this.columns.nodeCount;
  }

  /** Such as `object`, `closure`, `array` (backing stores), `string`, `native`, `synthetic` (roots). */
  type(node: number): string {
    return this.columns.nodeTypes[this.columns.nodeType[node]!] ?? 'unknown';
  }

  /** The class of an object, the name of a function, the text of a string. */
  name(node: number): string {
    return this.columns.strings.get(this.columns.nodeName[node]!);
  }

  id(node: number): number {
    return this.columns.nodeId[node]!;
  }

  /** The node with this id, or nothing. */
  find(id: number): number | undefined {
    this.#byId ??= indexIds(this.columns.nodeId);
    return this.#byId.get(id);
  }

  /** Shallow size in bytes: of the object alone. */
  selfSize(node: number): number {
    const size = this.columns.selfSize[node]!;
    return size === tooLarge ? (this.columns.largeSizes.get(node) ?? size) : size;
  }

  /** The sum of all shallow sizes, in bytes. */
  totalSize(): number {
    let sum = 0;
    for (let node = 0; node < this.nodeCount; node++) sum += this.selfSize(node);
    return sum;
  }

  /** Bytes that would be freed with the node: its own, and those of all that is reached only through it. */
  retainedSize(node: number): number {
    return this.#dominators().retained[node]!;
  }

  /** The nearest node through which every path from the root leads; the root is its own. */
  dominator(node: number): number {
    return this.#dominators().dominator[node]!;
  }

  edge(index: number, from: number): HeapEdge {
    const { edgeTypes, edgeType, edgeTo } = this.columns;
    const type = edgeTypes[edgeType[index]!] ?? 'unknown';
    return { type, name: this.edgeName(index), from, to: edgeTo[index]! };
  }

  edgeName(index: number): string {
    const { edgeTypes, edgeType, edgeName, strings } = this.columns;
    const type = edgeTypes[edgeType[index]!];
    return type === 'element' || type === 'hidden' ? String(edgeName[index]) : strings.get(edgeName[index]!);
  }

  /** What the node refers to, in the order of the file. */
  *edges(node: number): Generator<HeapEdge> {
    const { firstEdge } = this.columns;
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i++) yield this.edge(i, node);
  }

  /** The first target of an edge with this name, or nothing. */
  follow(node: number, name: string): number | undefined {
    const { firstEdge, edgeTo } = this.columns;
    for (let i = firstEdge[node]!; i < firstEdge[node + 1]!; i++) {
      if (this.edgeName(i) === name) return edgeTo[i]!;
    }
    return undefined;
  }

  /** Nodes that keep this one alive, once for each edge that does. */
  retainers(node: number): Uint32Array {
    const { first, nodes } = this.#retaining();
    return nodes.subarray(first[node], first[node + 1]);
  }

  /** Whether the edge keeps its target alive; weak ones and shortcuts do not. */
  keeps(from: number, edge: number): boolean {
    return (this.#essential ??= essentialEdges(this.columns))(from, edge);
  }

  #retaining(): Retainers {
    this.#essential ??= essentialEdges(this.columns);
    return (this.#retainers ??= findRetainers(this.columns, this.#essential));
  }

  #dominators(): DominatorTree {
    if (this.#tree) return this.#tree;
    const retainers = this.#retaining();
    const walk = walkDepthFirst(this.columns, this.#essential!, retainers);
    const byNumber = findDominators(walk, retainers);
    const retained = new Float64Array(this.nodeCount);
    for (let node = 0; node < this.nodeCount; node++) retained[node] = this.selfSize(node);
    const dominator = new Uint32Array(this.nodeCount);
    for (let w = this.nodeCount; w >= 1; w--) {
      const [node, above] = [walk.node[w]!, walk.node[byNumber[w]!]!];
      dominator[node] = above;
      if (node !== above) retained[above]! += retained[node]!;
    }
    return (this.#tree = { dominator, retained });
  }
}

function indexIds(ids: Uint32Array): Map<number, number> {
  const index = new Map<number, number>();
  for (let node = 0; node < ids.length; node++) index.set(ids[node]!, node);
  return index;
}

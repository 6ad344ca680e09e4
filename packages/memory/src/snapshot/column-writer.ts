import { tooLarge, type HeapColumns } from './heap-columns.ts';
import { badSnapshot } from './snapshot-error.ts';
import type { SnapshotHeader } from './snapshot-header.ts';
import type { StringTable } from './string-table.ts';

type Row = Float64Array;

/** Puts the rows of a snapshot into columns, and refuses rows that point nowhere. */
export class ColumnWriter {
  readonly #header: SnapshotHeader;
  readonly #columns: Omit<HeapColumns, 'strings' | 'locations'>;
  readonly #large = new Map<number, number>();
  readonly #locations: number[] = [];
  readonly #at: Readonly<Record<'type' | 'name' | 'id' | 'size' | 'edges', number>>;
  readonly #edgeAt: Readonly<Record<'type' | 'name' | 'to', number>>;
  readonly #namedByNumber: readonly boolean[];
  readonly #nodeWidth: number;
  #edges = 0;
  #largestName = 0;

  constructor(header: SnapshotHeader) {
    this.#header = header;
    const node = (field: string): number => header.nodeFields.indexOf(field);
    const edge = (field: string): number => header.edgeFields.indexOf(field);
    this.#at = {
      type: node('type'),
      name: node('name'),
      id: node('id'),
      size: node('self_size'),
      edges: node('edge_count'),
    };
    this.#edgeAt = { type: edge('type'), name: edge('name_or_index'), to: edge('to_node') };
    this.#namedByNumber = header.edgeTypes.map((type) => type === 'element' || type === 'hidden');
    this.#nodeWidth = header.nodeFields.length;
    this.#columns = { ...allocate(header), largeSizes: this.#large };
  }

  readonly node = (row: Row, index: number): void => {
    const { nodeType, nodeName, nodeId, selfSize, firstEdge, nodeCount } = this.#columns;
    if (index >= nodeCount) throw tooMany('nodes', nodeCount);
    const name = row[this.#at.name]!;
    const size = row[this.#at.size]!;
    nodeType[index] = row[this.#at.type]!;
    nodeName[index] = name;
    nodeId[index] = row[this.#at.id]!;
    selfSize[index] = size < tooLarge ? size : tooLarge;
    if (size >= tooLarge) this.#large.set(index, size);
    if (name > this.#largestName) this.#largestName = name;
    this.#edges += row[this.#at.edges]!;
    firstEdge[index + 1] = this.#edges;
  };

  readonly edge = (row: Row, index: number): void => {
    const { edgeType, edgeName, edgeTo, nodeCount, edgeCount } = this.#columns;
    if (index >= edgeCount) throw tooMany('edges', edgeCount);
    const type = row[this.#edgeAt.type]!;
    const name = row[this.#edgeAt.name]!;
    const to = row[this.#edgeAt.to]! / this.#nodeWidth;
    if (!(to < nodeCount) || to !== Math.floor(to)) throw badSnapshot('is damaged: an edge leads to no node');
    edgeType[index] = type;
    edgeName[index] = name;
    edgeTo[index] = to;
    if (name > this.#largestName && this.#namedByNumber[type] === false) this.#largestName = name;
  };

  readonly location = (row: Row): void => {
    const at = (field: string): number => row[this.#header.locationFields.indexOf(field)] ?? 0;
    this.#locations.push(at('object_index') / this.#nodeWidth, at('script_id'), at('line'), at('column'));
  };

  finish(read: { readonly nodes: number; readonly edges: number; readonly strings: StringTable }): HeapColumns {
    const { nodeCount, edgeCount } = this.#header;
    if (read.nodes !== nodeCount) throw tooFew('nodes', nodeCount, read.nodes);
    if (read.edges !== edgeCount || this.#edges !== edgeCount) throw tooFew('edges', edgeCount, read.edges);
    if (this.#largestName >= read.strings.count) {
      throw badSnapshot(`is damaged: it has ${read.strings.count} strings, and names number ${this.#largestName}`);
    }
    return { ...this.#columns, strings: read.strings, locations: Uint32Array.from(this.#locations) };
  }
}

function allocate({ nodeCount, edgeCount, nodeTypes, edgeTypes }: SnapshotHeader) {
  try {
    return {
      nodeCount,
      edgeCount,
      nodeTypes,
      edgeTypes,
      nodeType: new Uint8Array(nodeCount),
      nodeName: new Uint32Array(nodeCount),
      nodeId: new Uint32Array(nodeCount),
      selfSize: new Uint32Array(nodeCount),
      firstEdge: new Uint32Array(nodeCount + 1),
      edgeType: new Uint8Array(edgeCount),
      edgeName: new Uint32Array(edgeCount),
      edgeTo: new Uint32Array(edgeCount),
    };
  } catch {
    throw badSnapshot(`announces ${nodeCount} nodes and ${edgeCount} edges, more than memory can hold`);
  }
}

const tooMany = (what: string, announced: number) =>
  badSnapshot(`is damaged: it holds more than the ${announced} ${what} that it announces`);

const tooFew = (what: string, announced: number, found: number) =>
  badSnapshot(`is damaged: it announces ${announced} ${what} and holds ${found}`);

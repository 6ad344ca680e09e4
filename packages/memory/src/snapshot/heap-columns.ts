import type { StringTable } from './string-table.ts';

/** A snapshot as it was written: one typed column a field, one row a node or an edge. Ordinals count from 0, the root. */
export interface HeapColumns {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  /** Index into `nodeTypes`. */
  readonly nodeType: Uint8Array;
  /** Index into `strings`. */
  readonly nodeName: Uint32Array;
  /** The same object has the same id in all snapshots of a process; later objects have larger ones. */
  readonly nodeId: Uint32Array;
  /** Shallow size in bytes; what does not fit is in `largeSizes`. */
  readonly selfSize: Uint32Array;
  readonly largeSizes: ReadonlyMap<number, number>;
  /** Edges of node n are those from `firstEdge[n]` up to `firstEdge[n + 1]`. */
  readonly firstEdge: Uint32Array;
  /** Index into `edgeTypes`. */
  readonly edgeType: Uint8Array;
  /** Index into `strings`, or for elements and hidden edges a number of its own. */
  readonly edgeName: Uint32Array;
  /** Ordinal of the node that the edge leads to. */
  readonly edgeTo: Uint32Array;
  readonly strings: StringTable;
  /** Where functions stand: ordinal, script, line and column, each from 0, four numbers a place. */
  readonly locations: Uint32Array;
}

/** What `selfSize` holds when the size is in `largeSizes`. */
export const tooLarge = 0xffff_ffff;

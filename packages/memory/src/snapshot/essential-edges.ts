import type { HeapColumns } from './heap-columns.ts';

/** Which edges keep their target alive: `essential(from, edge)`. */
export type EssentialEdges = (from: number, edge: number) => boolean;

const pairInWeakMap = /part of key .* pair in WeakMap \(table @(\d+)\)$/;

/**
 * The rule of Chrome's DevTools, which memlab follows: weak edges keep nothing, shortcuts only where they mark the
 * globals at the root. A value in a WeakMap lives as long as both key and map; of the two edges that say so, only the
 * one from the key counts, so that the value belongs to what has to go for it to go.
 */
export function essentialEdges(columns: HeapColumns): EssentialEdges {
  const { edgeTypes, edgeType, edgeName, edgeTo, nodeId } = columns;
  const [weak, shortcut, internal] = ['weak', 'shortcut', 'internal'].map((type) => edgeTypes.indexOf(type));
  const tables = weakMapTables(columns);
  return (from, edge) => {
    const type = edgeType[edge];
    if (type === weak || edgeTo[edge] === from || (type === shortcut && from !== 0)) return false;
    return type !== internal || tables.size === 0 || tables.get(edgeName[edge]!) !== nodeId[from];
  };
}

/** The id of the table for each name of an edge that speaks of a pair in a WeakMap. */
function weakMapTables({ strings }: HeapColumns): Map<number, number> {
  const tables = new Map<number, number>();
  for (const index of strings.containing('pair in WeakMap (table @')) {
    const id = pairInWeakMap.exec(strings.get(index))?.[1];
    if (id !== undefined) tables.set(index, Number(id));
  }
  return tables;
}

import { classNames } from '../class-name.ts';
import type { HeapGraph } from '../heap-graph.ts';
import type { RootPaths } from '../paths-from-root.ts';
import { holderOf, isLister, type Holder } from './holder.ts';
import { isData } from './is-data.ts';

export interface ClassGrowth {
  readonly name: string;
  count: number;
  bytes: number;
  /** Steps from the container to the nearest one. */
  depth: number;
}

/** New objects that came below the same part of the same old object. */
export interface GrowthGroup {
  readonly holder: Holder;
  /** Bytes and objects by interval. */
  readonly bytes: number[];
  readonly objects: number[];
  readonly classes: Map<string, ClassGrowth>;
}

/**
 * Puts every new object under the first old one on its path from the root: that is where it is kept. The backing store of
 * a new object counts with it, whenever it was made; that of an old one grows by the copy of what it held before, and is
 * left out.
 */
export function attributeGrowth(
  graph: HeapGraph,
  paths: RootPaths,
  generationOf: (id: number) => number | undefined,
  intervals: number,
): GrowthGroup[] {
  const nameOf = classNames(graph);
  const groups: GrowthGroup[] = [];
  const known = new Map<string, number>();
  const groupOf = new Int32Array(graph.nodeCount).fill(-1);
  const depthOf = new Uint32Array(graph.nodeCount);
  const ownerOf = new Uint32Array(graph.nodeCount);
  const group = (holder: Holder): number => {
    const key = `${holder.node} ${holder.part ?? ''}`;
    let index = known.get(key);
    if (index === undefined) {
      known.set(key, (index = groups.length));
      const none = (): number[] => new Array<number>(intervals).fill(0);
      groups.push({ holder, bytes: none(), objects: none(), classes: new Map() });
    }
    return index;
  };
  for (const node of paths.order) {
    const generation = generationOf(graph.id(node));
    if (generation === 0 || isLister(graph, node)) continue;
    const parent = paths.parent(node);
    const inherited = groupOf[parent]!;
    groupOf[node] = inherited >= 0 ? inherited : group(holderOf(graph, paths, node));
    depthOf[node] = depthOf[parent]! + (graph.type(node) === 'array' ? 0 : 1);
    const type = graph.type(node);
    const to = groups[groupOf[node]]!;
    if (type === 'array') {
      const owner = (ownerOf[node] = graph.type(parent) === 'array' ? ownerOf[parent]! : parent);
      const made = generationOf(graph.id(owner)) ?? 0;
      if (made > 0 && groupOf[owner] === groupOf[node]) tallyStore(to, made - 1, nameOf(owner), graph.selfSize(node));
    }
    if (generation === undefined || !isData(type)) continue;
    tally(to, generation - 1, nameOf(node), graph.selfSize(node), depthOf[node]);
  }
  return groups.filter(({ objects }) => objects.some((count) => count > 0));
}

function tally(group: GrowthGroup, interval: number, name: string, bytes: number, depth: number): void {
  group.bytes[interval]! += bytes;
  group.objects[interval]! += 1;
  const entry = group.classes.get(name);
  if (entry === undefined) group.classes.set(name, { name, count: 1, bytes, depth });
  else {
    entry.count++;
    entry.bytes += bytes;
    entry.depth = Math.min(entry.depth, depth);
  }
}

/** Where its owner is what a program keeps, which has been counted before: the order begins at the root. */
function tallyStore(group: GrowthGroup, interval: number, name: string, bytes: number): void {
  const entry = group.classes.get(name);
  if (entry === undefined) return;
  group.bytes[interval]! += bytes;
  entry.bytes += bytes;
}

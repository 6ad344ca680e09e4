import { usageError } from '@perfkeel/core';
import { attributeGrowth, type ClassGrowth, type GrowthGroup } from './growth/attribution.ts';
import { containerKind } from './growth/container-kind.ts';
import { generations } from './growth/generations.ts';
import { growthSentence, type GrowthFinding } from './growth/growth-finding.ts';
import { heldBytes, type HeldBytes } from './growth/held-bytes.ts';
import { mergeParts } from './growth/merge-parts.ts';
import { placeOf } from './growth/place.ts';
import { findStorageGrowth, type StorageGrowth } from './growth/storage-growth.ts';
import type { HeapEdge, HeapGraph } from './heap-graph.ts';
import { openSnapshot } from './open-snapshot.ts';
import { pathsFromRoot, type RootPaths } from './paths-from-root.ts';

export interface DiffGrowthOptions {
  /** Iterations of the work between one snapshot and the next. */
  readonly iterationsBetween: number;
  /** Containers that gain less than this many bytes per iteration are left out. @default 1 */
  readonly smallest?: number | undefined;
  /** What an iteration is called in sentences, such as `request`. @default 'iteration' */
  readonly per?: string | undefined;
}

/** The smaller interval must bring this part of the larger, and this part of what is new must come on top. */
const balance = 0.4;
/** A container that gained fewer objects in an interval is no trend. */
const fewest = 8;

/**
 * Names the containers that grow from snapshot to snapshot of one process, those that gain most first.
 *
 * Three snapshots tell growth that goes on from growth that happened once; with two, everything that grew is named. An
 * object made after the first snapshot is put to the first older object on its path from the root. A container is named
 * when it gains in every interval, in equal parts, and does not let go of as much: caches at their bound and pools are
 * not.
 *
 * @throws PerfError `bad-option` for fewer than two files or no count of iterations, `not-one-process` when the
 * snapshots are of different processes or in another order, and what `openSnapshot` throws.
 * @example
 * const findings = await diffGrowth(['a.heapsnapshot', 'b.heapsnapshot', 'c.heapsnapshot'], { iterationsBetween: 500 });
 * findings[0]?.sentence; // "Map (cache), kept by module app/cache.ts: +1 Entry, 312 B per iteration"
 */
export async function diffGrowth(files: readonly string[], options: DiffGrowthOptions): Promise<GrowthFinding[]> {
  refuseWrong(files, options);
  const graphs: HeapGraph[] = [];
  for (const file of files) graphs.push(await openSnapshot(file));
  return growthBetween(graphs, options);
}

function refuseWrong(files: readonly string[], { iterationsBetween }: DiffGrowthOptions): void {
  const wrong = (message: string, hint: string): never => {
    throw usageError(message, { code: 'bad-option', hint });
  };
  if (!Array.isArray(files) || files.length < 2) {
    wrong('growth is between two snapshots or more', 'Write diffGrowth([first, second, third], ...).');
  }
  if (!(Number.isFinite(iterationsBetween) && iterationsBetween > 0)) {
    wrong(`iterationsBetween is ${iterationsBetween}`, 'Give the number of iterations between two snapshots.');
  }
}

/** `diffGrowth` on snapshots that are open, in the order in which they were taken. */
export function growthBetween(graphs: readonly HeapGraph[], options: DiffGrowthOptions): GrowthFinding[] {
  refuseForeign(graphs);
  const last = graphs.at(-1)!;
  const paths = pathsFromRoot(last);
  const intervals = graphs.length - 1;
  const held = [...graphs.slice(0, -1).map((graph) => heldBytes(graph)), heldBytes(last, paths)];
  const groups = mergeParts(attributeGrowth(last, paths, generations(graphs), intervals));
  const growing = groups.filter((group) => goesOn(group, last, held));
  const stores = findStorageGrowth(graphs, paths).filter(({ bytes }) => Math.min(...bytes) >= 0 && sum(bytes) > 0);
  const task = { graph: last, paths, options, intervals };
  const fromGroups = growing.map((group) => describe(task, group, storeOf(group, stores)));
  const bare = stores.filter((store) => isBare(store, last, groups, options.iterationsBetween * intervals));
  return [...fromGroups, ...bare.map((store) => describe(task, bareGroup(store, intervals), store))]
    .filter(({ bytesPerIteration }) => bytesPerIteration >= (options.smallest ?? 1))
    .sort((a, b) => b.bytesPerIteration - a.bytesPerIteration);
}

/** Objects of the engine's own start have the same ids in one process, and nothing ties two processes. */
function refuseForeign(graphs: readonly HeapGraph[]): void {
  for (let i = 1; i < graphs.length; i++) {
    const [before, after] = [graphs[i - 1]!, graphs[i]!];
    if (isLater(before, after)) continue;
    throw usageError(`snapshot ${i + 1} is not a later one of the process of snapshot ${i}`, {
      code: 'not-one-process',
      hint: 'Give snapshots of one process in the order in which they were taken.',
    });
  }
}

function isLater(before: HeapGraph, after: HeapGraph): boolean {
  const newest = (graph: HeapGraph): number =>
    graph.columns.nodeId.reduce((max, id) => (id % 2 === 1 && id > max ? id : max), 0);
  if (newest(after) < newest(before)) return false;
  let [compared, same] = [0, 0];
  for (let node = 0; node < before.nodeCount; node += 97) {
    const other = before.id(node) % 2 === 1 ? after.find(before.id(node)) : undefined;
    if (other === undefined) continue;
    compared++;
    if (after.type(other) === before.type(node) && after.name(other) === before.name(node)) same++;
  }
  return compared === 0 || same >= 0.8 * compared;
}

function goesOn({ holder, bytes, objects }: GrowthGroup, graph: HeapGraph, held: readonly HeldBytes[]): boolean {
  if (graph.type(holder.node) === 'code' || Math.min(...objects) < fewest) return false;
  if (ratio(bytes) < balance || ratio(objects) < balance) return false;
  const id = graph.id(holder.node);
  const sizes = held.map((of) => of(id, holder.part));
  return bytes.every((fresh, i) => sizes[i + 1]! - sizes[i]! >= balance * fresh);
}

const ratio = (values: readonly number[]): number => Math.min(...values) / Math.max(...values);

/** Half of what a number takes in an array. */
const halfSlot = 4;

/**
 * Whether an array took numbers alone, which are no objects: its store is larger than it ever was, by half a number for
 * each iteration or more. Stores grow in steps, not in every interval; those of tables also to be swept, which says nothing.
 */
function isBare({ node, bytes }: StorageGrowth, graph: HeapGraph, groups: readonly GrowthGroup[], iterations: number) {
  if (graph.name(node) !== 'Array' || groups.some(({ holder }) => holder.node === node)) return false;
  return sum(bytes) >= halfSlot * iterations;
}

const storeOf = ({ holder }: GrowthGroup, stores: readonly StorageGrowth[]): StorageGrowth | undefined =>
  stores.find(({ node }) => node === holder.node);

const bareGroup = ({ node }: StorageGrowth, intervals: number): GrowthGroup => {
  const none = new Array<number>(intervals).fill(0);
  return { holder: { node, part: undefined }, bytes: none, objects: none, classes: new Map() };
};

interface Task {
  readonly graph: HeapGraph;
  readonly paths: RootPaths;
  readonly options: DiffGrowthOptions;
  readonly intervals: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function describe(task: Task, group: GrowthGroup, store: StorageGrowth | undefined): GrowthFinding {
  const { graph, paths, options, intervals } = task;
  const iterations = options.iterationsBetween * intervals;
  const edges = paths.path(group.holder.node);
  const kind = containerKind(graph, group.holder, edges);
  const whole = [...edges, ...partEdge(graph, group)];
  const { path } = placeOf(graph, whole);
  const { expression, keeper } = placeOf(graph, kind.upTo === undefined ? whole : edges.slice(0, kind.upTo));
  const classes = inOrder([...group.classes.values()]);
  const gains = group.bytes.some((bytes) => bytes > 0) ? group.bytes : (store?.bytes ?? group.bytes);
  const finding = {
    container: kind.title,
    at: kind.complete ? '' : expression,
    keeper: kind.complete ? undefined : keeper,
    path,
    objectsPerIteration: (classes[0]?.count ?? 0) / iterations,
    bytesPerIteration: (sum(group.bytes) + sum(store?.bytes ?? [])) / iterations,
    steady: intervals > 1 ? ratio(gains) : undefined,
    classes: classes.map(({ name, count, bytes }) => ({ name, count: count / iterations, bytes: bytes / iterations })),
    nodeId: graph.id(group.holder.node),
  };
  return { ...finding, sentence: growthSentence(finding, options.per), remedy: kind.remedy };
}

/** The variable or the property that leads on from an object which does not grow as a whole. */
function partEdge(graph: HeapGraph, { holder: { node, part } }: GrowthGroup): HeapEdge[] {
  if (part === undefined || node === 0) return [];
  for (const edge of graph.edges(node)) if (edge.name === part) return [edge];
  return [];
}

const isPlain = (name: string): boolean => /^(?:string|number|bigint|symbol|scope)$/.test(name);

/** First what the container holds directly, in the words of the program; then the rest by size. */
function inOrder(classes: readonly ClassGrowth[]): ClassGrowth[] {
  const most = Math.max(...classes.map(({ count }) => count));
  const [first] = classes
    .filter(({ name, count }) => !isPlain(name) && count >= most / 4)
    .sort((a, b) => a.depth - b.depth || b.count - a.count);
  const rest = classes.filter((entry) => entry !== first).sort((a, b) => b.bytes - a.bytes);
  return first === undefined ? rest : [first, ...rest];
}

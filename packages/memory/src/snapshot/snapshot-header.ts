import { badSnapshot } from './snapshot-error.ts';

/** Where a snapshot keeps what, as its own header says: engines add fields and reorder them. */
export interface SnapshotHeader {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly nodeFields: readonly string[];
  readonly nodeTypes: readonly string[];
  readonly edgeFields: readonly string[];
  readonly edgeTypes: readonly string[];
  readonly locationFields: readonly string[];
}

interface WrittenHeader {
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly node_count?: unknown;
  readonly edge_count?: unknown;
}

const foreign = (what: string): never => {
  throw badSnapshot(`is not a heap snapshot of V8: ${what}`, 'Give a .heapsnapshot file that Node or Chrome wrote.');
};

const names = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @throws PerfError `bad-snapshot` for a header of something else. */
export function readHeader(text: string): SnapshotHeader {
  const { meta, node_count: nodeCount, edge_count: edgeCount } = parse(text);
  if (meta === undefined || meta === null) return foreign('its header describes no fields');
  const { node_fields: nodeFields, edge_fields: edgeFields, location_fields: locationFields } = meta;
  if (!names(nodeFields) || !names(edgeFields)) return foreign('its header describes no fields');
  const [nodeTypes, edgeTypes] = [listed(meta['node_types']), listed(meta['edge_types'])];
  if (!nodeTypes || !edgeTypes || nodeTypes.length > 256) return foreign('its header names no types');
  for (const field of ['type', 'name', 'id', 'self_size', 'edge_count']) {
    if (!nodeFields.includes(field)) return foreign(`its nodes have no ${field}`);
  }
  for (const field of ['type', 'name_or_index', 'to_node']) {
    if (!edgeFields.includes(field)) return foreign(`its edges have no ${field}`);
  }
  if (!isCount(nodeCount) || !isCount(edgeCount)) return foreign('its header does not count nodes and edges');
  if (nodeCount === 0) throw badSnapshot('is an empty heap snapshot: it has no nodes');
  const locations = names(locationFields) ? locationFields : [];
  return { nodeCount, edgeCount, nodeFields, nodeTypes, edgeFields, edgeTypes, locationFields: locations };
}

/** The names of the first field, which is the type. */
function listed(types: unknown): readonly string[] | undefined {
  const first: unknown = Array.isArray(types) ? types[0] : undefined;
  return names(first) ? first : undefined;
}

function parse(text: string): WrittenHeader {
  try {
    return JSON.parse(text) as WrittenHeader;
  } catch {
    return foreign('its header is not JSON');
  }
}

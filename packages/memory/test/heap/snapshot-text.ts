/** A node by its outgoing edges; its ordinal is its place in the list, and the first is the root. */
export interface WrittenNode {
  readonly type?: string;
  readonly name?: string;
  readonly id?: number;
  readonly size?: number;
  readonly edges?: readonly WrittenEdge[];
}

export interface WrittenEdge {
  readonly type?: string;
  readonly name?: string | number;
  readonly to: number;
}

const nodeTypes = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'native', 'synthetic'];
const edgeTypes = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];
const width = 5;

/** The text of a heap snapshot as V8 writes it, with these nodes. */
export function snapshotText(nodes: readonly WrittenNode[]): string {
  const strings: string[] = [''];
  const indexOf = (text: string): number => {
    const known = strings.indexOf(text);
    return known >= 0 ? known : strings.push(text) - 1;
  };
  const rows = nodes.map(({ type = 'object', name = '', id, size = 0, edges = [] }, ordinal) =>
    [nodeTypes.indexOf(type), indexOf(name), id ?? 2 * ordinal + 1, size, edges.length].join(','),
  );
  const edgeRows = nodes.flatMap(({ edges = [] }) =>
    edges.map(({ type = 'property', name = 'next', to }) =>
      [edgeTypes.indexOf(type), typeof name === 'number' ? name : indexOf(name), to * width].join(','),
    ),
  );
  const meta = {
    node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
    node_types: [nodeTypes, 'string', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [edgeTypes, 'string_or_number', 'node'],
    location_fields: ['object_index', 'script_id', 'line', 'column'],
  };
  const header = JSON.stringify({ meta, node_count: nodes.length, edge_count: edgeRows.length });
  const list = (items: readonly string[]): string => `[${items.join('\n,')}]`;
  return `{"snapshot":${header},\n"nodes":${list(rows)},\n"edges":${list(edgeRows)},\n"trace_function_infos":[],
"trace_tree":[],\n"samples":[],\n"locations":[0,1,2,3],\n"strings":[${strings.map((s) => JSON.stringify(s)).join(',\n')}]}`;
}

import type { HeapGraph } from './heap-graph.ts';

const plain: Readonly<Record<string, string>> = {
  string: 'string',
  'concatenated string': 'string',
  'sliced string': 'string',
  number: 'number',
  bigint: 'bigint',
  symbol: 'symbol',
  regexp: 'RegExp',
  array: 'backing store',
  code: 'code',
  'object shape': 'shape',
  hidden: 'engine',
};

const scope = 'system / Context';

/** What people call the kind of a node: its class, `closure` or `closure onData`, `string`, `scope`. */
export function className(graph: HeapGraph, node: number): string {
  const type = graph.type(node);
  const known = plain[type];
  if (known !== undefined) return known;
  const name = graph.name(node);
  if (name === scope) return 'scope';
  if (type === 'closure') return name === '' ? 'closure' : `closure ${name}`;
  return name === '' ? type : name.replace(/^Node \/ /, '');
}

/** `className` for many nodes: remembered by type and name, which are few. */
export function classNames(graph: HeapGraph): (node: number) => string {
  const { nodeType, nodeName } = graph.columns;
  const known = new Map<number, string>();
  return (node) => {
    const key = nodeName[node]! * 256 + nodeType[node]!;
    let name = known.get(key);
    if (name === undefined) known.set(key, (name = className(graph, node)));
    return name;
  };
}

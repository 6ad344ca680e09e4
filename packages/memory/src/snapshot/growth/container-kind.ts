import type { HeapEdge, HeapGraph } from '../heap-graph.ts';
import type { Holder } from './holder.ts';

/** A container in the words of whoever wrote the code, and what usually empties it. */
export interface ContainerKind {
  /** Such as `EventEmitter.listeners 'data' of Bus`, `Map`, `Array`, `timers`. */
  readonly title: string;
  readonly remedy: string;
  /** Whether the title says where it is, so that no variable needs to be named. */
  readonly complete?: boolean;
  /** How many edges of the path lead to the object that the title names, where the rest is its inside. */
  readonly upTo?: number;
}

const remedies = {
  listeners: 'Remove the listener when its work is done: off(), or once().',
  target:
    'Remove the listener, or give addEventListener a signal that is aborted; use one AbortController per operation.',
  timers: 'Clear the timer when its work is done: clearTimeout() or clearInterval().',
  promise: 'Settle the promise or let it time out: every then() and await on one that stays pending is kept.',
  handles: 'Close what is opened: end() or destroy() a socket, close() a server, a file or a watcher.',
  keyed:
    'Give it a bound and evict, or delete entries when their work is done; a WeakMap lets keys go that are objects.',
  list: 'Remove what is no longer needed, or give it a bound.',
  chain: 'Cut the chain: each link keeps all before it.',
  field: 'Drop the reference when its work is done.',
} as const;

/** A title and a remedy for what holds the growth. `edges` lead from the root to it. */
export function containerKind(graph: HeapGraph, { node, part }: Holder, edges: readonly HeapEdge[]): ContainerKind {
  const name = graph.name(node);
  if (node === 0) return { title: `open handles (${handleName(part)})`, remedy: remedies.handles, complete: true };
  return (
    listeners(graph, { node, part }, edges) ??
    eventTarget(graph, node, part, edges) ??
    timers(graph, name, edges) ??
    collection(graph, node, name, part)
  );
}

const handleName = (part = 'unknown'): string => part.replace(/^Node \/ /, '').replace(/Wrap$/, '');

function listeners(graph: HeapGraph, { node, part }: Holder, edges: readonly HeapEdge[]): ContainerKind | undefined {
  const at = edges.findLastIndex(({ name }) => name === '_events');
  const events = edges[at];
  const owner = events?.from ?? (part === '_events' ? node : undefined);
  if (owner === undefined || (at >= 0 && at < edges.length - 2)) return undefined;
  const event = edges[at + 1]?.name ?? (events === undefined ? undefined : part);
  const which = event === undefined || at < 0 ? '' : ` '${event}'`;
  const upTo = at < 0 ? edges.length : at;
  return { title: `EventEmitter.listeners${which} of ${graph.name(owner)}`, remedy: remedies.listeners, upTo };
}

const kEvents = /^<symbol (?:kEvents|events)>$/;

function eventTarget(
  graph: HeapGraph,
  node: number,
  part: string | undefined,
  edges: readonly HeapEdge[],
): ContainerKind | undefined {
  const at = edges.findLastIndex(({ name }) => kEvents.test(name));
  const owner = edges[at]?.from ?? (part !== undefined && kEvents.test(part) ? node : undefined);
  if (owner === undefined) return undefined;
  const upTo = at < 0 ? edges.length : at;
  return { title: `EventTarget listeners of ${targetName(graph, owner)}`, remedy: remedies.target, upTo };
}

/** Signals are made as bare targets and get their class afterwards: only their prototype knows. */
function targetName(graph: HeapGraph, owner: number): string {
  const prototype = graph.follow(owner, '__proto__');
  return (prototype === undefined ? '' : graph.name(prototype)) || graph.name(owner);
}

const timerClass = /^(?:TimersList|Timeout|Immediate|ImmediateList)$/;

function timers(graph: HeapGraph, name: string, edges: readonly HeapEdge[]): ContainerKind | undefined {
  const last = edges.at(-1);
  const isList = timerClass.test(name) && (name === 'TimersList' || (last && timerClass.test(graph.name(last.from))));
  const isMap = last?.name === 'timerListMap' || last?.name === 'timerListQueue';
  if (!isList && !isMap) return undefined;
  return { title: 'timers (setTimeout, setInterval)', remedy: remedies.timers, complete: true };
}

const keyed = /^(?:Map|WeakMap)$/;

function collection(graph: HeapGraph, node: number, name: string, part: string | undefined): ContainerKind {
  if (keyed.test(name)) return { title: name, remedy: remedies.keyed };
  if (name === 'Set' || name === 'Array') return { title: name, remedy: remedies.list };
  if (name === 'Promise') return { title: 'reactions of a Promise that does not settle', remedy: remedies.promise };
  if (name === 'system / Context') {
    return { title: part === undefined ? 'a scope' : 'chain', remedy: remedies.chain };
  }
  if (graph.type(node) === 'closure') return { title: `closure ${name}`.trim(), remedy: remedies.chain };
  if (graph.type(node) === 'synthetic') return { title: name, remedy: remedies.handles, complete: true };
  if (part === undefined) return { title: `${name || 'object'} with a key for each`, remedy: remedies.keyed };
  return { title: 'chain', remedy: remedies.field };
}

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HeapEdge, HeapGraph } from '../heap-graph.ts';
import { ownCode } from '../own-code.ts';
import { fileOfFunction, fileOfVariable } from './written-file.ts';

const scope = 'system / Context';

/** The file of a script as people write it: relative to the working folder where it lies below. */
export function fileText(url: string): string {
  let file = url;
  try {
    if (url.startsWith('file://')) file = fileURLToPath(url);
  } catch {
    return url;
  }
  const near = relative(process.cwd(), file);
  return file.startsWith('/') && near !== '' && !near.startsWith('..') ? near : file;
}

/** The script in which the function of a closure stands. */
function scriptOfClosure(graph: HeapGraph, closure: number): string | undefined {
  const shared = graph.follow(closure, 'shared');
  if (shared === undefined) return undefined;
  const script = graph.follow(shared, 'script_or_debug_info') ?? graph.follow(shared, 'script');
  const name = script === undefined ? undefined : (graph.follow(script, 'name') ?? undefined);
  return name === undefined ? undefined : graph.name(name) || undefined;
}

/** A closure, the scope in which it was made, and the script in which its function stands. */
interface ScopeOwner {
  readonly closure: number;
  readonly at: number;
  readonly script: string;
}

/** The script that a scope belongs to: that of any closure made in it, or in a scope around it. */
function ownerOfScope(graph: HeapGraph, node: number): ScopeOwner | undefined {
  for (let at: number | undefined = node; at !== undefined; at = graph.follow(at, 'previous')) {
    if (graph.name(at) !== scope) return undefined;
    let looked = 0;
    for (const closure of graph.retainers(at)) {
      if (looked++ > mostRetainers) break;
      if (graph.type(closure) !== 'closure' || graph.follow(closure, 'context') !== at) continue;
      const script = scriptOfClosure(graph, closure);
      if (script !== undefined) return { closure, at, script };
    }
  }
  return undefined;
}

/** A scope that leaks has a closure for every leak; the first ones tell as much as all. */
const mostRetainers = 1000;

/** Whether the scope is the outermost one of a module. */
function isModuleScope(graph: HeapGraph, node: number): boolean {
  const around = graph.follow(node, 'previous');
  return around === undefined || graph.name(around) !== scope;
}

/** Where a person finds an object: a variable, and the properties from there. */
export interface Place {
  /** Such as `bus._events.data`; empty when no variable leads there. */
  readonly expression: string;
  /** Such as `module app/bus.ts`, `a closure in app/bus.ts`, `the global object`. */
  readonly keeper: string | undefined;
  /** The whole way, one step each. */
  readonly path: readonly string[];
}

const isIndex = (edge: HeapEdge): boolean => edge.type === 'element' || edge.type === 'hidden';
const identifier = /^#?[\p{L}_$][\p{L}\p{N}_$]*$/u;

function step(edge: HeapEdge): string {
  if (isIndex(edge)) return `[${edge.name}]`;
  if (edge.name.startsWith('<symbol ')) return `[${edge.name.slice(8, -1)}]`;
  return identifier.test(edge.name) ? `.${edge.name}` : `[${JSON.stringify(shortened(edge.name))}]`;
}

const shortened = (name: string): string => (name.length > 40 ? `${name.slice(0, 37)}...` : name);

/** Finds the last variable on a path, and what leads on from it. */
export function placeOf(graph: HeapGraph, edges: readonly HeapEdge[]): Place {
  const path = edges.filter(isTold(graph)).map((edge) => pathStep(graph, edge));
  const at = edges.findLastIndex(({ type }) => type === 'context');
  const steps = edges.slice(at + 1).filter((edge) => edge.type !== 'context' && isTold(graph)(edge));
  const text = collapsed(steps.map(step)).join('');
  const variable = edges[at];
  if (variable !== undefined) {
    return { expression: variable.name + text, keeper: keeperOf(graph, variable), path };
  }
  const keeper = graph.name(edges[0]?.to ?? 0).startsWith('global') ? 'the global object' : undefined;
  return { expression: text.replace(/^\./, ''), keeper, path };
}

const isOwn = ownCode();
/** The variable in which a round holds what it hands to the cycle. */
const stateOfSetup = 'state';

/** The file as it was written; that of a bundle only where nothing tells which of its modules it is. */
function keeperOf(graph: HeapGraph, { from, name }: HeapEdge): string | undefined {
  const owner = ownerOfScope(graph, from);
  if (owner === undefined) return undefined;
  const { closure, at, script } = owner;
  if (isModuleScope(graph, from)) return `module ${fileText(fileOfVariable(graph, name, script) ?? script)}`;
  // Closures at the top of a bundle are of any of its modules.
  const file = isModuleScope(graph, at) ? script : fileOfFunction(graph, closure, script);
  if (isOwn(file)) return name === stateOfSetup ? 'perfkeel, as what setup gave back' : 'perfkeel itself';
  return `a closure in ${fileText(file)}`;
}

/** The same step again and again is one with its number. */
function collapsed(steps: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < steps.length;) {
    let run = 1;
    while (steps[i + run] === steps[i]) run++;
    out.push(run > 3 ? `${steps[i]}(×${run})` : steps[i]!.repeat(run));
    i += run;
  }
  return out.length > 8 ? [...out.slice(0, 3), '…', ...out.slice(-4)] : out;
}

/** Steps that a person would recognise. */
const isTold =
  (graph: HeapGraph) =>
  ({ type, from, to }: HeapEdge): boolean =>
    (type === 'context' || type === 'property' || type === 'element') &&
    graph.type(from) !== 'synthetic' &&
    graph.type(to) !== 'synthetic';

function pathStep(graph: HeapGraph, edge: HeapEdge): string {
  const what = graph.type(edge.to) === 'closure' ? 'closure' : shortened(graph.name(edge.to));
  return `${edge.type === 'context' ? `variable ${edge.name}` : step(edge)} (${what || graph.type(edge.to)})`;
}

import { readFileSync } from 'node:fs';
import type { HeapGraph } from '../heap-graph.ts';
import { sourcePlaces, type ScriptPlace, type SourcePlaces } from '../source-place.ts';

/** Source maps that the objects of one snapshot ask for. */
const places = new WeakMap<HeapGraph, SourcePlaces>();

/** The file in which this place of a script was written, through its source map. */
function writtenAt(graph: HeapGraph, place: ScriptPlace): string {
  const known = places.get(graph) ?? sourcePlaces();
  places.set(graph, known);
  return known(place).url;
}

/** Numbers that make one entry of `locations`. */
const locationWidth = 4;

/** The file in which a function of a script was written. */
export function fileOfFunction(graph: HeapGraph, closure: number, script: string): string {
  const { locations } = graph.columns;
  for (let i = 0; i < locations.length; i += locationWidth) {
    if (locations[i] !== closure) continue;
    return writtenAt(graph, { url: script, line: locations[i + 2]! + 1, column: locations[i + 3]! + 1 });
  }
  return script;
}

/**
 * The file in which a variable at the top of a script was written: a bundle has those of many modules in one scope, and
 * snapshots do not say where they stand. Nothing where the text of the script does not show it.
 */
export function fileOfVariable(graph: HeapGraph, name: string, script: string): string | undefined {
  const text = textOf(script);
  const at = text === undefined ? undefined : declarationOf(name, text);
  if (text === undefined || at === undefined) return undefined;
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return writtenAt(graph, { url: script, line, column: at - before.lastIndexOf('\n') });
}

function textOf(script: string): string | undefined {
  try {
    return readFileSync(script.startsWith('file://') ? new URL(script) : script, 'utf8');
  } catch {
    return undefined;
  }
}

/** Where a name is declared at the beginning of a line, alone or among others. */
function declarationOf(name: string, text: string): number | undefined {
  const word = `${name.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&')}(?![\\w$])`;
  const noun = '^(?:export )?(?:default )?(?:var|let|const|class|(?:async )?function\\*?)\\b';
  for (const between of ['\\s+', '.*?[,\\s{[]']) {
    const found = new RegExp(`(${noun}${between})${word}`, 'mu').exec(text);
    if (found) return found.index + found[1]!.length;
  }
  return undefined;
}

import { readFileSync } from 'node:fs';
import { findSourceMap, SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A place in a script as the engine names it; line and column from 1. */
export interface ScriptPlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** Finds where a place of running code was written. Reads each script once. */
export type SourcePlaces = (place: ScriptPlace) => ScriptPlace;

/** Follows the source map of a script, inside it or in a file beside it; without one, the place stays as it is. */
export function sourcePlaces(): SourcePlaces {
  const maps = new Map<string, SourceMap | undefined>();
  return (place) => {
    if (!maps.has(place.url)) maps.set(place.url, mapOf(place.url));
    const entry = maps.get(place.url)?.findEntry(place.line - 1, place.column - 1);
    if (!entry || !('originalSource' in entry)) return { ...place, url: pathOf(place.url) };
    return {
      url: originalPath(place.url, entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  };
}

function pathOf(url: string): string {
  try {
    return url.startsWith('file://') ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}

function originalPath(script: string, source: string): string {
  if (source.startsWith('file://')) return pathOf(source);
  return /^[a-z][a-z0-9+.-]+:/i.test(source) ? source : resolve(dirname(pathOf(script)), source);
}

const reference = /^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm;
const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s;

function mapOf(url: string): SourceMap | undefined {
  const known = findSourceMap(url) ?? findSourceMap(pathOf(url));
  if (known) return known;
  try {
    const text = readFileSync(pathOf(url), 'utf8');
    const target = [...text.matchAll(reference)].at(-1)?.[1];
    if (target === undefined) return undefined;
    return new SourceMap(JSON.parse(mapText(target, url)) as ConstructorParameters<typeof SourceMap>[0]);
  } catch {
    return undefined;
  }
}

function mapText(target: string, url: string): string {
  const [, base64, data] = inline.exec(target) ?? [];
  if (data === undefined) return readFileSync(new URL(target, pathToFileURL(pathOf(url))), 'utf8');
  return base64 === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString('utf8');
}

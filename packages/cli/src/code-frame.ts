import { readFileSync } from 'node:fs';
import type { SourceLocation } from '@perfkeel/core';
import { visibleWidth } from '@perfkeel/report';

/** Lines around a place in a user's file, with the place underlined. */
export interface CodeFrame {
  readonly location: SourceLocation;
  readonly lines: readonly string[];
}

/** How far below the declaration its wrong part is looked for. */
const reach = 200;

/**
 * The place of `excerpt` at or below `location`, and the lines around it; the declaration itself when the text is not
 * written there literally. `undefined` when the file cannot be read.
 */
export function codeFrame(location: SourceLocation, excerpt?: string): CodeFrame | undefined {
  let source: string[];
  try {
    source = readFileSync(location.file, 'utf8').split(/\r?\n/);
  } catch {
    return undefined;
  }
  const found = excerpt === undefined || excerpt === '' ? undefined : find(source, location.line, excerpt);
  const place = found ?? { line: location.line, column: location.column, length: 1 };
  if (place.line > source.length) return undefined;
  return { location: { file: location.file, line: place.line, column: place.column }, lines: frame(source, place) };
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

function find(source: readonly string[], from: number, excerpt: string): Place | undefined {
  for (let line = from; line < Math.min(from + reach, source.length + 1); line++) {
    const index = source[line - 1]!.indexOf(excerpt);
    if (index >= 0) return { line, column: index + 1, length: excerpt.length };
  }
  return undefined;
}

function frame(source: readonly string[], { line, column, length }: Place): string[] {
  const first = Math.max(1, line - 2);
  const last = Math.min(source.length, line + 1);
  const width = String(last).length;
  const lines: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = source[number - 1]!.replaceAll('\t', ' ');
    lines.push(`${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number !== line) continue;
    // Under the very columns: what comes before may be wide, such as a name in Chinese.
    const [before, under] = [text.slice(0, column - 1), text.slice(column - 1, column - 1 + length)].map(visibleWidth);
    lines.push(`${' '.repeat(width)} | ${' '.repeat(before!)}${'^'.repeat(Math.max(under!, 1))}`);
  }
  return lines;
}

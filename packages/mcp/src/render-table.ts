import { oneLine } from '@perfkeel/core';

/** Longer texts are cut: a name may have any length, and every row of its column would be as long. */
const longestCell = 100;
const mostRows = 50;

/** A text of the server in a line of the report. */
export const inLine = (text: string, most = longestCell): string => {
  const line = oneLine(text.slice(0, 20 * most)).trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
};

/** The first of many, with the number of the rest; all of few. */
export function firstOf<T>(all: readonly T[]): { readonly shown: readonly T[]; readonly rest: number } {
  return { shown: all.slice(0, mostRows), rest: Math.max(0, all.length - mostRows) };
}

export const restWords = (rest: number, what: string): string | undefined =>
  rest === 0 ? undefined : `and ${rest} more${what}: --json has all`;

/** A table of Markdown whose columns stand under each other in a terminal, too. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => inLine(cell).replaceAll('|', ' ')));
  const widths = head.map((_, at) => cells.reduce((most, row) => Math.max(most, row[at]!.length), 3));
  const line = (row: readonly string[]): string => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}

import { deepStrictEqual } from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { csvParseRows } from 'd3-dsv';
import Papa from 'papaparse';

type Parser = (text: string) => string[][];

/** Three published libraries that do the same: text in, rows of cells out. */
export const parsers = {
  papaparse: (text) => Papa.parse<string[]>(text).data,
  'csv-parse': (text) => parse(text),
  'd3-dsv': (text) => csvParseRows(text),
} satisfies Record<string, Parser>;

/** Speed means nothing before the results are right. */
export function expectSameRows(text: string, rows: readonly (readonly string[])[]): void {
  for (const [name, parser] of Object.entries<Parser>(parsers)) {
    const parsed = parser(text);
    try {
      deepStrictEqual(parsed, rows);
    } catch (cause) {
      throw new Error(`${name} reads other rows than were written`, { cause });
    }
  }
}

import { usageError } from '@perfkeel/core';

/** A row of a file: every column by its name, as text. */
export type CsvRow = Readonly<Record<string, string>>;

function fail(message: string, hint: string): never {
  throw usageError(message, { code: 'bad-data', hint });
}

/**
 * Reads a CSV file with a head line (RFC 4180): commas, fields in quotes where they hold commas, quotes or line breaks, a
 * quote in them doubled. A byte order mark and empty lines are skipped.
 *
 * @param name of the file, for messages
 * @throws PerfError `bad-data`, exit code 2, for a file without rows, rows of another length and quotes without an end.
 */
export function readCsv(text: string, name: string): readonly CsvRow[] {
  const records = recordsOf(text.replace(/^\uFEFF/, ''), name);
  const [head, ...rows] = records;
  if (head === undefined || rows.length === 0) fail(`${name} has no rows`, 'Write a line of names, and rows below it.');
  const twice = head.find((column, i) => head.indexOf(column) !== i);
  if (twice !== undefined) fail(`${name} has two columns called ${JSON.stringify(twice)}`, 'Rename one of them.');
  return rows.map((fields, i) => {
    if (fields.length !== head.length) {
      fail(
        `row ${i + 1} of ${name} has ${fields.length} fields, and its head has ${head.length}`,
        'Quote fields that hold commas.',
      );
    }
    return Object.fromEntries(head.map((column, at) => [column, fields[at]!]));
  });
}

/** One field, quoted or not, and what ends it. */
const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

function recordsOf(text: string, name: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  for (field.lastIndex = 0; field.lastIndex < text.length;) {
    const [, quoted, plain, end] =
      field.exec(text) ?? fail(`${name} has a quote in the wrong place`, 'Double the quotes inside of a quoted field.');
    record.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',' && field.lastIndex === text.length) record.push('');
    if (end === ',') continue;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}

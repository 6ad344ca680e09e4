import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { messageOf, usageError } from '@perfkeel/core';
import { shown } from '../shown.ts';
import { readCsv } from './read-csv.ts';

/**
 * Data for requests and calls: a list, a CSV file whose first line names the columns, or a function that returns
 * something to iterate over. Each piece of work takes the next row; behind the last one it begins again.
 */
export type DataOptions<Row> = readonly Row[] | (() => Iterable<Row>) | `${string}.csv`;

/** Rows by the index of the work that takes them. Asked for in ascending order. */
export interface Rows {
  at(index: number): unknown;
}

/** Makes the rows of one run. */
export type RowsFactory = () => Rows;

function fail(message: string, hint: string): never {
  throw usageError(message, { code: 'bad-data', hint, excerpt: 'data' });
}

/** Without data there is nothing in a row. */
export const noRows: RowsFactory = () => ({ at: () => undefined });

/**
 * Understands data. A file is read now, so that what is wrong with it is said where it is declared; its path is relative
 * to the working folder.
 *
 * @throws PerfError `bad-data`, exit code 2.
 */
export function planRows(data: unknown): RowsFactory {
  if (data === undefined) return noRows;
  if (typeof data === 'function') return () => new IteratedRows(data as () => Iterable<unknown>);
  const list = typeof data === 'string' ? readFile(data) : data;
  if (!Array.isArray(list)) {
    fail(
      `${shown(data)} is no data`,
      "Give a list of rows, a file such as 'users.csv', or a function that returns rows.",
    );
  }
  if (list.length === 0) fail('there are no rows in the data', 'Give at least one, or leave it out.');
  return () => ({ at: (index) => list[index % list.length] as unknown });
}

function readFile(path: string): readonly unknown[] {
  if (extname(path) !== '.csv') fail(`${shown(path)} is no CSV file`, "Write data: 'users.csv', or a list of rows.");
  try {
    return readCsv(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined || !(error as NodeJS.ErrnoException).syscall) throw error;
    return fail(`the data cannot be read: ${messageOf(error)}`, 'Paths are relative to the folder that it runs in.');
  }
}

class IteratedRows implements Rows {
  readonly #begin: () => Iterable<unknown>;
  #rows: Iterator<unknown>;
  #next = 0;
  #row: unknown;

  constructor(begin: () => Iterable<unknown>) {
    this.#begin = begin;
    this.#rows = iteratorOf(begin);
  }

  at(index: number): unknown {
    for (; this.#next <= index; this.#next++) this.#row = this.#take();
    return this.#row;
  }

  #take(): unknown {
    const next = this.#rows.next();
    if (next.done !== true) return next.value;
    this.#rows = iteratorOf(this.#begin);
    const first = this.#rows.next();
    return first.done === true ? fail('the function for data gave no rows', 'Yield at least one.') : first.value;
  }
}

function iteratorOf(begin: () => Iterable<unknown>): Iterator<unknown> {
  const rows: unknown = begin();
  const iterable = rows as Partial<Iterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.iterator] === 'function') return (iterable as Iterable<unknown>)[Symbol.iterator]();
  return fail(
    `the function for data returned ${shown(rows)}`,
    'Return a list, or write a generator: data: function* () {…}.',
  );
}

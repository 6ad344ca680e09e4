import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { describeValue, messageOf, usageError } from '@perfkeel/core';
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

/** Data that has been understood. */
export interface DataPlan {
  readonly rows: RowsFactory;
  /** Names the data: the same name, the same rows. Nobody knows those of a function in advance. */
  readonly input?: string;
}

/**
 * Understands data. A file is read now, so that what is wrong with it is said where it is declared; its path is relative
 * to the working folder.
 *
 * @throws PerfError `bad-data`, exit code 2.
 */
export function planData(data: unknown): DataPlan {
  if (data === undefined) return { rows: noRows };
  if (typeof data === 'function') return { rows: () => new IteratedRows(data as () => Iterable<unknown>) };
  if (typeof data === 'string') return planList(readFile(data));
  if (Array.isArray(data)) return planList(data);
  return fail(
    `${describeValue(data)} is no data`,
    "Give a list of rows, a file such as 'users.csv', or a function that returns rows.",
  );
}

function planList(list: readonly unknown[]): DataPlan {
  if (list.length === 0) fail('there are no rows in the data', 'Give at least one, or leave it out.');
  const input = nameOf(list);
  return { rows: () => ({ at: (index) => list[index % list.length] }), ...(input === undefined ? {} : { input }) };
}

/** What JSON cannot say has no name. */
function nameOf(list: readonly unknown[]): string | undefined {
  try {
    return `sha256:${createHash('sha256').update(JSON.stringify(list)).digest('hex')}`;
  } catch {
    return undefined;
  }
}

function readFile(path: string): readonly unknown[] {
  if (extname(path) !== '.csv')
    fail(`${describeValue(path)} is no CSV file`, "Write data: 'users.csv', or a list of rows.");
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail(
      `the data cannot be read: ${messageOf(error)}`,
      `Paths are relative to the folder that it runs in: ${resolve(path)} was tried.`,
    );
  }
  return readCsv(text, path);
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
    `the function for data returned ${describeValue(rows)}`,
    'Return a list, or write a generator: data: function* () {…}.',
  );
}

import { badSnapshot } from './snapshot-error.ts';

/** Reads one JSON value out of chunks that may end anywhere in it. */
export interface SectionReader {
  /** Whether the value is complete. */
  readonly done: boolean;
  /** Reads from `at` on, until the value or the chunk ends; returns where it stopped. */
  read(chunk: Uint8Array, at: number): number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const [zero, nine] = [0x30, 0x39];

export const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

const shown = (byte: number): string => JSON.stringify(String.fromCharCode(byte));

/** Passes over one balanced object or array; keeps its bytes where `keep` says how many at most. */
export class ValueReader implements SectionReader {
  done = false;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #kept: Uint8Array[] = [];
  #length = 0;
  readonly #keep: number;

  constructor(keep = 0) {
    this.#keep = keep;
  }

  read(chunk: Uint8Array, at: number): number {
    let i = at;
    while (i < chunk.length && !this.done) this.#take(chunk[i++]!);
    if (this.#keep > 0) this.#store(chunk.subarray(at, i));
    return i;
  }

  #take(byte: number): void {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) this.#inText = false;
    } else if (byte === quote) this.#inText = true;
    else if (byte === openBracket || byte === openBrace) this.#depth++;
    else if (byte === closeBracket || byte === closeBrace) this.#depth--;
    this.done = this.#depth === 0 && !this.#inText && (byte === quote || byte === closeBracket || byte === closeBrace);
    if (this.#depth < 0 || (this.#depth === 0 && byte === comma)) {
      throw badSnapshot('is not a heap snapshot: a part of it is neither an object nor a list');
    }
  }

  #store(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#length > this.#keep) throw badSnapshot('is not a heap snapshot: its header has no end');
    this.#kept.push(bytes);
  }

  text(): string {
    return Buffer.concat(this.#kept).toString('utf8');
  }
}

/** Reads a flat list of whole numbers from 0 upwards, and hands over as many at a time as make a row. */
export class RowReader implements SectionReader {
  done = false;
  rows = 0;
  #value = 0;
  #digits = 0;
  #filled = 0;
  #open = false;
  readonly #row: Float64Array;
  readonly #onRow: (row: Float64Array, index: number) => void;
  readonly #name: string;

  constructor(name: string, width: number, onRow: (row: Float64Array, index: number) => void) {
    this.#name = name;
    this.#row = new Float64Array(width);
    this.#onRow = onRow;
  }

  read(chunk: Uint8Array, at: number): number {
    let i = at;
    let value = this.#value;
    let digits = this.#digits;
    for (; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        digits++;
      } else if (byte === comma) {
        if (digits === 0) this.#fail(byte);
        this.#put(value);
        value = digits = 0;
      } else if (!isSpace(byte)) {
        if (this.#bracket(byte, value, digits)) return i + 1;
        value = digits = 0;
      }
    }
    this.#value = value;
    this.#digits = digits;
    return i;
  }

  /** The list's own brackets; true at its end. */
  #bracket(byte: number, value: number, digits: number): boolean {
    if (byte === openBracket && !this.#open && digits === 0) {
      this.#open = true;
      return false;
    }
    if (byte !== closeBracket || !this.#open) this.#fail(byte);
    if (digits > 0) this.#put(value);
    if (this.#filled !== 0) throw badSnapshot(`is damaged: its ${this.#name} end in the middle of an entry`);
    return (this.done = true);
  }

  #put(value: number): void {
    this.#row[this.#filled++] = value;
    if (this.#filled < this.#row.length) return;
    this.#filled = 0;
    this.#onRow(this.#row, this.rows++);
  }

  #fail(byte: number): never {
    throw badSnapshot(`is damaged: ${shown(byte)} stands among its ${this.#name}, where a number should be`);
  }
}

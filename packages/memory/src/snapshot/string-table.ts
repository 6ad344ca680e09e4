import { badSnapshot } from './snapshot-error.ts';
import { isSpace, type SectionReader } from './section-reader.ts';

const [quote, backslash, comma, openBracket, closeBracket] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d];

/**
 * The strings of a snapshot, kept as the bytes of the file and decoded one by one when somebody asks: most are never
 * read, and together they may be larger than any string that the engine can hold.
 */
export class StringTable implements SectionReader {
  done = false;
  count = 0;
  /** Chunks as they came, and the place of their first bytes in the sequence of all. */
  readonly #chunks: Uint8Array[] = [];
  readonly #bases: number[] = [];
  #total = 0;
  /** Where each string begins in that sequence, after its quote. */
  #starts = new Float64Array(1024);
  #inText = false;
  #escaped = false;
  #open = false;
  #afterValue = false;
  readonly #decoded = new Map<number, string>();

  /** Keeps the chunk: it must not be written to afterwards. */
  read(chunk: Uint8Array, at: number): number {
    const end = this.#scan(chunk, at);
    this.#chunks.push(chunk.subarray(at, end));
    this.#bases.push(this.#total);
    this.#total += end - at;
    return end;
  }

  #scan(chunk: Uint8Array, at: number): number {
    const shift = this.#total - at;
    for (let i = at; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inText = false;
      } else if (byte === quote) {
        if (this.#afterValue || !this.#open) this.#fail();
        this.#afterValue = this.#inText = true;
        this.#start(i + 1 + shift);
      } else if (this.#ends(byte)) return i + 1;
    }
    return chunk.length;
  }

  /** What stands between strings; true at the end of the list. */
  #ends(byte: number): boolean {
    if (byte === comma && this.#afterValue) this.#afterValue = false;
    else if (byte === closeBracket && this.#open) this.done = true;
    else if (byte === openBracket && !this.#open) this.#open = true;
    else if (!isSpace(byte)) this.#fail();
    return this.done;
  }

  #start(position: number): void {
    if (this.count === this.#starts.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.count++] = position;
  }

  #fail(): never {
    throw badSnapshot('is damaged: something else than text stands among its strings');
  }

  /** The string with this index; empty when there is none. */
  get(index: number): string {
    const known = this.#decoded.get(index);
    if (known !== undefined) return known;
    const text = index < this.count ? this.#decode(index) : '';
    this.#decoded.set(index, text);
    return text;
  }

  /** Indices of the strings that contain this text of plain characters. */
  *containing(text: string): Generator<number> {
    const wanted = Buffer.from(text, 'latin1');
    let last = -1;
    for (const { bytes, base } of this.#windows(wanted.length - 1)) {
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
        const index = this.#indexAt(base + at);
        if (index > last) yield (last = index);
      }
    }
  }

  /** All bytes, each window with the beginning of what follows it. */
  *#windows(overlap: number): Generator<{ bytes: Buffer; base: number }> {
    let [tail, base] = [Buffer.alloc(0), 0];
    for (const chunk of this.#chunks) {
      const head = chunk.subarray(0, overlap);
      yield { bytes: Buffer.concat([tail, head]), base };
      yield { bytes: Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), base: base + tail.length };
      const joined = chunk.length >= overlap ? chunk : Buffer.concat([tail, chunk]);
      const kept = Buffer.from(joined.subarray(Math.max(0, joined.length - overlap)));
      base += tail.length + chunk.length - kept.length;
      tail = kept;
    }
  }

  #indexAt(position: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #decode(index: number): string {
    const [start, limit] = [this.#starts[index]!, index + 1 < this.count ? this.#starts[index + 1]! : this.#total];
    const bytes = this.#slice(start, limit);
    let end = 0;
    while (end < bytes.length && bytes[end] !== quote) end += bytes[end] === backslash ? 2 : 1;
    const raw = bytes.toString('utf8', 0, end);
    if (!raw.includes('\\')) return raw;
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      return raw;
    }
  }

  #slice(start: number, end: number): Buffer {
    let chunk = this.#chunkAt(start);
    const parts: Uint8Array[] = [];
    for (let at = start; at < end; chunk++) {
      const [bytes, base] = [this.#chunks[chunk]!, this.#bases[chunk]!];
      parts.push(bytes.subarray(at - base, end - base));
      at = base + bytes.length;
    }
    return Buffer.concat(parts);
  }

  #chunkAt(position: number): number {
    let [low, high] = [0, this.#bases.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#bases[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

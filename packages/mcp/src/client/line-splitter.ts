const newline = 0x0a;

/** What becomes of lines that are too long. */
export interface LineLimit {
  readonly bytes: number;
  /** Told when a line is longer, and again for every so many bytes, by their number. Nothing of it is kept. */
  readonly onTooLong: (passed: number) => void;
}

/**
 * Cuts a stream of bytes into lines, wherever its chunks end. Characters are decoded only when their line is whole, so
 * that none is torn; a line of many chunks is put together once.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #limit: LineLimit;
  #begun: Buffer[] = [];
  /** Bytes of the line that has begun, kept or not. */
  #length = 0;
  /** How often the limit was passed by it. */
  #passed = 0;

  constructor(onLine: (line: string) => void, limit: LineLimit) {
    this.#onLine = onLine;
    this.#limit = limit;
  }

  /** Whether a line has begun that has not ended. */
  get isWithin(): boolean {
    return this.#length > 0;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#take(chunk.subarray(from, end));
      this.#emit();
      from = end + 1;
    }
    if (from < chunk.length) this.#take(chunk.subarray(from));
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    const passed = Math.floor(this.#length / (this.#limit.bytes + 1));
    if (passed === 0) this.#begun.push(part);
    else this.#begun = [];
    if (passed === this.#passed) return;
    this.#passed = passed;
    this.#limit.onTooLong(passed);
  }

  #emit(): void {
    const begun = this.#begun;
    const whole = this.#passed === 0;
    this.#begun = [];
    this.#length = 0;
    this.#passed = 0;
    if (!whole) return;
    const line = begun.length === 1 ? begun[0]! : Buffer.concat(begun);
    this.#onLine(line.toString('utf8').replace(/\r$/, ''));
  }
}

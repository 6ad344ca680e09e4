const newline = 0x0a;

/**
 * Cuts a stream of bytes into lines, wherever its chunks end. Characters are decoded only when their line is whole, so
 * that none is torn; a line of many chunks is put together once.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #begun: Buffer[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.#emit(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#begun.push(chunk.subarray(from));
  }

  /** What stands behind the last line end counts as a line too. */
  end(): void {
    if (this.#begun.length > 0) this.#emit(Buffer.alloc(0));
  }

  #emit(last: Buffer): void {
    const line = this.#begun.length === 0 ? last : Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    this.#onLine(line.toString('utf8').replace(/\r$/, ''));
  }
}

import type { Readable } from 'node:stream';

/** Keeps the last few kilobytes of a stream: enough to show why something failed, never more memory than that. */
export class OutputTail {
  readonly #limit: number;
  #text = '';

  constructor(stream: Readable | null, limit = 16_384) {
    this.#limit = limit;
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => (this.#text = (this.#text + chunk).slice(-this.#limit)));
    // The other end may be killed at any time; that is reported where it is noticed.
    stream?.on('error', () => undefined);
  }

  /** All that is kept. */
  get text(): string {
    return this.#text;
  }

  /** The last lines, without trailing white space. */
  lines(count = 12): string {
    return this.#text.trimEnd().split('\n').slice(-count).join('\n');
  }
}

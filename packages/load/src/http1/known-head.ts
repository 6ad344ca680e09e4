import type { FramerState } from './framer-state.ts';

/** Longer heads are not remembered. */
const mostBytes = 512;

/** A buffer that is read into, also as numbers of four bytes. */
export interface ReadBuffer {
  readonly bytes: Buffer;
  readonly words: Int32Array;
}

export function createReadBuffer(length: number): ReadBuffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  return { bytes, words: new Int32Array(bytes.buffer) };
}

/**
 * The head of an earlier answer to the same request. Most answers to one request have the same head until the second in
 * their date changes, and comparing takes a fraction of reading. What has been read once means the same again.
 */
export class KnownHead {
  readonly #bytes = new Uint8Array(mostBytes);
  readonly #words = new Int32Array(this.#bytes.buffer);
  /** How many heads in a row have to be unknown before one of them is remembered: copying takes time, too. */
  readonly #patience: number;
  #length = 0;
  #unknown = 0;
  #major = 0;
  #minor = 0;
  #status = 0;
  #flags = 0;
  #left = 0;

  constructor(patience = 8) {
    this.#patience = patience;
  }

  /** @returns the length of the head at the start of the buffer if it is this one, or 0 */
  match({ bytes, words }: ReadBuffer, count: number): number {
    const length = this.#length;
    if (length === 0 || count < length) return 0;
    const mine = this.#words;
    const whole = length >> 2;
    for (let i = 0; i < whole; i++) if (words[i] !== mine[i]) return 0;
    for (let i = whole << 2; i < length; i++) if (bytes[i] !== this.#bytes[i]) return 0;
    return length;
  }

  /** Puts a framer where it is behind this head. */
  restore(framer: FramerState): void {
    framer.major = this.#major;
    framer.minor = this.#minor;
    framer.status = this.#status;
    framer.flags = this.#flags;
    framer.left = this.#left;
    framer.headBytes = this.#length;
  }

  /** Remembers the head that a framer has just read, from the start of a buffer, if it is time for that. */
  learn(framer: FramerState, bytes: Uint8Array): void {
    const { headEnd } = framer;
    this.#unknown += 1;
    if (headEnd === 0 || headEnd > mostBytes || this.#unknown < this.#patience) return;
    this.#unknown = 0;
    this.#bytes.set(bytes.subarray(0, headEnd));
    this.#length = headEnd;
    this.#major = framer.major;
    this.#minor = framer.minor;
    this.#status = framer.status;
    this.#flags = framer.headFlags;
    this.#left = framer.headLeft;
  }
}

import type { BodySink } from './framer-state.ts';

/** Collects a body: the bytes that come are valid for a moment only. */
export class KeptBody implements BodySink {
  readonly #pieces: Buffer[] = [];

  add(bytes: Uint8Array, from: number, to: number): void {
    this.#pieces.push(Buffer.from(bytes.subarray(from, to)));
  }

  /** Everything so far, as it came over the wire: still compressed if it was sent so. */
  toBuffer(): Buffer {
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
  }
}

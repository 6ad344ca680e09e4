import { LineSplitter, type LineLimit } from './line-splitter.ts';

/** What a line costs beside its characters. */
const bytesOfLine = 32;

/** Reads the data of server-sent events: lines `data:` of one event are joined, everything else is passed over. */
export class EventSplitter {
  readonly #lines: LineSplitter;
  #data: string[] = [];
  #length = 0;

  /** @param limit of a line, and of the lines of one event together */
  constructor(onData: (data: string) => void, limit: LineLimit) {
    const dispatch = (): void => {
      const data = this.#data.join('\n');
      this.#clear();
      if (data !== '') onData(data);
    };
    this.#lines = new LineSplitter((line) => {
      if (line === '') dispatch();
      else if (line.startsWith('data:')) this.#hold(line.slice(line.startsWith('data: ') ? 6 : 5), limit);
    }, limit);
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  #hold(data: string, { bytes, onTooLong }: LineLimit): void {
    this.#length += data.length + bytesOfLine;
    this.#data.push(data);
    if (this.#length <= bytes) return;
    this.#clear();
    onTooLong(1);
  }

  #clear(): void {
    this.#data = [];
    this.#length = 0;
  }
}

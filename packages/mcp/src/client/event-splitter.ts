import { LineSplitter } from './line-splitter.ts';

/** Reads the data of server-sent events: lines `data:` of one event are joined, everything else is passed over. */
export class EventSplitter {
  readonly #lines: LineSplitter;
  #data: string[] = [];

  constructor(onData: (data: string) => void) {
    const dispatch = (): void => {
      const data = this.#data.join('\n');
      this.#data = [];
      if (data !== '') onData(data);
    };
    this.#lines = new LineSplitter((line) => {
      if (line === '') dispatch();
      else if (line.startsWith('data:')) this.#data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    });
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }
}

/** What becomes of an event that is too long. */
export interface EventLimit {
  /** Of a line that has not ended, and of the data of one event, in characters. */
  readonly length: number;
  /** Told once for each such event. Nothing of it is kept, and those behind it are read. */
  readonly onTooLong: () => void;
}

/** What a line costs beside its characters: events of nothing but empty lines are bounded, too. */
const costOfLine = 32;

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from pieces of text that end anywhere: inside an event, a line or a
 * line end. Only the data count: lines `data:` of one event are joined, everything else is passed over.
 */
export class EventReader {
  readonly #onData: (data: string) => void;
  readonly #limit: EventLimit | undefined;
  /** Of a line whose end has not arrived. */
  #begun = '';
  /** The last piece ended in a carriage return: a line feed that follows belongs to it. */
  #returned = false;
  #fresh = true;
  #data: string[] = [];
  #length = 0;
  /** The event that has begun was too long; its line too, as long as that has not ended. */
  #skipped = false;
  #skipping = false;

  /**
   * @param onData is given the data of each event with the piece that completes it, in order
   * @param limit @default none
   */
  constructor(onData: (data: string) => void, limit?: EventLimit) {
    this.#onData = onData;
    this.#limit = limit;
  }

  push(text: string): void {
    let from = this.#returned && text.startsWith('\n') ? 1 : 0;
    if (text !== '') this.#returned = text.endsWith('\r');
    // Looking for each by itself is as fast as memory is read; a pattern for both looks at every character.
    let [feed, back] = [text.indexOf('\n', from), text.indexOf('\r', from)];
    while (feed >= 0 || back >= 0) {
      const end = feed < 0 || (back >= 0 && back < feed) ? back : feed;
      this.#take(text.slice(from, end));
      this.#endLine();
      from = end === back && feed === back + 1 ? end + 2 : end + 1;
      if (feed >= 0 && feed < from) feed = text.indexOf('\n', from);
      if (back >= 0 && back < from) back = text.indexOf('\r', from);
    }
    if (from < text.length) this.#take(text.slice(from));
  }

  /** Gives an event that the stream ended without completing, too: whoever does not ask for it drops it, as specified. */
  end(): void {
    this.push('\n\n');
  }

  #take(part: string): void {
    if (this.#skipping) return;
    this.#begun = this.#begun === '' ? part : this.#begun + part;
    if (this.#limit === undefined || this.#begun.length <= this.#limit.length) return;
    this.#skipping = true;
    this.#skip();
  }

  #endLine(): void {
    const line = this.#fresh && this.#begun.startsWith('\uFEFF') ? this.#begun.slice(1) : this.#begun;
    this.#begun = '';
    this.#fresh = false;
    if (this.#skipping) this.#skipping = false;
    else if (line === '') this.#endEvent();
    else if (!this.#skipped && line.startsWith('data:')) this.#hold(line.slice(line.startsWith('data: ') ? 6 : 5));
  }

  #hold(data: string): void {
    this.#data.push(data);
    this.#length += data.length + costOfLine;
    if (this.#limit !== undefined && this.#length > this.#limit.length) this.#skip();
  }

  #skip(): void {
    this.#begun = '';
    this.#data = [];
    if (!this.#skipped) this.#limit?.onTooLong();
    this.#skipped = true;
  }

  #endEvent(): void {
    const data = this.#data.length === 1 ? this.#data[0]! : this.#data.join('\n');
    this.#data = [];
    this.#length = 0;
    this.#skipped = false;
    if (data !== '') this.#onData(data);
  }
}

import { StringDecoder } from 'node:string_decoder';

/**
 * Reads server-sent events (WHATWG HTML, section 9.2.6) from pieces that end anywhere: inside an event, a line, a line end
 * or a character. Only the data count: lines `data:` of one event are joined, everything else is passed over.
 */
export class EventReader {
  readonly #decoder = new StringDecoder('utf8');
  /** Of a line whose end has not arrived. */
  #begun = '';
  /** Whether that ends in a carriage return. */
  #returned = false;
  #data: string[] = [];
  #fresh = true;

  /** The data of the events that this piece completes, in order. */
  push(piece: Uint8Array): readonly string[] {
    return this.#read(this.#decoder.write(piece));
  }

  /** The data of an event that the stream ended without completing. */
  end(): readonly string[] {
    return this.#read(`${this.#decoder.end()}\n\n`);
  }

  #read(text: string): readonly string[] {
    // A line of megabytes is not looked at anew with every piece of it.
    if (!this.#returned && !/[\r\n]/.test(text)) {
      this.#begun += text;
      return [];
    }
    if (text !== '') this.#returned = text.endsWith('\r');
    // A carriage return at the very end may be the first half of a line end.
    const lines = (this.#begun + text).split(/\r\n|\n|\r(?!$)/);
    this.#begun = lines.pop()!;
    const events: string[] = [];
    for (const line of lines) {
      const said = this.#fresh ? line.replace(/^\uFEFF/, '') : line;
      this.#fresh = false;
      if (said.startsWith('data:')) this.#data.push(said.slice(said.startsWith('data: ') ? 6 : 5));
      if (said !== '') continue;
      const data = this.#data.join('\n');
      if (data !== '') events.push(data);
      this.#data = [];
    }
    return events;
  }
}

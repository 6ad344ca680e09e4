import { ColumnWriter } from './column-writer.ts';
import type { HeapColumns } from './heap-columns.ts';
import { isSpace, RowReader, ValueReader, type SectionReader } from './section-reader.ts';
import { badSnapshot } from './snapshot-error.ts';
import { readHeader } from './snapshot-header.ts';
import { StringTable } from './string-table.ts';

const [quote, colon, comma, openBrace, closeBrace] = [0x22, 0x3a, 0x2c, 0x7b, 0x7d];
const headerLimit = 1 << 20;
const longestKey = 100;
const byteOrderMark = [0xef, 0xbb, 0xbf];

type State = 'start' | 'key' | 'in key' | 'colon' | 'value' | 'after value' | 'end';

/**
 * Reads the text of a heap snapshot chunk by chunk, cut anywhere, straight into columns: there is never a text of the
 * whole, nor an object for a node.
 */
export class SnapshotParser {
  #state: State = 'start';
  #position = 0;
  #key = '';
  #section: SectionReader | undefined;
  #header: ValueReader | undefined;
  #writer: ColumnWriter | undefined;
  #nodes: RowReader | undefined;
  #edges: RowReader | undefined;
  #strings: StringTable | undefined;

  /** Keeps chunks of strings: do not write to them afterwards. */
  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#section === undefined) this.#punctuation(chunk[at++]!);
      else {
        at = this.#section.read(chunk, at);
        if (this.#section.done) this.#close();
      }
    }
    this.#position += chunk.length;
  }

  /** @throws PerfError `bad-snapshot` when the text is not complete. */
  end(): HeapColumns {
    if (this.#position === 0) throw badSnapshot('is empty');
    if (this.#state !== 'end') {
      const place = this.#key === '' ? '' : ` in its ${this.#key}`;
      throw badSnapshot(`is cut off after ${this.#position} bytes${place}: a heap snapshot goes on there`);
    }
    const [writer, nodes, edges, strings] = [this.#writer, this.#nodes, this.#edges, this.#strings];
    if (!writer || !nodes || !edges || !strings) throw notASnapshot('it has no nodes, edges or strings');
    return writer.finish({ nodes: nodes.rows, edges: edges.rows, strings });
  }

  #punctuation(byte: number): void {
    if (this.#state === 'in key') return this.#readKey(byte);
    if (isSpace(byte) || (this.#state === 'start' && byteOrderMark.includes(byte))) return;
    const next = this.#next(byte);
    if (next === undefined) throw this.#unexpected(byte);
    this.#state = next;
  }

  #next(byte: number): State | undefined {
    switch (this.#state) {
      case 'start':
        return byte === openBrace ? 'key' : undefined;
      case 'key':
        this.#key = '';
        return byte === quote ? 'in key' : undefined;
      case 'colon':
        this.#section = byte === colon ? this.#open() : undefined;
        return byte === colon ? 'value' : undefined;
      case 'after value':
        return byte === comma ? 'key' : byte === closeBrace ? 'end' : undefined;
      default:
        return undefined;
    }
  }

  #readKey(byte: number): void {
    if (byte === quote) this.#state = 'colon';
    else this.#key += String.fromCharCode(byte);
    if (this.#key.length > longestKey) throw notASnapshot('it is JSON of something else');
  }

  #open(): SectionReader {
    if (this.#key === 'snapshot') return (this.#header = new ValueReader(headerLimit));
    const writer = this.#writer;
    if (writer === undefined) throw notASnapshot(`it begins with ${JSON.stringify(this.#key)}, not "snapshot"`);
    const { nodeFields, edgeFields, locationFields } = this.#layout!;
    if (this.#key === 'nodes') return (this.#nodes = new RowReader('nodes', nodeFields.length, writer.node));
    if (this.#key === 'edges') return (this.#edges = new RowReader('edges', edgeFields.length, writer.edge));
    if (this.#key === 'strings') return (this.#strings = new StringTable());
    if (this.#key === 'locations' && locationFields.length > 0) {
      return new RowReader('locations', locationFields.length, writer.location);
    }
    return new ValueReader();
  }

  #layout: ReturnType<typeof readHeader> | undefined;

  #close(): void {
    if (this.#section === this.#header && this.#header !== undefined) {
      this.#layout = readHeader(this.#header.text());
      this.#writer = new ColumnWriter(this.#layout);
      this.#header = undefined;
    }
    this.#section = undefined;
    this.#state = 'after value';
  }

  #unexpected(byte: number) {
    const found = JSON.stringify(String.fromCharCode(byte));
    if (this.#state === 'start') return notASnapshot(`it begins with ${found}, not with an object of JSON`);
    if (this.#state === 'end') return badSnapshot(`is damaged: ${found} follows after its end`);
    return badSnapshot(
      `is damaged: ${found} stands ${this.#key === '' ? 'at its beginning' : `near its ${this.#key}`}`,
    );
  }
}

const notASnapshot = (why: string) =>
  badSnapshot(`is not a heap snapshot: ${why}`, 'Give a .heapsnapshot file that Node or Chrome wrote.');

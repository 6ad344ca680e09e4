import { visibleWidth } from '@perfkeel/report';
import type { Output } from './io.ts';
import { wrapText } from './wrap-text.ts';

/** One row of a block. */
export interface BlockRow {
  readonly text: string;
  /** Drawn dim, where there are colours. */
  readonly quiet?: boolean;
  /** Blanks in front of a text, also where it goes on in another row. */
  readonly indent?: number;
}

/** More than these would push away what the user was reading. */
const mostRows = 6;

/** Some terminals do not say how large they are. */
const columnsOf = ({ columns }: Output): number => Math.max(columns || 80, 20);

const roomOf = ({ rows }: Output): number => Math.max(Math.min(mostRows, (rows || 24) - 1), 1);

const [hideCursor, showCursor, eraseToEnd, eraseBelow] = ['\x1b[?25l', '\x1b[?25h', '\x1b[K', '\x1b[0J'] as const;

/**
 * The last rows of a terminal, drawn over again and again: in one write and never cleared before, so that nothing
 * flickers. The cursor is hidden, and stays at the end of the last row.
 */
export class LiveBlock {
  readonly #output: Output;
  readonly #colour: boolean;
  /** The columns of each row that is on the terminal. */
  #drawn: readonly number[] = [];
  #isOpen = false;

  constructor(output: Output, colour: boolean) {
    this.#output = output;
    this.#colour = colour;
  }

  /** @param above text that stays, above the rows; whole lines */
  draw(rows: readonly BlockRow[], above = ''): void {
    const stays = above === '' ? '' : `${eraseBelow}${above}`;
    const drawn = rows.map((row) => `${this.#paint(row)}${eraseToEnd}`).join('\n');
    this.#output.write(`${this.#open()}${this.#toBegin()}${stays}${drawn}${eraseBelow}`);
    this.#drawn = rows.map(({ text }) => visibleWidth(text));
  }

  /** Removes it. */
  end(): void {
    if (!this.#isOpen) return;
    this.#output.write(`${this.#toBegin()}${eraseBelow}${showCursor}`);
    this.#drawn = [];
    this.#isOpen = false;
    process.off('exit', this.#restore);
  }

  #paint({ text, quiet = false }: BlockRow): string {
    return this.#colour && quiet && text !== '' ? `\x1b[2m${text}\x1b[22m` : text;
  }

  #open(): string {
    if (this.#isOpen) return '';
    this.#isOpen = true;
    // Whatever ends the process, its user shall see the cursor again.
    process.on('exit', this.#restore);
    return hideCursor;
  }

  readonly #restore = (): void => void this.#output.write(showCursor);

  /** A terminal that has become narrower since has broken rows in two. */
  #toBegin(): string {
    const columns = columnsOf(this.#output);
    const rows = this.#drawn.reduce((sum, own) => sum + Math.max(Math.ceil(own / columns), 1), 0);
    return `${rows > 1 ? `\x1b[${rows - 1}A` : ''}\r`;
  }
}

/**
 * Texts as rows that fit: each begins a row and is broken where it is too long. Quiet texts are left out when there is no
 * room for all, and then what is beyond the last row.
 */
export function rowsThatFit(texts: readonly BlockRow[], output: Output, ellipsis: string): readonly BlockRow[] {
  // A character in the last column makes some terminals begin another row.
  const [width, room] = [columnsOf(output) - 1, roomOf(output)];
  const broken = (some: readonly BlockRow[]): readonly BlockRow[] =>
    some.flatMap(({ text, indent = 0, quiet = false }) =>
      wrapText(text, width - indent).map((row) => ({ text: ' '.repeat(indent) + row, quiet })),
    );
  const all = broken(texts);
  const rows = all.length <= room ? all : broken(texts.filter(({ quiet = false }) => !quiet));
  if (rows.length <= room) return rows;
  const last = wrapText(rows[room - 1]!.text, width - ellipsis.length)[0]!;
  return [...rows.slice(0, room - 1), { text: `${last}${ellipsis}` }];
}

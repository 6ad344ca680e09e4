import { join, resolve } from 'node:path';
import { appendDurably, replaceDurably } from './durable-files.ts';
import type { HalfRound, JournalEntry, JournalHead } from './journal-entry.ts';
import { headLine, lineOf } from './journal-text.ts';
import { takeOver } from './owner.ts';

export const journalFile = (folder: string): string => join(folder, 'journal.ndjson');
export const halfRoundFile = (folder: string): string => join(folder, 'half-round.json');

/**
 * What a run has measured so far, on the disk. Writing never throws: measuring goes on when the disk is full, and what
 * could not be written is tried again with the next entry.
 */
export class RunJournal {
  readonly #folder: string;
  /** Bytes of whole lines on the disk. */
  #length: number;
  #unwritten = '';
  #work: Promise<void> = Promise.resolve();
  #problem: unknown;

  private constructor(folder: string, length: number) {
    this.#folder = folder;
    this.#length = length;
  }

  /** Begins the journal of a new run in a folder of its own. */
  static async begin(folder: string, head: JournalHead): Promise<RunJournal> {
    const journal = new RunJournal(folder, 0);
    await journal.#write(headLine(head));
    return journal;
  }

  /** Goes on behind the first `length` bytes. */
  static async goOn(folder: string, length: number): Promise<RunJournal> {
    const journal = new RunJournal(folder, length);
    await journal.#write('');
    return journal;
  }

  /** Where its rounds may keep files of their own, absolute; `undefined` while nothing can be written there. */
  get folder(): string | undefined {
    return this.#problem === undefined ? resolve(this.#folder) : undefined;
  }

  /** Why not everything is on the disk; `undefined` when it is. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Settles when the entry is on the disk, or cannot be. */
  add(entry: JournalEntry): Promise<void> {
    return this.#write(lineOf(entry));
  }

  /** Keeps what a round under way has measured instead of what it had before. */
  keepHalf(half: HalfRound): Promise<void> {
    return this.#next(() => replaceDurably(halfRoundFile(this.#folder), lineOf(half)));
  }

  #write(text: string): Promise<void> {
    this.#unwritten += text;
    return this.#next(async () => {
      const first = this.#length === 0 || text === '';
      const taken = this.#unwritten;
      this.#length = await appendDurably(journalFile(this.#folder), this.#length, taken);
      this.#unwritten = this.#unwritten.slice(taken.length);
      if (first) await takeOver(this.#folder);
      this.#problem = undefined;
    });
  }

  /** One after the other: rounds and half rounds come from different sides. */
  #next(write: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(write).catch((error: unknown) => void (this.#problem = error));
    return this.#work;
  }
}

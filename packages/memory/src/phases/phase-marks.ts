import { callSite, locating, nearest, usageError, type PerfError } from '@perfkeel/core';
import type { HeapReader, HeapReading } from '../heap-reader.ts';
import type { PhaseStep } from './phase-growth.ts';

/**
 * Begins a phase of the work, which ends at the next mark or with the cycle. Await it: while phases are told apart, all
 * garbage is collected at each.
 *
 * @param phase one of the declared `phases`
 * @param occurrences how often what it is about happens in it; growth is told for each. @default 1
 * @throws PerfError `bad-option`, exit code 2, for a phase that was not declared, or no number of occurrences.
 */
export type Mark = (phase: string, occurrences?: number) => Promise<void>;

/** Steps that are kept: what is beyond them is not looked at. */
const mostSteps = 10_000;

/** Numbers of a step: its name, its occurrences, and two readings of three. */
const width = 8;

/**
 * The marks of one round: they do nothing until somebody reads. Numbers go into an array of its final size: a step that
 * were kept as an object would be growth, of some 200 bytes a phase, when it is this process that is looked at; and so
 * would an object that is only there while a phase is open, always for the same one.
 */
export class PhaseMarks {
  readonly #names: readonly string[];
  #read: HeapReader | undefined;
  #columns = new Float64Array(0);
  #count = 0;
  /** Whether the step behind those that are counted has begun. */
  #isOpen = false;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  readonly mark: Mark = async (name, occurrences = 1) => {
    // Before anything is awaited: the caller is still on the stack.
    const refuse = (error: PerfError): void =>
      locating(callSite(this.mark), () => {
        throw error;
      });
    if (!this.#names.includes(name)) refuse(notDeclared(name, this.#names));
    if (!(Number.isFinite(occurrences) && occurrences > 0)) refuse(noOccurrences(name, occurrences));
    if (this.#read === undefined) return;
    const before = await this.#end();
    if (this.isFull) return;
    this.#write(0, this.#names.indexOf(name), occurrences, before.heap, before.external, before.rss);
    this.#isOpen = true;
  };

  /** From now on marks collect and read; `undefined` ends that. */
  readBy(read: HeapReader | undefined): void {
    this.#read = read;
    this.#isOpen = false;
    if (this.#columns.length === 0) this.#columns = new Float64Array(mostSteps * width);
  }

  /** Ends the open phase. To be called where the cycle is: what runs it is live memory too, at marks and here. */
  async endCycle(): Promise<void> {
    if (this.#read !== undefined) await this.#end();
  }

  async #end(): Promise<HeapReading> {
    const after = await this.#read!();
    if (this.#isOpen) {
      this.#write(5, after.heap, after.external, after.rss);
      this.#count += 1;
    }
    this.#isOpen = false;
    return after;
  }

  /** Whether no more steps are kept. */
  get isFull(): boolean {
    return this.#count === mostSteps;
  }

  /** Those that were marked while somebody read. */
  get steps(): readonly PhaseStep[] {
    return Array.from({ length: this.#count }, (_, i) => {
      const [name, occurrences, ...readings] = this.#columns.subarray(i * width, (i + 1) * width);
      const [heap, external, rss, ...after] = readings as [number, number, number, number, number, number];
      return {
        name: this.#names[name!]!,
        occurrences: occurrences!,
        before: { heap, external, rss },
        after: { heap: after[0], external: after[1], rss: after[2] },
      };
    });
  }

  #write(at: number, ...numbers: readonly number[]): void {
    this.#columns.set(numbers, this.#count * width + at);
  }
}

function notDeclared(name: string, names: readonly string[]): PerfError {
  const meant = nearest(String(name), names);
  const declare = `Declare it: phases: [${[...names, String(name)].map((each) => `'${each}'`).join(', ')}].`;
  return usageError(`mark(${JSON.stringify(name)}) names no declared phase`, {
    code: 'bad-option',
    hint: meant === undefined ? declare : `Did you mean "${meant}"?`,
    excerpt: 'mark(',
  });
}

const noOccurrences = (name: string, occurrences: unknown): PerfError =>
  usageError(`mark(${JSON.stringify(name)}) has ${String(occurrences)} occurrences`, {
    code: 'bad-option',
    hint: `Write mark('${name}'), or mark('${name}', 100) where it happens a hundred times.`,
    excerpt: 'mark(',
  });

import { nearest, usageError, type PerfError } from '@perfkeel/core';
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

interface OpenPhase {
  readonly name: string;
  readonly occurrences: number;
  readonly before: HeapReading;
}

/** The marks of one round: they do nothing until somebody reads. */
export class PhaseMarks {
  readonly #names: readonly string[];
  #read: HeapReader | undefined;
  #steps: PhaseStep[] = [];
  #open: OpenPhase | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  readonly mark: Mark = async (name, occurrences = 1) => {
    if (!this.#names.includes(name)) throw notDeclared(name, this.#names);
    if (!(Number.isFinite(occurrences) && occurrences > 0)) throw noOccurrences(name, occurrences);
    if (this.#read === undefined) return;
    const reading = await this.end();
    this.#open = { name, occurrences, before: reading };
  };

  /** From now on marks collect and read. */
  readBy(read: HeapReader): void {
    this.#read = read;
  }

  /** Ends the open phase, as the cycle does. */
  async end(): Promise<HeapReading> {
    const after = await this.#read!();
    if (this.#open !== undefined) this.#steps.push({ ...this.#open, after });
    this.#open = undefined;
    return after;
  }

  get steps(): readonly PhaseStep[] {
    return this.#steps;
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

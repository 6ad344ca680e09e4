import { importError } from './import-error.ts';

/** A line of a text file, without its end; `number` starts at 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

export const linesOf = (text: string): Line[] => text.split(/\r?\n/).map((line, i) => ({ text: line, number: i + 1 }));

/** A number in a text, with the line for the message. */
export function numberIn(line: Line, word: string, file: string): number {
  const value = Number(word);
  if (word.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw importError(file, `line ${line.number}: expected a number from 0, got ${JSON.stringify(word.slice(0, 60))}`);
}

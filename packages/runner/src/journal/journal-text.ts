import { runSchema, toJsonable } from '@perfkeel/core/schema';
import { journalVersion, type HalfRound, type JournalEntry, type JournalHead } from './journal-entry.ts';

/** One line of a journal. Infinite bounds of intervals are kept. */
export const lineOf = (value: JournalEntry | HalfRound): string => `${JSON.stringify(toJsonable(value))}\n`;

export const headLine = (head: JournalHead): string => `${JSON.stringify(toJsonable({ journalVersion, ...head }))}\n`;

const headSchema = runSchema.pick({ id: true, startedAt: true, plan: true, environment: true, provenance: true });
const resultSchema = runSchema.pick({ measurements: true, failures: true });

type Fields = Readonly<Record<string, unknown>>;

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    // A process that was killed, or a machine that lost power, leaves half a line.
    return undefined;
  }
}

/** Objects of our own making: only a damaged file has something else there. */
const objectIn = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

export function readHead(line: string): JournalHead | undefined {
  const fields = parsed(line);
  if (fields?.['journalVersion'] !== journalVersion) return undefined;
  const head = headSchema.safeParse(fields);
  if (!head.success) return undefined;
  return {
    ...head.data,
    selected: objectIn(fields['selected']),
    remembered: objectIn(fields['remembered']) as JournalHead['remembered'],
  };
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function readResults(line: string): (JournalEntry & Fields) | undefined {
  const fields = parsed(line);
  if (fields === undefined) return undefined;
  const { benchmark, round, elapsedMs } = fields;
  if (typeof benchmark !== 'string' || !isCount(round) || typeof elapsedMs !== 'number') return undefined;
  const results = resultSchema.safeParse({ failures: [], ...fields });
  return results.success ? { ...fields, benchmark, round, elapsedMs, ...results.data } : undefined;
}

export function readEntry(line: string): JournalEntry | undefined {
  const fields = readResults(line);
  if (fields === undefined) return undefined;
  const { elapsedMs, benchmark, round, measurements, failures } = fields;
  return { elapsedMs, benchmark, round, measurements, failures };
}

export function readHalfRound(line: string): HalfRound | undefined {
  const fields = readResults(line);
  if (fields === undefined || typeof fields['afterMs'] !== 'number') return undefined;
  const { elapsedMs, benchmark, round, measurements, afterMs, ofMs } = fields as typeof fields & HalfRound;
  return { elapsedMs, benchmark, round, afterMs, measurements, ...(typeof ofMs === 'number' ? { ofMs } : {}) };
}

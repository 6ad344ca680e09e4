import type { RunSummary } from '../run-summary.ts';
import type { RunPoint } from './run-points.ts';

/** One run as the index holds it. */
export interface IndexedRun {
  readonly summary: RunSummary;
  readonly points: readonly RunPoint[];
}

/** The points of one series in one segment, in columns; `runs` are places in the list of its runs. */
export interface SegmentSeries {
  readonly key: string;
  readonly unit: RunPoint['unit'];
  readonly better: RunPoint['better'];
  readonly runs: readonly number[];
  readonly values: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
  readonly rounds: readonly number[];
  /** Points that the machine disturbed, by their places in the columns, and why. */
  readonly disturbed: readonly (readonly [at: number, why: string])[];
}

type Columns = {
  -readonly [Field in keyof SegmentSeries]: SegmentSeries[Field] extends readonly number[]
    ? number[]
    : Field extends 'disturbed'
      ? [number, string][]
      : SegmentSeries[Field];
};

/** Turns runs into columns. */
export function segmentOf(runs: readonly IndexedRun[]): readonly SegmentSeries[] {
  const all = new Map<string, Columns>();
  runs.forEach(({ points }, place) => {
    for (const { key, unit, better, value, lo, hi, rounds, disturbed } of points) {
      let columns = all.get(key);
      if (!columns) all.set(key, (columns = emptyColumns(key, unit, better)));
      if (disturbed !== undefined) columns.disturbed.push([columns.runs.length, disturbed]);
      columns.runs.push(place);
      columns.values.push(value);
      columns.lo.push(lo);
      columns.hi.push(hi);
      columns.rounds.push(rounds);
    }
  });
  return [...all.values()];
}

const emptyColumns = (key: string, unit: RunPoint['unit'], better: RunPoint['better']): Columns => ({
  ...{ key, unit, better, runs: [], values: [], lo: [], hi: [], rounds: [], disturbed: [] },
});

/** One line for each series, that begins with the text of its key: one series is found without reading the others. */
export const writeSegment = (series: readonly SegmentSeries[]): string =>
  `\n${series
    .map(
      ({ key, unit, better, runs, values, lo, hi, rounds, disturbed }) =>
        `${key} ${JSON.stringify([unit, better, runs, values, lo, hi, rounds, disturbed])}\n`,
    )
    .join('')}end\n`;

/** Whether a segment was written to its end. */
export const isWhole = (bytes: Buffer): boolean =>
  bytes[0] === 10 && bytes.subarray(Math.max(0, bytes.length - 5)).toString('latin1') === '\nend\n';

/** The series of a segment whose keys are wanted. @throws SyntaxError for what `writeSegment` did not make */
export function readSegment(bytes: Buffer, wanted: (key: string) => boolean): readonly SegmentSeries[] {
  const series: SegmentSeries[] = [];
  for (let at = 1; at < bytes.length - 'end\n'.length;) {
    const end = bytes.indexOf(10, at);
    const keyEnd = endOfKey(bytes, at, end);
    const key = bytes.toString('utf8', at, keyEnd);
    // Columns are long: only those that are wanted are parsed.
    if (wanted(key)) series.push({ key, ...readColumns(bytes.toString('utf8', keyEnd + 1, end)) });
    at = end + 1;
  }
  return series;
}

/** A key is an array of strings, and a string may hold a bracket. */
function endOfKey(bytes: Buffer, at: number, end: number): number {
  let inString = false;
  for (let i = at; i < end; i++) {
    if (bytes[i] === 0x5c) i++;
    else if (bytes[i] === 0x22) inString = !inString;
    else if (bytes[i] === 0x5d && !inString) return i + 1;
  }
  throw new SyntaxError('a line without a key');
}

type Line = [
  RunPoint['unit'],
  RunPoint['better'],
  number[],
  number[],
  number[],
  number[],
  number[],
  [number, string][],
];

function readColumns(text: string): Omit<SegmentSeries, 'key'> {
  const [unit, better, runs, values, lo, hi, rounds, disturbed] = JSON.parse(text) as Line;
  if (![values, lo, hi, rounds].every((column) => column.length === runs.length)) throw new SyntaxError('torn columns');
  return { unit, better, runs, values, lo, hi, rounds, disturbed };
}

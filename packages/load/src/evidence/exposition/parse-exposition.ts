import { atOnce, type Steps } from '../slices.ts';
import { readLabels, skipBlanks } from './read-labels.ts';

/** One line of numbers: a metric with its labels, as it stood there. */
export interface ExpositionSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** What a program tells of itself, in the order of the text. */
export interface Exposition {
  readonly samples: readonly ExpositionSample[];
  /** By the name of the metric: `counter`, `gauge`, `histogram`, `summary` and what else a text may say. */
  readonly types: ReadonlyMap<string, string>;
  /** Lines that are neither comments nor samples. They are left out. */
  readonly malformed: number;
}

const plainName = /[a-zA-Z_:][\w:.]*/y;
const typeLine = /^#[ \t]+TYPE[ \t]+("(?:[^"\\]|\\.){0,500}"|[^ \t"]+)[ \t]+([a-z]+)[ \t]*$/;
/** As Go and OpenMetrics write numbers. */
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^([+-]?)inf(?:inity)?$/i;
const noNumber = /^nan$/i;
/** A step has no end behind so many letters, and nobody has lines like that. */
const longestStep = 100_000;

/**
 * Reads the text format of Prometheus (0.0.4) and OpenMetrics (1.0). Never throws: what cannot be read is counted. Time
 * stamps and exemplars are left out.
 */
export const parseExposition = (text: string): Exposition => atOnce(parsingExposition(text));

/**
 * The same, a line a step.
 *
 * @param isWanted of what is wanted only: others are skipped unread behind the first sample, which shows that it is such
 * a text, and lines that nobody writes are malformed
 */
export function* parsingExposition(text: string, isWanted?: (name: string) => boolean): Steps<Exposition> {
  const samples: ExpositionSample[] = [];
  const types = new Map<string, string>();
  let malformed = 0;
  for (let at = 0; at < text.length; yield) {
    const end = text.indexOf('\n', at);
    const raw = text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const start = skipBlanks(line, 0);
    if (start === line.length) continue;
    if (line[start] === '#') {
      const [, name, type] = typeLine.exec(line) ?? [];
      if (name !== undefined && type !== undefined) types.set(name.replaceAll('"', ''), type);
      continue;
    }
    if (isWanted !== undefined && samples.length > 0 && !isWanted(nameAt(line, start))) continue;
    const sample = isWanted !== undefined && line.length > longestStep ? undefined : readSample(line, start);
    if (sample === undefined) malformed += 1;
    else samples.push(sample);
  }
  return { samples, types, malformed };
}

/** The plain word that a line begins with; one in quotes stands among the labels. */
function nameAt(line: string, start: number): string {
  plainName.lastIndex = start;
  if (plainName.test(line)) return line.slice(start, plainName.lastIndex);
  return readLabels(line, start)?.name ?? '';
}

const noLabels: ReadonlyMap<string, string> = new Map();

function readSample(line: string, start: number): ExpositionSample | undefined {
  plainName.lastIndex = start;
  let name = plainName.test(line) ? line.slice(start, plainName.lastIndex) : undefined;
  let at = skipBlanks(line, name === undefined ? start : plainName.lastIndex);
  let labels = noLabels;
  if (line[at] === '{') {
    const read = readLabels(line, at);
    if (read === undefined || (read.name !== undefined && name !== undefined)) return undefined;
    name ??= read.name;
    ({ labels } = read);
    at = skipBlanks(line, read.end);
  } else if (at === plainName.lastIndex) return undefined;
  const value = readNumber(/^[^ \t]*/.exec(line.slice(at))![0]);
  return name === undefined || value === undefined ? undefined : { name, labels, value };
}

/** `1e3`, `+Inf`, `NaN`; `undefined` for anything else. */
export function readNumber(text: string): number | undefined {
  if (number.test(text)) return Number(text);
  const [, sign] = infinite.exec(text) ?? [];
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity;
  return noNumber.test(text) ? NaN : undefined;
}

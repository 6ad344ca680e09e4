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

/**
 * Reads the text format of Prometheus (0.0.4) and OpenMetrics (1.0). Never throws: what cannot be read is counted. Time
 * stamps and exemplars are left out.
 */
export function parseExposition(text: string): Exposition {
  const samples: ExpositionSample[] = [];
  const types = new Map<string, string>();
  let malformed = 0;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const start = skipBlanks(line, 0);
    if (start === line.length) continue;
    if (line[start] === '#') {
      const [, name, type] = typeLine.exec(line) ?? [];
      if (name !== undefined && type !== undefined) types.set(name.replaceAll('"', ''), type);
      continue;
    }
    const sample = readSample(line, start);
    if (sample === undefined) malformed += 1;
    else samples.push(sample);
  }
  return { samples, types, malformed };
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

import type { Exposition, ExpositionSample } from '../exposition/parse-exposition.ts';
import { signalNames, unitOf, type SignalKind, type SignalName } from './signal-table.ts';

/** A part of a signal: the sum of its times, how many there were, how many were at most so long; or its value. */
export type SignalPart = 'sum' | 'count' | 'value' | number;

/** One number that belongs to a signal, in the base unit. */
export interface SignalValue {
  readonly kind: SignalKind;
  readonly signal: string;
  /** The series: parts with the same one are reset together. */
  readonly series: string;
  readonly part: SignalPart;
  readonly value: number;
}

/** Nobody calls a metric by a longer name, and patterns take their time over those. */
const longestName = 200;

interface Base {
  readonly base: string;
  readonly suffix: string;
}

function baseOf(name: string): Base {
  const [, base = name, suffix = ''] = /^(.+)_(sum|count|bucket|total)$/.exec(name) ?? [];
  return { base, suffix };
}

/** Whether a sample of this suffix can be of this kind: a gauge has none, and a time always has one. */
const fits = (kind: SignalKind, suffix: string): boolean =>
  kind === 'time'
    ? ['sum', 'count', 'bucket'].includes(suffix)
    : kind === 'gauge'
      ? suffix === ''
      : suffix !== 'bucket';

/** What asks the server for nothing but its state: no work of the load. */
const asksForState = /^\/(?:metrics|health\w*|ready\w*|live\w*|ping)\/?$/;
const routeLabel = /^(?:\w+_)?(?:route|path|uri|handler|url|target)$/;

const isOwnWork = ({ labels }: ExpositionSample): boolean =>
  ![...labels].some(([label, value]) => routeLabel.test(label) && asksForState.test(value));

const says = ({ labels }: ExpositionSample, where: RegExp): boolean =>
  [...labels].some(([label, value]) => where.test(`${label.replaceAll('.', '_')}=${value}`));

/** Entries of the table by the name of a metric, which is one of few: patterns are tried once for each. */
const known = new Map<string, readonly number[]>();
const mostKnown = 5000;

function entriesFor(name: string): readonly number[] {
  if (name.length > longestName) return [];
  const found = known.get(name);
  if (found !== undefined) return found;
  const { base, suffix } = baseOf(name.replaceAll('.', '_'));
  const entries = signalNames.flatMap((entry, i) => (entry.name.test(base) && fits(entry.kind, suffix) ? [i] : []));
  if (known.size >= mostKnown) known.clear();
  known.set(name, entries);
  return entries;
}

function partOf({ kind }: SignalName, suffix: string, labels: ExpositionSample['labels']): SignalPart | undefined {
  if (kind !== 'time') return 'value';
  if (suffix !== 'bucket') return suffix as 'sum' | 'count';
  const bound = labels.get('le');
  return bound === undefined ? undefined : Number(bound.replace(/^\+?inf$/i, 'Infinity'));
}

/** The series that a sample belongs to: its metric with its labels, without the bound of a bucket. */
const seriesOf = (base: string, labels: ExpositionSample['labels']): string =>
  JSON.stringify([base, ...[...labels].filter(([label]) => label !== 'le').sort(([a], [b]) => (a < b ? -1 : 1))]);

/** The numbers of an exposition that are known to be signals. What is no finite number says nothing. */
export function matchSignals({ samples }: Exposition): readonly SignalValue[] {
  const matches = samples.flatMap((sample) =>
    entriesFor(sample.name)
      .filter((i) => {
        const { where } = signalNames[i]!;
        return where === undefined || says(sample, where);
      })
      .map((entry) => ({ entry, sample })),
  );
  const first = new Map<string, number>();
  for (const { entry } of matches) {
    const { signal } = signalNames[entry]!;
    first.set(signal, Math.min(first.get(signal) ?? Infinity, entry));
  }
  return matches.flatMap(({ entry, sample }) => {
    const named = signalNames[entry]!;
    if (first.get(named.signal) !== entry || !isOwnWork(sample)) return [];
    const { base, suffix } = baseOf(sample.name.replaceAll('.', '_'));
    const part = partOf(named, suffix, sample.labels);
    const scale = unitOf(base, named);
    const value = part === 'count' || typeof part === 'number' ? sample.value : sample.value * scale;
    if (part === undefined || Number.isNaN(part) || !Number.isFinite(value)) return [];
    const series = seriesOf(base, sample.labels);
    const { kind, signal } = named;
    return [{ kind, signal, series, part: typeof part === 'number' ? part * scale : part, value }];
  });
}

import type { Exposition, ExpositionSample } from '../exposition/parse-exposition.ts';
import { atOnce, type Steps } from '../slices.ts';
import { chooseMetrics, type MetricChoice, type SignalTeller } from './choose-metrics.ts';
import { declaredMetric, type DeclaredMetric } from './declared-metric.ts';
import { signalNames, unitOf, type SignalKind } from './signal-table.ts';

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

/** What a page tells. */
export interface MatchedSignals {
  readonly values: readonly SignalValue[];
  /** Where several metrics tell the same, which one was read. */
  readonly choices: readonly MetricChoice[];
}

/** Nobody calls a metric by a longer name, and patterns take their time over those. */
const longestName = 200;

/** Metrics by their names, which are few: patterns are tried once for each. */
const known = new Map<string, boolean>();
const mostKnown = 5000;

/** Whether a metric of this name may be a signal. */
export function isSignalName(name: string): boolean {
  if (name.length > longestName) return false;
  const found = known.get(name);
  if (found !== undefined) return found;
  const plain = name.replaceAll('.', '_');
  const bases = [plain, plain.replace(/_(?:sum|count|bucket|total)$/, '')];
  const isSignal = signalNames.some(({ name: pattern }) => bases.some((base) => pattern.test(base)));
  if (known.size >= mostKnown) known.clear();
  known.set(name, isSignal);
  return isSignal;
}

/** What asks the server for nothing but its state: no work of the load. */
const asksForState = /^\/(?:metrics|health\w*|ready\w*|live\w*|ping)\/?$/;
const routeLabel = /^(?:\w+_)?(?:route|path|uri|handler|url|target)$/;

const isOwnWork = ({ labels }: ExpositionSample): boolean => {
  for (const [label, value] of labels) if (asksForState.test(value) && routeLabel.test(label)) return false;
  return true;
};

const says = ({ labels }: ExpositionSample, where: RegExp): boolean =>
  [...labels].some(([label, value]) => where.test(`${label.replaceAll('.', '_')}=${value}`));

/** A metric of a page that fits some entries of the table. */
interface Fitting extends DeclaredMetric {
  readonly entries: readonly number[];
}

/** A histogram without a sum, or without a count, is none. */
function fittingMetrics(names: ReadonlySet<string>, types: Exposition['types']): ReadonlyMap<string, Fitting> {
  const fitting = new Map<string, Fitting>();
  const suffixes = new Map<string, Set<string>>();
  for (const name of names) {
    if (!isSignalName(name)) continue;
    const metric = declaredMetric(name, types);
    const entries = signalNames.flatMap(({ kind, name: pattern }, i) =>
      metric.kinds.includes(kind) && pattern.test(metric.base) ? [i] : [],
    );
    fitting.set(name, { ...metric, entries });
    suffixes.set(metric.base, (suffixes.get(metric.base) ?? new Set()).add(metric.suffix));
  }
  const isWhole = ({ base }: Fitting): boolean => suffixes.get(base)!.has('sum') && suffixes.get(base)!.has('count');
  return new Map(
    [...fitting].map(([name, metric]) => [
      name,
      { ...metric, entries: metric.entries.filter((i) => signalNames[i]!.kind !== 'time' || isWhole(metric)) },
    ]),
  );
}

interface Match {
  readonly entry: number;
  readonly sample: ExpositionSample;
  readonly metric: Fitting;
}

/** What people know it by: times by the name that their parts have in common. */
const publicName = ({ entry, sample, metric }: Match): string =>
  signalNames[entry]!.kind === 'time' ? metric.base : sample.name;

const tellerOf = (match: Match): SignalTeller => ({
  ...{ signal: signalNames[match.entry]!.signal, metric: publicName(match), entry: match.entry },
  isDetailed: ['bucket', 'total'].includes(match.metric.suffix),
});

/** The numbers of an exposition that are known to be signals. What is no finite number says nothing. */
export const matchSignals = (exposition: Exposition): MatchedSignals => atOnce(matchingSignals(exposition));

/** The same in steps. */
export function* matchingSignals({ samples, types }: Exposition): Steps<MatchedSignals> {
  const metrics = fittingMetrics(new Set(samples.map(({ name }) => name)), types);
  const matches: Match[] = [];
  const tellers = new Map<string, SignalTeller>();
  for (const sample of samples) {
    const metric = metrics.get(sample.name);
    if (metric === undefined || metric.entries.length === 0 || !isOwnWork(sample)) continue;
    for (const entry of metric.entries) {
      const { where } = signalNames[entry]!;
      if (where !== undefined && !says(sample, where)) continue;
      matches.push({ entry, sample, metric });
      tellers.set(`${entry} ${sample.name}`, tellerOf(matches.at(-1)!));
    }
    yield;
  }
  const choices = chooseMetrics([...tellers.values()]);
  const chosen = new Map(choices.map(({ signal, read }) => [signal, read]));
  const values: SignalValue[] = [];
  for (const match of matches) {
    const value = chosen.get(signalNames[match.entry]!.signal) === publicName(match) ? valueOf(match) : undefined;
    if (value !== undefined) values.push(value);
    yield;
  }
  return { values, choices: choices.filter(({ leftOut }) => leftOut.length > 0) };
}

function partOf(kind: SignalKind, suffix: string, labels: ExpositionSample['labels']): SignalPart | undefined {
  if (kind !== 'time') return 'value';
  if (suffix !== 'bucket') return suffix as 'sum' | 'count';
  const bound = labels.get('le');
  return bound === undefined ? undefined : Number(bound.replace(/^\+?inf$/i, 'Infinity'));
}

/** The series that a sample belongs to: its metric with its labels, without the bound of a bucket. */
function seriesOf(base: string, labels: ExpositionSample['labels']): string {
  const parts: string[] = [];
  for (const [label, value] of labels) if (label !== 'le') parts.push(`${label}=${JSON.stringify(value)}`);
  return `${base}{${parts.length > 1 ? parts.sort().join() : parts.join()}}`;
}

function valueOf({ entry, sample, metric: { base, suffix } }: Match): SignalValue | undefined {
  const named = signalNames[entry]!;
  const { kind, signal } = named;
  const part = partOf(kind, suffix, sample.labels);
  const scale = unitOf(base, named);
  const value = part === 'count' || typeof part === 'number' ? sample.value : sample.value * scale;
  if (part === undefined || Number.isNaN(part) || !Number.isFinite(value)) return undefined;
  const series = seriesOf(base, sample.labels);
  return { kind, signal, series, part: typeof part === 'number' ? part * scale : part, value };
}

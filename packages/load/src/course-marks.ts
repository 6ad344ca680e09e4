import {
  formatNumber,
  formatQuantity,
  collectionMark,
  type MeasurementData,
  type LongCollection,
} from '@perfkeel/core';
import { windowsOf, type Phase } from './profile/phase.ts';
import type { LoadInterval } from './record/load-series.ts';

export type Marks = NonNullable<Extract<MeasurementData, { kind: 'series' }>['marks']>;

/** More faults of a kind would hide the course that they explain. */
const mostFaults = 8;

/** What happened in a run, by time: what its profile changed, what failed, and what held up the thread that sends. */
export function courseMarks(
  series: readonly LoadInterval[],
  phases: readonly Phase[],
  collections: readonly LongCollection[] = [],
): Marks {
  const until = series.at(-1)!.end;
  return [...phaseMarks(phases), ...failureMarks(series), ...silenceMarks(series), ...collections.map(collectionMark)]
    .filter(({ at }) => at > 0 && at < until)
    .sort((a, b) => a.at - b.at);
}

/** Where phases begin, and where a warm-up ends. */
function phaseMarks(phases: readonly Phase[]): Marks {
  const single = phases.filter(({ record }) => record).length === 1;
  return windowsOf(phases).map(({ start }, i) => {
    const before = phases[i - 1];
    const { name, record } = phases[i]!;
    return { at: start, label: single && record && before ? `${before.name} ends` : name };
  });
}

/** Each stretch in which requests failed, at its begin: those with the most failures. */
const failureMarks = (series: readonly LoadInterval[]): Marks =>
  worst(
    stretches(series, ({ failed }) => failed > 0),
    (stretch) => stretch.reduce((sum, { failed }) => sum + failed, 0),
    (failed) => `${formatNumber(failed)} failed`,
  );

/** Each stretch in which somebody waited all the time and nobody got an answer: the longest ones. */
const silenceMarks = (series: readonly LoadInterval[]): Marks =>
  worst(
    stretches(
      series,
      ({ completed, failed, inFlight }, before) =>
        completed + failed === 0 && inFlight > 0 && before !== undefined && before.inFlight > 0,
    ),
    (stretch) => stretch.at(-1)!.end - stretch[0]!.start,
    (length) => `no answer for ${formatQuantity(length, 'ns')}`,
  );

type Stretch = readonly LoadInterval[];

/** Neighbours of which all are such. */
function stretches(
  series: readonly LoadInterval[],
  isSuch: (interval: LoadInterval, before: LoadInterval | undefined) => boolean,
): readonly Stretch[] {
  const found: LoadInterval[][] = [];
  let open: LoadInterval[] | undefined;
  series.forEach((interval, i) => {
    if (!isSuch(interval, series[i - 1])) open = undefined;
    else if (open) open.push(interval);
    else found.push((open = [interval]));
  });
  return found;
}

const worst = (all: readonly Stretch[], sizeOf: (stretch: Stretch) => number, words: (size: number) => string): Marks =>
  all
    .map((stretch) => ({ at: stretch[0]!.start, size: sizeOf(stretch) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, mostFaults)
    .map(({ at, size }) => ({ at, label: words(size) }));

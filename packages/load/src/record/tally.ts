import { createHistogram, type Histogram } from '@perfkeel/core';
import { failureKinds, type FailureKind } from '../failure.ts';
import { histogramBytes, SharedHistogram } from './shared-histogram.ts';

/** How often each kind of failure happened; every kind is there. */
export type FailureCounts = Readonly<Record<FailureKind, number>>;

const countNames = [
  'sent',
  'unsent',
  'sentInTime',
  'completed',
  'completedInWindow',
  'dropped',
  'bytes',
  'retried',
  'replayed',
] as const;
const timeNames = [
  'responseTime',
  'serviceTime',
  'scheduleLag',
  'connectionWait',
  'firstByte',
  'wrongAnswerTime',
] as const;
export type CountName = (typeof countNames)[number];
export type TimeName = (typeof timeNames)[number];

const places = Object.fromEntries(countNames.map((name, i) => [name, i])) as Readonly<Record<CountName, number>>;
const failurePlaces = new Map(failureKinds.map((kind, i) => [kind, countNames.length + i]));
const firstStatus = 100;
const mostStatus = 599;
const statusPlace = countNames.length + failureKinds.length;
const placeCount = statusPlace + mostStatus - firstStatus + 1;
const tallyBytes = timeNames.length * histogramBytes + placeCount * Float64Array.BYTES_PER_ELEMENT;

/**
 * Everything that is counted of one part of a run, a phase or an endpoint, on one piece of shared memory: the thread
 * that sends counts, others may read. Plain additions, since each tally has one writer.
 */
export class Tally implements Readonly<Record<TimeName, SharedHistogram>> {
  /** To be handed to another thread, and into its constructor there. */
  readonly buffer: SharedArrayBuffer;
  readonly responseTime: SharedHistogram;
  readonly serviceTime: SharedHistogram;
  readonly scheduleLag: SharedHistogram;
  readonly connectionWait: SharedHistogram;
  readonly firstByte: SharedHistogram;
  readonly wrongAnswerTime: SharedHistogram;
  readonly #counts: Float64Array;

  constructor(buffer = new SharedArrayBuffer(tallyBytes)) {
    this.buffer = buffer;
    let offset = 0;
    const next = (): SharedHistogram => {
      const histogram = new SharedHistogram(buffer, offset);
      offset += histogramBytes;
      return histogram;
    };
    this.responseTime = next();
    this.serviceTime = next();
    this.scheduleLag = next();
    this.connectionWait = next();
    this.firstByte = next();
    this.wrongAnswerTime = next();
    this.#counts = new Float64Array(buffer, offset, placeCount);
  }

  count(name: CountName, amount = 1): void {
    const place = places[name];
    this.#counts[place] = this.#counts[place]! + amount;
  }

  countFailure(kind: FailureKind): void {
    const place = failurePlaces.get(kind)!;
    this.#counts[place] = this.#counts[place]! + 1;
  }

  /** Other numbers than those of HTTP have no place of their own. */
  countStatus(status: number): void {
    if (!(status >= firstStatus && status <= mostStatus)) return;
    const place = statusPlace + status - firstStatus;
    this.#counts[place] = this.#counts[place]! + 1;
  }

  read(name: CountName): number {
    return this.#counts[places[name]]!;
  }

  failures(kind: FailureKind): number {
    return this.#counts[failurePlaces.get(kind)!]!;
  }

  get failed(): number {
    return this.#counts.subarray(countNames.length, statusPlace).reduce((sum, count) => sum + count, 0);
  }

  get statuses(): Readonly<Record<number, number>> {
    const statuses: Record<number, number> = {};
    for (let place = statusPlace; place < placeCount; place++) {
      if (this.#counts[place]! > 0) statuses[firstStatus + place - statusPlace] = this.#counts[place]!;
    }
    return statuses;
  }
}

/** What several tallies say together: the phases of a run, the same phase of several workers. Exact. */
export type Totals = Readonly<Record<CountName | 'failed', number>> &
  Readonly<Record<TimeName, Histogram>> & {
    readonly failures: FailureCounts;
    readonly statuses: Readonly<Record<number, number>>;
  };

export function sumTallies(tallies: readonly Tally[]): Totals {
  const sum = (read: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + read(tally), 0);
  const record = <K extends string, V>(names: readonly K[], value: (name: K) => V): Record<K, V> =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<K, V>;
  const statuses: Record<number, number> = {};
  for (const tally of tallies) {
    for (const [status, count] of Object.entries(tally.statuses)) {
      statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count;
    }
  }
  return {
    ...record(countNames, (name) => sum((tally) => tally.read(name))),
    ...record(timeNames, (name) => createHistogram(...tallies.map((tally) => tally[name].toData()))),
    failed: sum(({ failed }) => failed),
    failures: record(failureKinds, (kind) => sum((tally) => tally.failures(kind))),
    statuses,
  };
}

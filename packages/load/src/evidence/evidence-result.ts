import { nanos, type LongCollection, type Warning } from '@perfkeel/core';
import type { LoadResult } from '../load-result.ts';
import type { LoadInterval } from '../record/load-series.ts';
import type { Window } from '../profile/phase.ts';
import { diagnose } from './analysis/diagnose.ts';
import type { Diagnosis } from './analysis/diagnosis.ts';
import { mergeSignals, serverSignals, type ServerSignals } from './signals/server-signals.ts';
import { joinIntervals, type SignalRecorder } from './signals/signal-recorder.ts';
import type { Testimony } from './watch/witness-log.ts';

/** What a target told of itself under load, and what follows from it. */
export interface EvidenceResult {
  /** Of all that was measured; absent where nobody told anything. */
  readonly server?: ServerSignals | undefined;
  /** The same in intervals, on the same axis as those of the load. */
  readonly course: readonly ServerSignals[];
  /** The longest garbage collections of a target whose processes tell of themselves. */
  readonly pauses?: readonly LongCollection[] | undefined;
  /** What holds the target up, causes before their effects. */
  readonly diagnoses: readonly Diagnosis[];
  /** What could not be judged, and what would have to be told for it. */
  readonly unjudged: readonly string[];
  /** Where several metrics told the same, which one was read and which were not; each a phrase. */
  readonly leftOut: readonly string[];
  /** Who could not be asked, and why. */
  readonly missing: readonly string[];
}

/** Where a testimony comes from. */
export interface WitnessName {
  readonly kind: 'endpoint' | 'vitals';
  /** For people. */
  readonly name: string;
}

export type NamedTestimony = WitnessName &
  Testimony & {
    /** Its longest garbage collections. */
    readonly pauses?: readonly LongCollection[] | undefined;
  };

/** A process that starts the real one, as npm does, tells of itself as well; and of several workers one is enough. */
function busiest(programs: readonly SignalRecorder[]): SignalRecorder | undefined {
  const active = ({ intervals }: SignalRecorder): number =>
    joinIntervals(intervals)?.gains.get('loop-active')?.value ?? 0;
  return [...programs].sort((a, b) => active(b) - active(a))[0];
}

/** Below two reads nothing is known of what lies between. */
const isMute = ({ programs }: Testimony): boolean => programs.every(({ intervals }) => intervals.length === 0);

const missingOf = ({ kind, name, failure, reads, ...testimony }: NamedTestimony): readonly string[] => {
  if (!isMute({ reads, ...testimony })) return [];
  const why = failure ?? `it was read ${reads === 1 ? 'once' : `${reads} times`} only, which says nothing of a change`;
  return [kind === 'endpoint' ? `the metrics at ${name} could not be read: ${why}` : `${name} told nothing: ${why}`];
};

/** Moments that are missing, of somebody who told something at others. */
const gapsOf = ({ name, failure, reads, silences = 0, ...testimony }: NamedTestimony): readonly string[] =>
  isMute({ reads, ...testimony }) || silences === 0
    ? []
    : [`${silences} of ${reads + silences} moments, when ${name} told nothing: ${failure}`];

const leftOutOf = (intervals: SignalRecorder | undefined): readonly string[] =>
  intervals?.choices.map(({ read, leftOut }) => `${read} was read, and not ${leftOut.join(' or ')} beside it`) ?? [];

type Measured = Omit<LoadResult, 'windows' | 'evidence'>;

/** What follows from what both sides of a run saw. */
export function evidenceResult(
  testimonies: readonly NamedTestimony[],
  measured: Measured,
  window: Window,
): EvidenceResult {
  const of = (kind: WitnessName['kind']): NamedTestimony | undefined =>
    testimonies.find((testimony) => testimony.kind === kind);
  const sources = [of('vitals'), of('endpoint')].map((one) => one && busiest(one.programs));
  const [vitals, endpoint] = sources.map((source) => source?.intervals);
  const server = mergeSignals(wholeOf(vitals, window), wholeOf(endpoint, window));
  const course = courseOf(vitals, endpoint);
  const missing = testimonies.flatMap(missingOf);
  const leftOut = [...new Set(sources.flatMap(leftOutOf))];
  if (server === undefined) {
    return { course, diagnoses: [], unjudged: ['the target, which told nothing'], leftOut, missing };
  }
  const { diagnoses, unjudged } = diagnose({
    client: clientFacts(measured, window),
    ...{ server, course, roundTrip: of('endpoint')?.roundTrip, pressure: measured.health.pressure },
    doubts: measured.warnings.filter(isDoubtOfGenerator),
  });
  const { pauses } = of('vitals') ?? {};
  return {
    server,
    course,
    pauses,
    diagnoses,
    unjudged: [...unjudged, ...testimonies.flatMap(gapsOf)],
    leftOut,
    missing,
  };
}

type Intervals = SignalRecorder['intervals'] | undefined;

/**
 * What was sent last may be answered behind the end of what is measured: it counts, but how busy a target is then says
 * nothing of the load.
 */
function wholeOf(intervals: Intervals, window: Window): ServerSignals | undefined {
  const whole = intervals && joinIntervals(intervals);
  if (whole === undefined) return undefined;
  const during = joinIntervals(intervals!.filter(({ start }) => start < window.end - slack)) ?? whole;
  const { start, end, loopUtilisation, collectionShare, processors, poolWaiting } = serverSignals(during);
  return {
    ...serverSignals(whole),
    ...{ start, end, loopUtilisation, collectionShare, processors, poolWaiting },
  };
}

/** Both are asked at the same moments, and one may have been late now and then: intervals that overlap most belong together. */
function courseOf(vitals: Intervals, endpoint: Intervals): readonly ServerSignals[] {
  const inner = vitals?.map(serverSignals) ?? [];
  if (endpoint === undefined || endpoint.length === 0) return inner;
  return endpoint.map(serverSignals).map((outer) => {
    const middle = (outer.start + outer.end) / 2;
    const beside = inner.find(({ start, end }) => start <= middle && middle <= end);
    return mergeSignals(beside, outer)!;
  });
}

const isDoubtOfGenerator = ({ code, forbids }: Warning): boolean =>
  forbids !== undefined && (/^generator-/.test(code) || code === 'machine-busy' || code === 'out-of-ports');

const clientFacts = ({ serviceTime, connectionWait, series, failed, failures }: Measured, window: Window) => ({
  requests: serviceTime.count,
  ...{ failed, failures },
  mean: nanos(Math.max(serviceTime.mean - (connectionWait.count > 0 ? connectionWait.mean : 0), 0)),
  min: nanos(serviceTime.min),
  p50: nanos(serviceTime.quantile(0.5)),
  p99: nanos(serviceTime.quantile(0.99)),
  course: series.filter((interval) => isWithin(interval, window)),
});

/** Timers are not exact. */
const slack = 0.1e9;

const isWithin = ({ start, end }: LoadInterval, window: Window): boolean =>
  start >= window.start - slack && end <= window.end + slack && end - start > slack;

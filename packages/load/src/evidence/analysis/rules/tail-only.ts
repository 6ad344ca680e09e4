import { formatNumber, formatQuantity, nanos, nanosFromMs } from '@perfkeel/core';
import { sparseQuantile } from '../../../record/sparse-histogram.ts';
import type { ServerSignals, ServerTimes } from '../../signals/server-signals.ts';
import type { Analyser } from '../diagnosis.ts';
import { isCrowded, type Facts } from '../facts.ts';

/** In nanoseconds, times and shares. */
const limits = {
  requests: 100,
  /** What p99 is above p50, and how many times as much. */
  above: nanosFromMs(50),
  times: 10,
  /** So much above p50, on a machine whose programs wait for processors, nobody waits for one. */
  aboveWaiting: nanosFromMs(200),
  /** Of what p99 is above p50: had the machine held up the target, its event loop would have been late, too. */
  late: 0.25,
  /** Of what p99 is above p50, in what the target tells: the same there. */
  same: 0.5,
  /** A course has moments from so many intervals on, and they are moments up to that share of it. */
  intervals: 6,
  moments: 1 / 3,
  /** Times as much time went into collections then, and that share of it at least. */
  moreCollecting: 3,
  collecting: 0.05,
} as const;

/** What the slowest requests took longer than the usual one; nothing where that is little. */
function tailOf({ client: { requests, p50, p99 } }: Facts): number | undefined {
  const tail = p99 - p50;
  return requests >= limits.requests && tail >= limits.above && p99 >= limits.times * p50 ? tail : undefined;
}

/** A machine with too few processors holds up one request or the other, whatever the target does. */
function mayBeTheMachine(facts: Facts, tail: number): boolean {
  const late = facts.server.loopDelay?.p99 ?? Infinity;
  return isCrowded(facts) && !(tail >= limits.aboveWaiting && late <= limits.late * tail);
}

/** What may hold up some requests and not the others, causes first. */
const suspects: readonly (readonly [keyof ServerSignals, what: string])[] = [
  ['collections', 'collections of garbage took'],
  ['loopDelay', 'what was due in the event loop waited'],
  ['poolWait', 'work waited for a pooled connection'],
  ['cacheMissTimes', 'misses of the cache took'],
  ['queries', 'queries took'],
  ['handling', 'its handlers took'],
];

const time = (ns: number): string => formatQuantity(ns, 'ns');

/** The first thing that is as uneven as the requests are. */
function suspicion({ server }: Facts, tail: number): string | undefined {
  for (const [signal, what] of suspects) {
    const { p50, p99 } = (server[signal] ?? {}) as Partial<ServerTimes>;
    if (p50 === undefined || p99 === undefined) continue;
    if (p99 >= limits.same * tail && p50 < limits.same * tail) {
      return `so it was inside of the target, where ${what} ${time(p99)} at p99, and ${time(p50)} at p50`;
    }
  }
  return undefined;
}

interface Moments {
  readonly slow: readonly { readonly start: number; readonly end: number }[];
  readonly of: number;
}

/** Intervals in which the slowest requests lie, when they are few of all. */
function slowMoments({ client: { course, p50 } }: Facts, tail: number): Moments | undefined {
  const told = course.filter(({ responseTime }) => responseTime.count > 0);
  const slow = told.filter(({ responseTime }) => sparseQuantile(responseTime, 0.99) >= p50 + limits.same * tail);
  const areMoments = told.length >= limits.intervals && slow.length > 0 && slow.length <= limits.moments * told.length;
  return areMoments ? { slow, of: told.length } : undefined;
}

/** The distance of moments that come again and again after the same time. */
function periodOf({ slow }: Moments): number | undefined {
  const starts = slow.filter(({ start }, i) => i === 0 || start > slow[i - 1]!.end).map(({ start }) => start);
  const distances = starts.slice(1).map((start, i) => start - starts[i]!);
  const [least, most] = [Math.min(...distances), Math.max(...distances)];
  const length = slow[0]!.end - slow[0]!.start;
  return distances.length >= 2 && most - least <= 1.5 * length ? (least + most) / 2 : undefined;
}

function momentWords(moments: Moments | undefined): string {
  if (moments === undefined) return '';
  const period = periodOf(moments);
  const often = period === undefined ? '' : `, every ${time(Math.round(period / 1e9) * 1e9)}`;
  return `, in ${formatNumber(moments.slow.length)} of ${formatNumber(moments.of)} intervals${often}`;
}

/** Whether much was collected at those moments, and not at the others. */
function collectedThen({ course }: Facts, { slow }: Moments): string | undefined {
  const isThen = (told: ServerSignals): boolean => slow.some(({ start, end }) => told.start < end && told.end > start);
  const meanOf = (all: readonly ServerSignals[]): number =>
    all.reduce((sum, { collectionShare = 0 }) => sum + collectionShare, 0) / Math.max(all.length, 1);
  const [then, usually] = [meanOf(course.filter(isThen)), meanOf(course.filter((told) => !isThen(told)))];
  return then >= limits.collecting && then >= limits.moreCollecting * usually
    ? `then collecting garbage took ${formatQuantity(Math.min(then, 1), 'ratio')} of the time of the target, and ${formatQuantity(usually, 'ratio')} else`
    : undefined;
}

/** Whether only the slowest requests are slow, by whatever. */
export const isOfTheSlowest = (facts: Facts): boolean => {
  const tail = tailOf(facts);
  return tail !== undefined && suspicion(facts, tail) !== undefined;
};

const hasBuckets = ({ server }: Facts): boolean =>
  suspects.some(([signal]) => (server[signal] as ServerTimes | undefined)?.p99 !== undefined);

/** Nearly all requests are quick, and some few are not, by something that the target knows of. */
export const tailOnly: Analyser = {
  id: 'tail-only',
  causes: [],
  lacks(facts) {
    const tail = tailOf(facts);
    if (tail === undefined) return undefined;
    if (!hasBuckets(facts)) {
      return 'what the slowest requests waited for (histograms with buckets, such as http_request_duration_seconds)';
    }
    return mayBeTheMachine(facts, tail)
      ? 'what the slowest requests waited for, on a machine whose programs wait for processors'
      : undefined;
  },
  examine(facts) {
    const tail = tailOf(facts);
    if (tail === undefined || mayBeTheMachine(facts, tail)) return undefined;
    const moments = slowMoments(facts, tail);
    const why = suspicion(facts, tail) ?? (moments && collectedThen(facts, moments));
    if (why === undefined) return undefined;
    const { p50, p99, mean } = facts.client;
    return {
      cost: nanos(Math.max(mean - p50, 0)),
      certainty: 'likely',
      evidence: `half of the requests took ${time(p50)} at most, and one in a hundred ${time(p99)} or longer${momentWords(moments)}; ${why}`,
      remedies: [
        'Look at what the slowest requests have in common: their route, their data, their moment.',
        'See what runs beside requests now and then: timers, flushes to a disk, refills of a cache, collections of garbage.',
      ],
    };
  },
};

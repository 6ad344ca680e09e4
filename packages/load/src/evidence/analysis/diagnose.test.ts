import { cellOf, nanos, type Nanos, type Warning } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { failureKinds } from '../../failure.ts';
import type { LoadInterval } from '../../record/load-series.ts';
import { sparseHistogram } from '../../record/sparse-histogram.ts';
import type { FailureCounts } from '../../record/tally.ts';
import type { ServerSignals, ServerTimes } from '../signals/server-signals.ts';
import { diagnose } from './diagnose.ts';
import type { DiagnosisId } from './diagnosis.ts';
import type { Facts } from './facts.ts';

const ms = (value: number): Nanos => nanos(value * 1e6);
const times = (count: number, mean: number, p50?: number, p99?: number): ServerTimes => ({
  ...{ count, mean: ms(mean), total: ms(count * mean) },
  ...(p50 === undefined ? {} : { p50: ms(p50) }),
  ...(p99 === undefined ? {} : { p99: ms(p99) }),
});
const failures = (some: Partial<FailureCounts>): FailureCounts =>
  ({ ...Object.fromEntries(failureKinds.map((kind) => [kind, 0])), ...some }) as FailureCounts;

/** A second of a server that is well: 100 requests of 6 ms. */
const well: ServerSignals = {
  start: ms(0),
  end: ms(1000),
  handling: times(100, 5),
  poolWait: times(100, 0.1),
  poolWaiting: { mean: 0, max: 1 },
  poolSize: 20,
  queries: times(100, 3),
  cacheHits: 95,
  cacheMisses: 5,
  cacheMissTimes: times(5, 4),
  collections: times(12, 1),
  collectionShare: 0.012,
  loopDelay: times(50, 0.5, 0.4),
  loopUtilisation: 0.2,
  loopActive: ms(200),
  retries: 0,
};

interface Changes {
  readonly client?: Partial<Facts['client']>;
  readonly server?: Partial<ServerSignals>;
  readonly roundTrip?: Nanos;
  readonly pressure?: number;
  readonly course?: readonly ServerSignals[];
  readonly doubts?: readonly Warning[];
}

const facts = ({ client, server, course = [], doubts = [], roundTrip = ms(2), pressure }: Changes = {}): Facts => ({
  client: {
    ...{ requests: 100, mean: ms(6), min: ms(1), p50: ms(5), p99: ms(20) },
    ...{ failed: 0, failures: failures({}), course: [], ...client },
  },
  server: { ...well, ...server },
  ...{ course, doubts, roundTrip, pressure },
});
const slow = { mean: ms(800) };
const untold = { loopUtilisation: undefined, loopActive: undefined, loopDelay: undefined };

const growing: readonly LoadInterval[] = [5, 20, 40, 60, 80, 100].map(
  (inFlight, i) =>
    ({
      start: ms(i * 1000),
      end: ms(i * 1000 + 1000),
      completed: 40,
      failed: 0,
      inFlight,
    }) as Partial<LoadInterval> as LoadInterval,
);

/** Seconds in which 40 requests ended each: so many of them failed, and the slowest took so long. */
const seconds = (failed: readonly number[], slowest: readonly number[] = []): readonly LoadInterval[] =>
  failed.map((count, i) => ({
    ...{ start: ms(i * 1000), end: ms(i * 1000 + 1000), sent: 40, completed: 40 - count, failed: count },
    ...{ inFlight: 2, eventLoopUtilisation: 0.1, scheduleLag: sparseHistogram([]) },
    responseTime: sparseHistogram([
      [cellOf(4e6), 38],
      [cellOf((slowest[i] ?? 9) * 1e6), 2],
    ]),
  }));
/** What the server told of each of twelve seconds, where nothing else is said. */
const told = (changes: Readonly<Record<number, Partial<ServerSignals>>>): readonly ServerSignals[] =>
  Array.from({ length: 12 }, (_, i) => ({ ...well, ...changes[i], start: ms(i * 1000), end: ms(i * 1000 + 1000) }));
const calm = Array.from({ length: 12 }, () => 0);
const burst = { failed: 45, failures: failures({ status: 40, reset: 5 }), requests: 480 };
const broken = seconds([0, 0, 1, 0, 24, 18, 0, 0, 1, 0, 1, 0]);
const uneven = { requests: 480, mean: ms(24), p50: ms(4), p99: ms(400) };
const flushes = [9, 400, 9, 9, 9, 410, 9, 9, 9, 390, 9, 9];

describe('one thing that is wrong is what is found first', () => {
  it.each<[string, Changes, DiagnosisId, RegExp]>([
    [
      'garbage',
      {
        client: { mean: ms(80) },
        server: {
          collections: times(300, 1),
          collectionShare: 0.3,
          loopUtilisation: 0.97,
          loopActive: ms(970),
          heap: 84e6,
        },
      },
      'gc-pressure',
      /^collecting garbage took 30 % of the time of the target: 300 collections of 1 ms on average, with a heap of 84 MB$/,
    ],
    [
      'requests that hold up the loop, though it has time left',
      { client: { mean: ms(18) }, server: { handling: times(30, 16), loopActive: ms(450), loopUtilisation: 0.45 } },
      'event-loop-blocked',
      /^each request held up the event loop for 15 ms on average, of 18 ms that it took altogether; the loop was busy 45 % of the time$/,
    ],
    [
      'a loop without rest, whose own timers say that queries are slow',
      {
        client: slow,
        server: {
          ...untold,
          loopUtilisation: 0.99,
          handling: times(60, 700),
          queries: times(60, 600),
          poolWait: times(60, 50),
        },
      },
      'event-loop-blocked',
      /^the event loop was busy 99 % of the time$/,
    ],
    [
      'clients that wait while no handler works',
      { client: slow, server: { ...untold, handling: times(60, 16) } },
      'event-loop-blocked',
      /^clients waited 800 ms on average, but only 16 ms of it in a handler/,
    ],
    [
      'metrics that come late',
      { server: { ...untold, handling: undefined }, roundTrip: ms(120) },
      'event-loop-blocked',
      /^even the page of metrics took 120 ms to come/,
    ],
    [
      'a pool that is too small',
      {
        client: slow,
        server: {
          handling: times(100, 790),
          poolWait: times(100, 750),
          poolWaiting: { mean: 40, max: 90 },
          poolSize: 2,
          queries: times(100, 35),
        },
      },
      'pool-exhausted',
      /^work waited 750 ms on average for one of 2 pooled connections \(up to 90 at once\), while a query took 35 ms$/,
    ],
    [
      'a pool whose queue is known and no more',
      {
        client: slow,
        server: {
          handling: times(100, 790),
          poolWait: undefined,
          poolWaiting: { mean: 40, max: 90 },
          poolSize: undefined,
          queries: undefined,
        },
      },
      'pool-exhausted',
      /^work waited 400 ms on average for a pooled connection \(up to 90 at once\)$/,
    ],
    [
      'a slow query',
      { client: { mean: ms(50) }, server: { handling: times(100, 48), queries: times(100, 42) } },
      'slow-queries',
      /^a query took 42 ms on average, and queries were 87.5 % of the time of requests$/,
    ],
    [
      'a query for each row',
      { client: { mean: ms(50) }, server: { handling: times(100, 48), queries: times(2000, 2) } },
      'many-queries',
      /^each request made 20 queries of 2 ms: 83.3 % of its time$/,
    ],
    [
      'a cache that does nothing',
      {
        client: { mean: ms(120) },
        server: { handling: times(100, 119), cacheHits: undefined, cacheMisses: 90, cacheMissTimes: times(90, 110) },
      },
      'cache-ineffective',
      /^the cache answered 0 % of the reads, below 70 %; each of 90 misses took 110 ms on average$/,
    ],
    [
      'a cache that is cold',
      {
        client: { mean: ms(60) },
        server: { handling: times(100, 59), cacheHits: 60, cacheMisses: 40, cacheMissTimes: times(40, 110) },
        course: [{ ...well, cacheHits: 0, cacheMisses: 33 }, well, well],
      },
      'cold-cache',
      /^the cache answered 60 % of the reads.* nearly all of them at the beginning$/,
    ],
    [
      'transactions that collide',
      { server: { retries: 400 } },
      'serialization-retries',
      /tried again 4 times a request/,
    ],
    [
      'processors, of a program that is not Node',
      { client: slow, server: { ...untold, handling: undefined, processors: 1.98 }, roundTrip: ms(2) },
      'cpu-saturated',
      /^the target kept 1.98 processors busy on average$/,
    ],
    [
      'something that nobody knows',
      { client: { mean: ms(900), course: growing }, server: { handling: times(100, 899) } },
      'saturated',
      /^requests under way grew from 12.5 to 90, while 40\/s got done after 40\/s at the beginning/,
    ],
    [
      'failures that come together',
      { client: { ...burst, course: broken } },
      'error-burst',
      /^42 of 45 failures came within 2 s, from 4 s on: 52.5 % of what ended then, mostly as status$/,
    ],
    [
      'failures beside a restart',
      { client: { ...burst, course: broken }, course: told({ 5: { restarted: true } }) },
      'error-burst',
      /; what the target counts began again at zero then: it was restarted$/,
    ],
    [
      'failures beside a pool that was empty for a moment',
      { client: { ...burst, course: broken }, course: told({ 4: { poolWaiting: { mean: 9, max: 30 } } }) },
      'error-burst',
      /; work waited for pooled connections then, and at no other time$/,
    ],
    [
      'failures that took as long as anybody waits: the tail is theirs',
      { client: { ...uneven, ...burst, course: broken }, server: { handling: times(480, 20, 3, 500) } },
      'error-burst',
      /^42 of 45 failures/,
    ],
    [
      'a few queries that take long',
      { client: uneven, server: { queries: times(480, 12, 2, 380), handling: times(480, 22, 3, 390) } },
      'tail-only',
      /^half of the requests took 4 ms at most, and one in a hundred 400 ms or longer; so it was inside of the target, where queries took 380 ms at p99, and 2 ms at p50$/,
    ],
    [
      'a few queries that take so long that the mean of all is slow',
      { client: uneven, server: { queries: times(480, 23, 2, 420), handling: times(480, 24, 3, 430) } },
      'tail-only',
      /where queries took 420 ms at p99, and 2 ms at p50$/,
    ],
    [
      'the same on a crowded machine, where the loop was never as late as these were',
      {
        client: uneven,
        server: { queries: times(480, 23, 2, 420), handling: times(480, 24, 3, 430), loopDelay: times(40, 8, 4, 60) },
        pressure: 0.9,
      },
      'tail-only',
      /where queries took 420 ms at p99, and 2 ms at p50$/,
    ],
    [
      'something that holds up the loop now and then',
      {
        client: { ...uneven, course: seconds(calm, flushes) },
        server: { loopDelay: times(400, 8, 0.4, 380), handling: times(480, 22, 3, 390) },
      },
      'tail-only',
      /^half .* longer, in 3 of 12 intervals, every 4 s; so it was inside of the target, where what was due in the event loop waited 380 ms at p99/,
    ],
    [
      'collections, at the moments that were slow',
      {
        client: { ...uneven, course: seconds(calm, flushes) },
        course: told({ 1: { collectionShare: 0.4 }, 5: { collectionShare: 0.42 }, 9: { collectionShare: 0.38 } }),
      },
      'tail-only',
      /, in 3 of 12 intervals, every 4 s; then collecting garbage took 40 % of the time of the target, and 1.2 % else$/,
    ],
  ])('%s', (_, changes, id, sentence) => {
    const { diagnoses } = diagnose(facts(changes));
    expect(diagnoses[0]?.evidence).toMatch(sentence);
    expect(diagnoses.map((diagnosis) => diagnosis.id)).toEqual([id]);
    expect(diagnoses[0]!.remedies.length).toBeGreaterThan(0);
    expect(diagnoses[0]!.cost).toBeLessThanOrEqual(facts(changes).client.mean);
  });
});

describe('nothing is found', () => {
  it.each<[string, Changes]>([
    ['in a server that is well', {}],
    [
      'in one that is far away: the way is in every request',
      { client: { mean: ms(95), min: ms(90) }, server: untold, roundTrip: ms(95) },
    ],
    [
      'by collections that had to wait for a processor, like everything else on a crowded machine',
      { server: { collectionShare: 0.13, loopUtilisation: 0.8, processors: 0.2 }, pressure: 0.9 },
    ],
    ['by times on a busy machine, when the loop itself is calm', { client: { mean: ms(60) }, roundTrip: ms(40) }],
    [
      'in a cache that is off for what costs nothing',
      { server: { cacheHits: 0, cacheMisses: 100, cacheMissTimes: times(100, 0.1) } },
    ],
    [
      'in a wait of one for one connection',
      { client: { mean: ms(40) }, server: { handling: times(100, 39), poolWait: times(3, 30) } },
    ],
    ['in a few failures', { client: { failed: 4, course: seconds([0, 0, 2, 2, 0, 0, 0]) } }],
    ['in failures all along, which no moment explains', { client: { ...burst, course: seconds(calm.map(() => 4)) } }],
    ['in failures of a run too short to have a course', { client: { ...burst, course: seconds([0, 20, 0]) } }],
    [
      'in a tail on a machine that holds up anybody',
      { client: uneven, server: { queries: times(480, 23, 2, 420) }, pressure: 0.4 },
    ],
    [
      'in a tail on such a machine whose loop was late, too',
      {
        client: uneven,
        server: { queries: times(480, 23, 2, 420), loopDelay: times(40, 20, 4, 150) },
        pressure: 0.4,
      },
    ],
    [
      'in a tail on such a machine that is as long as processors are waited for',
      {
        client: { ...uneven, p99: ms(180) },
        server: { queries: times(480, 12, 2, 170), loopDelay: times(40, 8, 4, 20) },
        pressure: 0.4,
      },
    ],
    ['in a tail that the target knows nothing of', { client: uneven, server: { handling: times(480, 5, 3, 9) } }],
    [
      'in a tail of which only the buckets know, since all of them are as slow',
      { client: { ...uneven, p50: ms(300) }, server: { queries: times(480, 12, 2, 380) } },
    ],
    ['where clients set the pace', { client: { course: growing.map((each) => ({ ...each, inFlight: 8 })) } }],
  ])('%s', (_, changes) => {
    expect(diagnose(facts(changes)).diagnoses).toEqual([]);
  });

  it.each<[string, Changes, RegExp]>([
    [
      'when the generator was at its end',
      {
        client: slow,
        server: { queries: times(100, 700) },
        doubts: [{ code: 'generator-behind', message: 'only 50 % were sent', forbids: 'verdict' }],
      },
      /^the target, since only 50 % were sent$/,
    ],
    [
      'from a handful of requests',
      { client: { ...slow, requests: 5 }, server: { queries: times(5, 700) } },
      /^the target by 5 requests: it takes 20$/,
    ],
  ])('%s, and that is said', (_, changes, words) => {
    expect(diagnose(facts(changes))).toEqual({ diagnoses: [], unjudged: [expect.stringMatching(words)] });
  });
});

it('what is found in spite of a doubt is possible', () => {
  const doubts: Warning[] = [{ code: 'generator-late', message: 'late', forbids: 'fail' }];
  const { diagnoses } = diagnose(
    facts({ client: { mean: ms(50) }, server: { handling: times(100, 48), queries: times(100, 42) }, doubts }),
  );
  expect(diagnoses).toMatchObject([{ id: 'slow-queries', certainty: 'possible' }]);
});

it('what could not be judged is listed, with what would have to be told', () => {
  const nothing = Object.fromEntries(Object.keys(well).map((key) => [key, undefined])) as Partial<ServerSignals>;
  const bare = { ...facts(), server: { ...nothing, start: ms(0), end: ms(1000) }, roundTrip: undefined };
  const { diagnoses, unjudged } = diagnose(bare);
  expect(diagnoses).toEqual([]);
  expect(unjudged.map((phrase) => phrase.replace(/ \(.*/, ''))).toEqual([
    ...['garbage collection', 'the event loop', 'waiting for connections', 'queries', 'the cache'],
  ]);
  const blunt = { handling: times(480, 20), loopDelay: undefined };
  expect(diagnose(facts({ client: uneven, server: blunt })).unjudged).toEqual([
    'what the slowest requests waited for (histograms with buckets, such as http_request_duration_seconds)',
  ]);
  const crowded = { client: uneven, server: { queries: times(480, 23, 2, 420) }, pressure: 0.4 };
  expect(diagnose(facts(crowded)).unjudged).toEqual([
    'what the slowest requests waited for, on a machine whose programs wait for processors',
  ]);
  expect(diagnose(facts({ server: { cacheMissTimes: undefined } })).unjudged).toEqual([
    'what misses of the cache cost (a histogram such as cache_miss_duration_seconds)',
  ]);
});

import { nanos, type Nanos, type Warning } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import type { LoadInterval } from '../../record/load-series.ts';
import type { ServerSignals, ServerTimes } from '../signals/server-signals.ts';
import { diagnose } from './diagnose.ts';
import type { DiagnosisId } from './diagnosis.ts';
import type { Facts } from './facts.ts';

const ms = (value: number): Nanos => nanos(value * 1e6);
const times = (count: number, mean: number, p50?: number): ServerTimes => ({
  ...{ count, mean: ms(mean), total: ms(count * mean) },
  ...(p50 === undefined ? {} : { p50: ms(p50) }),
});

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
  client: { requests: 100, mean: ms(6), min: ms(1), course: [], ...client },
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
  expect(diagnose(facts({ server: { cacheMissTimes: undefined } })).unjudged).toEqual([
    'what misses of the cache cost (a histogram such as cache_miss_duration_seconds)',
  ]);
});
